// Questions to the reader: `prompt`, `confirm`, `alert`, and a `process.stdin` that readline can read. They go through the
// wire thread to the page that runs the cell; this thread waits meanwhile, and an interrupt ends the wait.
import { Readable } from "node:stream";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { InterruptedError } from "./engine/awaits.js";
import type { Command, Request } from "./message.js";

/** A cell asks where nobody can answer. */
export class NobodyAnswersError extends Error {
  override name = "NobodyAnswersError";
  override message =
    "The cell asks its reader something, but it runs where nobody can answer, as in nbconvert. Run it in JupyterLab, or give the value in the code.";
}

/** What the wire thread is given for its part. */
export interface Answers {
  readonly port: MessagePort;
  /** [0]: 1 once an answer lies in the port. */
  readonly arrived: Int32Array;
}

/** An answer; none where the wait was interrupted. */
export type Answer = { readonly text: string } | { readonly text: undefined };

const channel = new MessageChannel();
const arrived = new Int32Array(new SharedArrayBuffer(4));
export const answersForWire: Answers = { port: channel.port2, arrived };

/** Makes the functions that ask. @param cell the request whose page is to be asked */
export function installQuestions(send: (command: Command) => void, cell: () => Request | undefined): void {
  function ask(prompt: string, password = false): string {
    const request = cell();
    if (request?.content.allow_stdin !== true) throw new NobodyAnswersError();
    Atomics.store(arrived, 0, 0);
    send({ do: "ask", request, prompt, password });
    Atomics.wait(arrived, 0, 0);
    const answer = receiveMessageOnPort(channel.port1)?.message as Answer | undefined;
    if (answer?.text === undefined) throw new InterruptedError();
    return answer.text;
  }

  Object.assign(globalThis, {
    prompt: (message: unknown = "", otherwise?: unknown) => {
      const text = ask(`${message}${message === "" ? "" : " "}`);
      return text === "" && otherwise !== undefined ? String(otherwise) : text;
    },
    confirm: (message: unknown = "Confirm") => /^\s*y/i.test(ask(`${message} [y/N] `)),
    alert: (message: unknown = "Alert") => {
      ask(`${message} [Enter] `);
    },
  });
  const stdin = readableAnswers(ask);
  Object.defineProperty(process, "stdin", { get: () => stdin, configurable: true });
}

/** A stream of lines, each asked for when somebody reads. */
function readableAnswers(ask: (prompt: string) => string): Readable {
  let wanted = false;
  const { setImmediate } = globalThis;
  // Later, so that a question is printed before it is asked, and nothing is asked of who reads no more.
  const serve = (): void => {
    if (!wanted || stream.isPaused()) return;
    wanted = false;
    try {
      stream.push(`${ask("")}\n`);
    } catch (error) {
      if (error instanceof InterruptedError) wanted = true;
      else stream.destroy(error as Error);
    }
  };
  const stream = new Readable({
    read() {
      wanted = true;
      setImmediate(serve);
    },
  });
  stream.on("resume", () => setImmediate(serve));
  return stream;
}
