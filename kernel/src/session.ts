// Runs requests one after the other, cells as Jupyter's protocol says. Replaces JupyterHandlerImpl of tslab, which
// replies to a failed cell without its error, and for 200 ms after it skips whatever comes.
import { answer, History } from "./answers.js";
import { encodeBytes, type MimeBundle } from "./bundle.js";
import { compileFailure, type Failure, thrownFailure } from "./errors.js";
import { endRunningCode, InterruptedError, interruptAwaits, uninterrupted } from "./interruptible.js";
import type { Command, Printed, Request } from "./message.js";
import { captureOutput } from "./output.js";
import { type Cell, Engine, onTslabDisplay } from "./tslab.js";

interface RunningCell extends Cell {
  readonly request: Request;
  returned: boolean;
}

const later = (milliseconds: number, work: () => void): void => {
  setTimeout(() => uninterrupted(work), milliseconds);
};

export class Session {
  private readonly engine: Engine;
  private readonly history = new History();
  private readonly queue: Request[] = [];
  private readonly sources = new Map<string, string>();
  private count = 0;
  /** Whether a request is being answered: the next one waits. */
  private answering = false;
  private cell: RunningCell | undefined;
  /** The newest cell: late output goes there, as it does in Python. */
  private newest: Request | undefined;

  constructor(private readonly send: (command: Command) => void) {
    this.engine = new Engine(() => {
      this.interrupt();
      endRunningCode();
    });
    captureOutput((name, text) => this.print(name, text));
    // For em-kernel's display, updateDisplay and clearOutput; the name follows Deno's `Deno.jupyter.broadcast`.
    Object.assign(globalThis, {
      [Symbol.for("Jupyter.broadcast")]: (type: string, content: object) => this.show(type, content),
    });
  }

  receive(request: Request): void {
    this.queue.push(request);
    this.next();
  }

  /** Stops the running cell, and whatever else awaits something. */
  interrupt(error: unknown = new InterruptedError()): void {
    const { cell } = this;
    this.engine.fail(error);
    // In a turn of its own: code that is ended takes with it what promises have to do.
    setImmediate(() => {
      interruptAwaits();
      this.engine.interrupt();
      // A cell whose code was ended, or catches everything, never returns.
      if (cell) later(20, () => this.returned(cell));
    });
  }

  /** An error that no code has caught: the running cell's; or, where none runs, a word on an earlier one. */
  uncaught(error: unknown): void {
    if (error instanceof InterruptedError) return;
    if (this.cell) {
      this.interrupt(error);
      return;
    }
    const { traceback } = this.failureOf(error);
    const place = /In\[\d+\]/.exec(String((error as Error | undefined)?.stack))?.[0] ?? "a cell";
    this.print("stderr", `Not caught, after ${place} had ended:\n${traceback.join("\n")}\n`);
  }

  private next(): void {
    const request = this.answering ? undefined : this.queue.shift();
    if (!request) return;
    this.answering = true;
    this.status("busy", request);
    if (request.header.msg_type === "execute_request") {
      // From a turn of its own, with no promise job queued: an interrupt that ends running code drops those.
      setImmediate(() => uninterrupted(() => this.start(request)));
      return;
    }
    let content: object | undefined;
    try {
      content = answer(request, this.engine, this.history);
    } catch (error) {
      content = { status: "error", ...this.failureOf(error) };
    }
    this.finish(request, content);
  }

  private finish(request: Request, content: object | undefined): void {
    if (content) this.reply(request, content);
    this.status("idle", request);
    this.answering = false;
    setImmediate(() => uninterrupted(() => this.next()));
  }

  private start(request: Request): void {
    const { code, silent = false, store_history = true } = request.content;
    const remembered = store_history && !silent;
    if (remembered) this.history.add(++this.count, code);
    const name = remembered ? `In[${this.count}]` : "In[*]";
    const cell: RunningCell = { request, name, code, findings: [], succeeded: false, returned: false };
    this.cell = cell;
    this.sources.set(name, code);
    this.newest = request;
    // A new function for each run, as tslab has it: em-figures tells by it whether a cell runs again.
    onTslabDisplay((content, update) => this.show(update ? "update_display_data" : "display_data", content));
    this.publish("execute_input", { code, execution_count: this.count });
    void this.engine.run(cell).then(() => this.returned(cell));
  }

  /** The cell's code has returned, or will never: timers of up to a millisecond and rejections come first. */
  private returned(cell: RunningCell): void {
    if (!cell.returned) later(1, () => this.end(cell));
    cell.returned = true;
  }

  private end(cell: RunningCell): void {
    this.engine.end();
    this.cell = undefined;
    const { request, name, code, findings, thrown, result } = cell;
    const counted = { execution_count: this.count };
    const failure =
      findings.length > 0
        ? compileFailure(name, code, findings)
        : thrown
          ? this.failureOf(thrown.error)
          : result && this.publishResult(result);
    if (!failure) {
      this.finish(request, { status: "ok", ...counted, payload: [], user_expressions: {} });
      return;
    }
    this.publish("error", failure);
    // What a client has sent by now, it has sent without knowing of the failure.
    later(20, () => {
      this.finish(request, { status: "error", ...counted, ...failure });
      if (request.content.stop_on_error ?? true) this.abortQueued();
    });
  }

  /** A failure where the value cannot be sent. */
  private publishResult(result: MimeBundle): Failure | undefined {
    try {
      this.publish("execute_result", { execution_count: this.count, data: encodeBytes(result), metadata: {} });
      this.history.setOutput(String(result["text/plain"] ?? ""));
      return undefined;
    } catch (error) {
      return this.failureOf(error);
    }
  }

  private failureOf(error: unknown): Failure {
    return thrownFailure(error, (cell) => this.sources.get(cell));
  }

  private abortQueued(): void {
    const aborted = this.queue.filter(({ header }) => header.msg_type === "execute_request");
    this.queue.splice(0, Infinity, ...this.queue.filter((request) => !aborted.includes(request)));
    for (const request of aborted) {
      this.status("busy", request);
      this.reply(request, { status: "aborted" });
      this.status("idle", request);
    }
  }

  private reply(request: Request, content: object): void {
    this.send({ do: "reply", content: JSON.stringify(content), to: { ...request, content: undefined } });
  }

  private status(state: string, { header }: Request): void {
    const content = JSON.stringify({ execution_state: state });
    this.send({ do: "publish", type: "status", content, parent: header });
  }

  private print(name: Printed["name"], text: string): void {
    if (!this.newest?.content.silent) this.send({ do: "print", name, text, parent: this.newest?.header });
  }

  /** Sends a message of the newest cell. */
  private publish(type: string, content: object): void {
    if (this.newest?.content.silent) return;
    this.send({ do: "publish", type, content: JSON.stringify(content), parent: this.newest?.header });
  }

  private show(type: string, content: object): void {
    const { data } = content as { data?: MimeBundle };
    this.publish(type, data ? { ...content, data: encodeBytes(data) } : content);
  }
}
