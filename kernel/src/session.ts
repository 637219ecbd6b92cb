// Runs requests one after the other, cells as Jupyter's protocol says. Replaces JupyterHandlerImpl of tslab, which
// replies to a failed cell without its error, and for 200 ms after it skips whatever comes.
import { MessageChannel } from "node:worker_threads";
import { answer, History } from "./answers.js";
import { encodeBytes, type MimeBundle } from "./bundle.js";
import { compileFailure, type Failure, InterruptedError, thrownFailure } from "./errors.js";
import { interruptAwaits } from "./interruptible.js";
import type { Command, Header, Printed, Request } from "./message.js";
import { captureOutput } from "./output.js";
import { Engine, onTslabDisplay, type Uninterrupted } from "./tslab.js";

interface Cell {
  readonly request: Request;
  ended: boolean;
}

export class Session {
  private readonly engine: Engine;
  private readonly history = new History();
  private readonly queue: Request[] = [];
  /**
   * Cells start from a turn of their own, with no promise job queued: an interrupt that ends running code drops those.
   * From a message, because Node does not get over code that is ended in a setImmediate.
   */
  private readonly turn = new MessageChannel();
  private readonly sources = new Map<string, string>();
  private count = 0;
  /** The request being answered: the next one waits. */
  private current: Request | undefined;
  private cell: Cell | undefined;
  /** The newest cell's header: late output goes there, as it does in Python. */
  private parent: Header | undefined;
  private silent = false;
  private name = "";

  constructor(
    private readonly send: (command: Command) => void,
    private readonly uninterrupted: Uninterrupted,
  ) {
    this.engine = new Engine(uninterrupted);
    this.turn.port2.on("message", (request: Request) => this.start(request));
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
    this.engine.fail(error);
    interruptAwaits();
    this.engine.interrupt();
    const { cell } = this;
    if (!cell) return;
    // A cell whose code was ended, or catches everything, never returns.
    setTimeout(() => this.returned(cell), 20);
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
    if (this.current) return;
    const request = this.queue.shift();
    if (!request) return;
    this.current = request;
    this.status("busy", request);
    if (request.header.msg_type === "execute_request") {
      this.turn.port1.postMessage(request);
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
    this.current = undefined;
    setImmediate(() => this.next());
  }

  private start(request: Request): void {
    const { code, silent = false, store_history = true } = request.content;
    const remembered = store_history && !silent;
    if (remembered) this.history.add(++this.count, code);
    const name = remembered ? `In[${this.count}]` : "In[*]";
    this.name = name;
    this.sources.set(name, code);
    this.parent = request.header;
    this.silent = silent;
    const cell: Cell = { request, ended: false };
    this.cell = cell;
    // A new function for each run, as tslab has it: em-figures tells by it whether a cell runs again.
    onTslabDisplay((content, update) => this.show(update ? "update_display_data" : "display_data", content));
    this.publish("execute_input", { code, execution_count: this.count });
    this.engine.start(code, name, () => this.returned(cell));
  }

  /** The cell's code has returned, or will never: timers of up to a millisecond and rejections come first. */
  private returned(cell: Cell): void {
    if (cell.ended) return;
    cell.ended = true;
    setTimeout(() => this.uninterrupted(() => this.end(cell)), 1);
  }

  private end({ request }: Cell): void {
    const { findings, thrown, result } = this.engine.end();
    this.cell = undefined;
    const { code, stop_on_error = true } = request.content;
    const counted = { execution_count: this.count };
    const failure =
      findings.length > 0
        ? compileFailure(this.name, code, findings)
        : thrown
          ? this.failureOf(thrown.error)
          : result && this.publishResult(result);
    if (!failure) {
      this.finish(request, { status: "ok", ...counted, payload: [], user_expressions: {} });
      return;
    }
    this.publish("error", failure);
    // What a client has sent by now, it has sent without knowing of the failure.
    setTimeout(() => {
      this.finish(request, { status: "error", ...counted, ...failure });
      if (stop_on_error) this.abortQueued();
    }, 20);
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
    if (!this.silent) this.send({ do: "print", name, text, parent: this.parent });
  }

  /** Sends a message of the newest cell. */
  private publish(type: string, content: object): void {
    if (this.silent) return;
    this.send({ do: "publish", type, content: JSON.stringify(content), parent: this.parent });
  }

  private show(type: string, content: object): void {
    const { data } = content as { data?: MimeBundle };
    this.publish(type, data ? { ...content, data: encodeBytes(data) } : content);
  }
}
