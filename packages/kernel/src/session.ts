// Runs requests one after the other, cells as Jupyter's protocol says.
import { MessageChannel } from "node:worker_threads";
import { answers } from "./answers.js";
import { installQuestions } from "./asking.js";
import { type Cell, Cells, cellContext } from "./cells.js";
import { InterruptedError, interruptAwaits } from "./engine/awaits.js";
import { thrownFailure } from "./errors.js";
import { endRunningCode, uninterrupted } from "./interruptible.js";
import type { Command, Printed, Request } from "./message.js";
import { captureOutput, writeToTerminal } from "./output.js";
import { installReadableTraces } from "./traces.js";
import { tslabModule } from "./tslab-module.js";

// Taken once: a cell may replace them, as tests with a clock of their own do.
const { setTimeout } = globalThis;

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
  private readonly cells = new Cells({
    tslab: tslabModule((type, content) => this.publish(type, content)),
  });
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
    /** What the wire thread calls, by its name in the global object, until it has returned true. */
    const interrupt = (times: number): boolean => {
      if (times === 0) {
        interrupted = this.cells.running;
        turned = false;
        this.interrupt();
        nextTurn(() => {
          turned = true;
        });
      } else if (!turned && this.cells.running === interrupted) {
        turn(); // ended code may have taken a message with it
        endRunningCode(times);
      }
      return turned || this.cells.running !== interrupted;
    };
    Object.assign(globalThis, { __kernel__: { interrupt } });
    installQuestions(send, () => (cellContext.getStore() ?? this.cells.running)?.request);
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
    const cell = this.cells.running;
    this.cells.fail(error);
    // In a turn of its own: code that is ended takes with it what promises have to do.
    nextTurn(() => {
      if (this.cells.running !== cell) return; // a new one has begun
      interruptAwaits();
      this.cells.interrupt();
      // A cell whose code was ended, or catches everything, never returns.
      if (cell) later(20, () => this.returned(cell));
    });
  }

  /**
   * An error that no code has caught. It fails the cell that its code belongs to, if that runs; of an earlier cell it is
   * told below that cell, and the one that happens to run meanwhile goes on.
   */
  uncaught(error: unknown): void {
    if (error instanceof InterruptedError) return;
    const { running } = this.cells;
    const { traceback } = thrownFailure(error);
    const place = /In\[[\d*]+\]/.exec(traceback.join("\n"))?.[0];
    const owner = cellContext.getStore();
    const isOfRunning = owner ? owner === running : place === undefined || place === running?.name;
    if (running && isOfRunning) {
      this.interrupt(error);
      return;
    }
    const text = `Not caught, after ${owner?.name ?? place ?? "a cell"} had ended:\n${traceback.join("\n")}\n`;
    this.print("stderr", text, owner?.request);
    // Who runs a notebook as a whole looks at no cell any more once it has replied.
    writeToTerminal(text);
  }

  private next(): void {
    const request = this.answering ? undefined : this.queue.shift();
    if (!request) return;
    this.answering = true;
    this.send({ do: "begin", request });
    const type = request.header.msg_type;
    // No cell waits for comms: a page that opens one is told so.
    if (type === "comm_open") this.publish("comm_close", { comm_id: request.content.comm_id, data: {} }, request);
    // From a turn of its own, with no promise job queued: an interrupt that ends running code drops those.
    if (type === "execute_request") nextTurn(() => this.start(request));
    else this.finish(request, this.answer(request));
  }

  private answer({ header, content }: Request): object | undefined {
    try {
      return answers[header.msg_type]?.(content, this.cells.notebook.converter, this.history);
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
    // For em-kernel's runningCell.
    const runningCell = { run: request, client: request.header.session };
    Object.assign(globalThis, { [Symbol.for("Jupyter.cell")]: runningCell });
    this.publish("execute_input", { code, execution_count: this.history.length }, request);
    const cell: Cell = { name, request };
    installReadableTraces();
    void cellContext.run(cell, () => this.cells.run(cell)).then(() => this.returned(cell));
  }

  /** The cell's code has returned, or will never: timers of up to a millisecond and rejections come first. */
  private returned(cell: Cell): void {
    later(1, () => this.cells.running === cell && this.end(cell));
  }

  private end(cell: Cell): void {
    const { request, result } = cell;
    const counted = { execution_count: this.history.length };
    try {
      const notice = this.cells.end();
      if (notice !== "") this.print("stderr", notice, request);
      if (result && !cell.failure) this.publish("execute_result", { ...counted, data: result, metadata: {} }, request);
    } catch (error) {
      cell.failure ??= thrownFailure(error); // the result is nothing that can be sent
    }
    const { failure } = cell;
    if (!failure) {
      this.finish(request, { ...counted, payload: [], user_expressions: {} });
      return;
    }
    this.publish("error", failure, request);
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

  /** @param of the request whose output it is: the one whose code is running, else the newest cell's */
  private print(name: Printed["name"], text: string, of = cellContext.getStore()?.request ?? this.newest): void {
    if (!of?.content.silent) this.send({ do: "print", name, text, parent: of?.header });
  }

  private publish(type: string, content: object, of = cellContext.getStore()?.request ?? this.newest): void {
    if (of?.content.silent) return;
    this.send({ do: "publish", type, content: JSON.stringify(content), parent: of?.header });
  }
}
