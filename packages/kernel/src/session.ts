// Runs requests one after the other, cells as Jupyter's protocol says. Replaces JupyterHandlerImpl of tslab, which
// replies to a failed cell without its error, and for 200 ms after it skips whatever comes.
import { MessageChannel } from "node:worker_threads";
import { answers } from "./answers.js";
import { thrownFailure } from "./errors.js";
import { endRunningCode, InterruptedError, interruptAwaits, uninterrupted } from "./interruptible.js";
import type { Command, Printed, Request } from "./message.js";
import { captureOutput } from "./output.js";
import { type Cell, Engine, jupyter } from "./tslab.js";

const later = (milliseconds: number, work: () => unknown): void => {
  setTimeout(() => uninterrupted(work), milliseconds);
};
const turns = new MessageChannel();
const waiting: (() => void)[] = [];
turns.port2.on("message", () => uninterrupted(() => waiting.shift()?.()));
const turn = (): void => turns.port1.postMessage(undefined);
/** By a message, because Node does not get over code that is ended in a setImmediate. */
const nextTurn = (work: () => void): void => {
  waiting.push(work);
  turn();
};

export class Session {
  private readonly engine: Engine;
  /** The cells that clients want remembered: the first is In[1]. */
  private readonly history: string[] = [];
  private readonly queue: Request[] = [];
  /** Whether a request is being answered: the next one waits. */
  private answering = false;
  /** The request to run the newest cell: late output goes there, as it does in Python. */
  private newest: Request | undefined;

  constructor(private readonly send: (command: Command) => void) {
    let interrupted: Cell | undefined;
    let turned = false;
    this.engine = new Engine((times) => {
      if (times === 0) {
        interrupted = this.engine.cell;
        turned = false;
        this.interrupt();
        nextTurn(() => {
          turned = true;
        });
      } else if (!turned && this.engine.cell === interrupted) {
        turn(); // ended code may have taken a message with it
        endRunningCode(times);
      }
      return turned || this.engine.cell !== interrupted;
    });
    captureOutput((name, text) => this.print(name, text));
    // For em-kernel's display, updateDisplay and clearOutput; the name follows Deno's `Deno.jupyter.broadcast`.
    Object.assign(globalThis, {
      [Symbol.for("Jupyter.broadcast")]: (type: string, content: object) => this.publish(type, content),
    });
  }

  receive(request: Request): void {
    this.queue.push(request);
    this.next();
  }

  /** Stops the running cell, and whatever else awaits something. */
  interrupt(error: unknown = new InterruptedError()): void {
    const { cell } = this.engine;
    this.engine.fail(error);
    // In a turn of its own: code that is ended takes with it what promises have to do.
    nextTurn(() => {
      if (this.engine.cell !== cell) return; // a new one has begun
      interruptAwaits();
      this.engine.interrupt();
      // A cell whose code was ended, or catches everything, never returns.
      if (cell) later(20, () => this.returned(cell));
    });
  }

  /** An error that no code has caught: the running cell's; or, where none runs, a word on an earlier one. */
  uncaught(error: unknown): void {
    if (error instanceof InterruptedError) return;
    if (this.engine.cell) {
      this.interrupt(error);
      return;
    }
    const { traceback } = thrownFailure(error);
    const place = /In\[\d+\]/.exec(String((error as Error | undefined)?.stack))?.[0] ?? "a cell";
    this.print("stderr", `Not caught, after ${place} had ended:\n${traceback.join("\n")}\n`);
  }

  private next(): void {
    const request = this.answering ? undefined : this.queue.shift();
    if (!request) return;
    this.answering = true;
    this.send({ do: "begin", request });
    const type = request.header.msg_type;
    // From a turn of its own, with no promise job queued: an interrupt that ends running code drops those.
    if (type === "execute_request") nextTurn(() => this.start(request));
    else this.finish(request, this.answer(request));
  }

  private answer({ header, content }: Request): object | undefined {
    try {
      return answers[header.msg_type]?.(content, this.engine, this.history);
    } catch (error) {
      return { status: "error", ...thrownFailure(error) };
    }
  }

  private finish(request: Request, content?: object): void {
    this.reply(request, content);
    this.answering = false;
    nextTurn(() => this.next());
  }

  private start(request: Request): void {
    const { code, silent = false, store_history = true } = request.content;
    const remembered = store_history && !silent;
    if (remembered) this.history.push(code);
    const name = remembered ? `In[${this.history.length}]` : "In[*]";
    this.newest = request;
    // A new function for each run, as tslab has it: em-figures tells by it whether a cell runs again, and for whom.
    const write = (content: object, update: boolean) =>
      this.publish(update ? "update_display_data" : "display_data", content);
    jupyter.lastWriteDisplayData = Object.assign(write, { client: request.header.session });
    this.publish("execute_input", { code, execution_count: this.history.length });
    const cell: Cell = { name, request, succeeded: false };
    void this.engine.run(cell).then(() => this.returned(cell));
  }

  /** The cell's code has returned, or will never: timers of up to a millisecond and rejections come first. */
  private returned(cell: Cell): void {
    later(1, () => this.engine.cell === cell && this.end(cell));
  }

  private end(cell: Cell): void {
    const { request, result } = cell;
    const counted = { execution_count: this.history.length };
    try {
      this.engine.end(cell);
      if (result && !cell.failure) this.publish("execute_result", { ...counted, data: result, metadata: {} });
    } catch (error) {
      cell.failure ??= thrownFailure(error); // the result is nothing that can be sent
    }
    const { failure } = cell;
    if (!failure) {
      this.finish(request, { ...counted, payload: [], user_expressions: {} });
      return;
    }
    this.publish("error", failure);
    // What a client has sent by now, it has sent without knowing of the failure.
    later(20, () => {
      this.finish(request, { status: "error", ...counted, ...failure });
      if (request.content.stop_on_error ?? true) this.abortQueued();
    });
  }

  private abortQueued(): void {
    const aborted = this.queue.filter(({ header }) => header.msg_type === "execute_request");
    this.queue.splice(0, Infinity, ...this.queue.filter((request) => !aborted.includes(request)));
    for (const request of aborted) {
      this.send({ do: "begin", request });
      this.reply(request, { status: "aborted" });
    }
  }

  private reply(request: Request, content?: object): void {
    const text = content && JSON.stringify({ status: "ok", ...content });
    this.send({ do: "finish", request: { ...request, content: undefined }, content: text });
  }

  private print(name: Printed["name"], text: string): void {
    if (!this.newest?.content.silent) this.send({ do: "print", name, text, parent: this.newest?.header });
  }

  /** Sends a message of the newest cell. */
  private publish(type: string, content: object): void {
    if (this.newest?.content.silent) return;
    this.send({ do: "publish", type, content: JSON.stringify(content), parent: this.newest?.header });
  }
}
