// The wire thread: owns the sockets, so that heartbeat, interrupt and shutdown work while a cell keeps the main thread
// busy, and so that no output is lost. Replaces ZmqServer of tslab, which sends from the busy thread without waiting:
// zeromq refuses the 513th such message.
import { readFileSync, writeSync } from "node:fs";
import { Session } from "node:inspector";
import { setTimeout as delay } from "node:timers/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { Reply, Router, XPublisher } from "zeromq";
import type { Answer, Answers } from "./asking.js";
import { kernelInfo } from "./info.js";
import type { Channel, Command, Frame, Header, Printed, Request } from "./message.js";
import { decode, encode } from "./message.js";

const { connectionFile, answers } = workerData as { connectionFile: string; answers: Answers };
const connection = JSON.parse(readFileSync(connectionFile, "utf8"));
const key: string = connection.key;
const main = parentPort as MessagePort;

/** Named as the connection file names their ports. */
const sockets = {
  iopub: new XPublisher({ linger: 0, sendHighWaterMark: 0, verbosity: "allSubs" }), // 0: else what exceeds it is dropped
  shell: new Router({ linger: 0, sendHighWaterMark: 0 }),
  control: new Router({ linger: 0, sendHighWaterMark: 0 }),
  stdin: new Router({ linger: 0 }),
  hb: new Reply({ linger: 0 }),
};

// One line for all sends: each awaits the one before, and a reply never overtakes the output that belongs before it.
let sent: Promise<void> = Promise.resolve();
function send(socket: "iopub" | Channel, frames: Frame[]): void {
  // A client that is gone cannot be answered: nothing to be done about it.
  sent = sent.then(() => sockets[socket].send(frames)).catch(() => {});
}

const publish = (type: string, content: string, parent: Header | undefined): void =>
  send("iopub", encode(type, content, parent, [type], key));
const status = (state: string, parent?: Header): void =>
  publish("status", JSON.stringify({ execution_state: state }), parent);

/** Replies, where there is something to reply, and says that the request is done. */
function finish({ channel, identities, header }: Request, content: string | undefined): void {
  const type = header.msg_type.replace("_request", "_reply");
  if (content !== undefined) send(channel, encode(type, content, header, identities, key));
  status("idle", header);
}

/** Printed and not yet sent: writes that come close together are sent as one message. */
let printed: Printed | undefined;

/**
 * Milliseconds that a print waits for the next. While a cell runs as many as in IPython's kernel, so that a cell which is done
 * sooner leaves one output, each time it runs.
 */
const wait = () => (busy ? 200 : 20);

function print(more: Printed): void {
  if (printed?.name !== more.name || printed.parent?.msg_id !== more.parent?.msg_id) sendPrinted();
  if (!printed) setTimeout(sendPrinted, wait());
  printed = { ...more, text: (printed?.text ?? "") + more.text };
  if (printed.text.length > 1e6) sendPrinted();
}

function sendPrinted(): void {
  if (!printed) return;
  const { name, text, parent } = printed;
  printed = undefined;
  publish("stream", JSON.stringify({ name, text }), parent);
}

/** Whether the main thread has loaded what runs cells, and whether it is at work on a request. */
let loaded = false;
let busy = false;
main.on("message", (command: Command) => {
  if (command.do === "print") return print(command);
  sendPrinted();
  if (command.do === "publish") publish(command.type, command.content, command.parent);
  else if (command.do === "ask") ask(command);
  else if (command.do === "begin") {
    busy = true;
    status("busy", command.request.header);
  } else if (command.do === "finish") {
    busy = false;
    finish(command.request, command.content);
  } else loaded = true;
});

/** Whether the main thread waits for an answer. */
let asking = false;

/** Asks the page that has sent the request. */
function ask({ request, prompt, password }: Extract<Command, { do: "ask" }>): void {
  asking = true;
  const content = JSON.stringify({ prompt, password });
  send("stdin", encode("input_request", content, request.header, request.identities, key));
}

function passAnswer(answer: Answer): void {
  if (!asking) return;
  asking = false;
  answers.port.postMessage(answer);
  Atomics.store(answers.arrived, 0, 1);
  Atomics.notify(answers.arrived, 0);
}

