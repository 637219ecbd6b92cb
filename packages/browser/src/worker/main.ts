// The worker of a page: takes requests one by one. It has nothing of Node's; the build puts packages and types into it.
import type { Asked, Told } from "../messages.js";
import { installConsole } from "./console.js";
import { watch } from "./loops.js";
import { Session } from "./session.js";

// Taken once: a cell may replace it.
const post = globalThis.postMessage.bind(globalThis) as (told: Told) => void;
const session = new Session(post);

installConsole((name, text) => session.print(name, text));
const cannotAsk = (name: string) => () => {
  throw new Error(`${name}: a cell in a page cannot ask in its middle. Write the answer into the cell.`);
};
const { setTimeout, setInterval } = globalThis;
type Timer = (work: unknown, ...rest: unknown[]) => number;
/** The platform's timer, with its output below the cell that has set it. */
const ofCell =
  (timer: Timer): Timer =>
  (work, ...rest) =>
    timer(typeof work === "function" ? session.ofThisCell(work as () => unknown) : work, ...rest);
Object.assign(globalThis, {
  prompt: cannotAsk("prompt"),
  confirm: cannotAsk("confirm"),
  alert: (message?: unknown) => session.print("stdout", `${message}\n`),
  setTimeout: ofCell(setTimeout as Timer),
  setInterval: ofCell(setInterval as Timer),
  // For em-kernel's display, updateDisplay and clearOutput; the name follows Deno's `Deno.jupyter.broadcast`.
  [Symbol.for("Jupyter.broadcast")]: session.publish.bind(session),
});

addEventListener("error", (event) => {
  event.preventDefault();
  session.uncaught(event.error);
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  session.uncaught(event.reason);
});

async function answer(asked: Asked): Promise<void> {
  if (asked.do === "run") await session.run(asked.run, asked.code);
  else if (asked.do === "know") session.know(asked.codes);
  else if (asked.do === "ask") post({ tell: "answer", ask: asked.ask, answer: session.answer(asked.question) });
}

let work = Promise.resolve();
addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  if (data.do === "begin" || data.do === "flag") watch(data.flag);
  else if (data.do === "interrupt") session.interrupt();
  else work = work.then(() => answer(data)).catch((error) => session.uncaught(error));
});
post({ tell: "ready" });
