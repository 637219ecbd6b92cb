// A Jupyter kernel for TypeScript: `node main.js <connection file>`.
//
// It stands in the place of tslab's own, which shows wrong values of names that later cells assign, hides errors, skips
// cells after one, loses output, lets rejected promises pass and cannot always be interrupted (README.md lists each fault).
// The sockets belong to a thread of their own (wire.ts); this thread runs the cells (session.ts).
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { answersForWire } from "./asking.js";
import { uninterrupted } from "./interruptible.js";
import type { Command, Request } from "./message.js";
import { writeToTerminal } from "./output.js";
import { installReadableTraces } from "./traces.js";

const wire = new Worker(join(__dirname, "wire.js"), {
  workerData: { connectionFile: process.argv[2], answers: answersForWire },
  transferList: [answersForWire.port],
});
const send = (command: Command): void => wire.postMessage(command);

class ProcessExitError extends Error {
  override name = "ProcessExitError";
}

const exit = process.exit.bind(process);
process.exit = (code) => {
  throw new ProcessExitError(
    `a cell called process.exit(${code ?? ""}); to end the kernel, shut it down or restart it`,
  );
};
wire.on("error", (error) => {
  writeToTerminal(`kernel: ${error.stack}\n`);
  exit(1);
});
installReadableTraces();

// The wire thread binds its sockets and answers the first kernel_info_request while this thread loads the compiler.
uninterrupted(() => {
  const { Session } = require("./session.js") as typeof import("./session.js");
  const session = new Session(send);
  // No listeners, which a cell could remove. Those of a cell are called as if there was nothing before them.
  process.setUncaughtExceptionCaptureCallback((error) =>
    uninterrupted(() => {
      const listeners = process.listeners("uncaughtException");
      for (const listener of listeners) listener(error, "uncaughtException");
      if (listeners.length === 0) session.uncaught(error);
    }),
  );
  process.on("unhandledRejection", (error) =>
    uninterrupted(() => process.listenerCount("unhandledRejection") === 1 && session.uncaught(error)),
  );
  process.on("SIGINT", () => session.interrupt());
  wire.on("message", (event: Request | "exit") => {
    if (event === "exit") exit(0);
    else uninterrupted(() => session.receive(event));
  });
  send({ do: "ready" });
});