/** Answers here what must not wait for the main thread, and passes on the rest. */
function receive(channel: Channel, frames: Uint8Array[]): void {
  let request: Request;
  try {
    request = decode(channel, frames, key);
  } catch (error) {
    writeSync(2, `kernel: a message on ${channel} was refused: ${(error as Error).message}\n`);
    return;
  }
  const type = request.header.msg_type;
  if (type === "input_reply") passAnswer({ text: String(request.content.value ?? "") });
  else if (type === "interrupt_request") {
    passAnswer({ text: undefined });
    interrupted = interrupted.then(() => interrupt(request));
  } else if (type === "shutdown_request") {
    const content = { restart: request.content.restart === true };
    answer(request, content);
    // For the other clients.
    publish("shutdown_reply", JSON.stringify({ status: "ok", ...content }), request.header);
    void exit();
  } else if (type === "kernel_info_request" && channel === "control") answerAtOnce(request, kernelInfo());
  else if (type === "kernel_info_request" && !loaded) answer(request, kernelInfo());
  else main.postMessage(request);
}

/** Answers in the middle of another request: to say "idle" afterwards would be wrong, to all pages. */
function answerAtOnce(request: Request, content: object): void {
  const { channel, identities, header } = request;
  const type = header.msg_type.replace("_request", "_reply");
  if (!busy) answer(request, content);
  else send(channel, encode(type, JSON.stringify({ status: "ok", ...content }), header, identities, key));
}

function answer(request: Request, content: object): void {
  status("busy", request.header);
  finish(request, JSON.stringify({ status: "ok", ...content }));
}

// One interrupt after the other: a second one's call would be what the first one ends.
let interrupted: Promise<void> = Promise.resolve();

/** Calls the session's interrupt on the main thread, wherever that is, in the middle of a loop too, until all has ended. */
async function interrupt(request: Request): Promise<void> {
  const inspector = new Session();
  inspector.connectToMainThread();
  for (let times = 0; ; await delay(5)) {
    const call = { expression: `globalThis.__kernel__?.interrupt?.(${times})`, returnByValue: true };
    const reply = await new Promise<{ result: { type: string; value?: unknown } } | undefined>((resolve) =>
      inspector.post("Runtime.evaluate", call, (_, reply) => resolve(reply as never)),
    );
    if (reply?.result.value === true) break;
    if (reply?.result.type !== "undefined") times++; // else the compiler is still loading
  }
  inspector.disconnect();
  answer(request, {});
}

async function exit(): Promise<void> {
  await sent;
  await delay(20); // libzmq's own thread hands the last messages over
  for (const socket of Object.values(sockets)) socket.close(); // a thread that ends with open ones aborts the process
  await delay(20); // as does one that ends while they close
  main.postMessage("exit");
  await delay(500);
  process.kill(process.pid, "SIGKILL"); // the main thread is busy and will not hear
}

/** Whether the process that has started this one has ended. Windows keeps its number, so it must be looked for. */
function isOrphan(parent: number): boolean {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

async function listen(socket: AsyncIterable<Buffer[]>, take: (frames: Buffer[]) => unknown): Promise<void> {
  for await (const frames of socket) await take(frames);
}

async function start(): Promise<void> {
  const { transport, ip } = connection;
  const separator = transport === "ipc" ? "-" : ":";
  for (const [name, socket] of Object.entries(sockets))
    await socket.bind(`${transport}://${ip}${separator}${connection[`${name}_port`]}`);
  status("starting");
  // A kernel whose parent is gone ends itself, whatever its main thread does.
  const parent = process.ppid;
  setInterval(() => isOrphan(parent) && process.kill(process.pid, "SIGKILL"), 1000);
  await Promise.all([
    listen(sockets.shell, (frames) => receive("shell", frames)),
    listen(sockets.control, (frames) => receive("control", frames)),
    listen(sockets.stdin, (frames) => receive("stdin", frames)),
    listen(sockets.hb, (frames) => sockets.hb.send(frames)),
    // Says to each new subscriber that from now on it gets everything.
    listen(sockets.iopub, ([change]) => {
      const subscription = change?.subarray(1).toString();
      if (change?.[0] === 1) publish("iopub_welcome", JSON.stringify({ subscription }), undefined);
    }),
  ]);
}

void start();
