// Runs cells one after the other, and tells the page what they show and how they end.
import { complete, explain } from "em-kernel/engine/assist";
import { InterruptedError, interruptAwaits } from "em-kernel/engine/awaits";
import { compileFailure, type Failure } from "em-kernel/errors";
import { bundleOf, encodeBytes, type MimeBundle } from "em-kernel/mime-bundle";
import { installReadableTraces, registerCell } from "em-kernel/traces";
import type { Answer, Output, Question, Told } from "../messages.js";
import { pageAdvice } from "./advice.js";
import { pageNotebook } from "./runtime.js";
import { failureOf } from "./stacks.js";

// Taken once: a cell may replace them.
const { setTimeout } = globalThis;
const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** A cell and how it fares. */
interface Cell {
  readonly name: string;
  /** The page's number for this run of it. */
  readonly run: number;
  /** What it has failed of first. */
  failure?: Failure;
}

/** What is printed is sent at the latest after so many milliseconds, or letters. */
const patience = 50;
const mostLetters = 10_000;

export class Session {
  private readonly notebook = pageNotebook();
  private count = 0;
  /** How many cells are known that had not run. */
  private above = 0;
  private running: Cell | undefined;
  private newest: Cell | undefined;
  /** The cell whose timer is running. */
  private owner: Cell | undefined;
  private stop: (error: Error) => void = () => {};
  private printed:
    | { readonly name: "stdout" | "stderr"; readonly run: number; text: string; readonly since: number }
    | undefined;

  constructor(private readonly tell: (told: Told) => void) {
    // The first check reads the types of the language; it is made before the first cell comes.
    this.notebook.converter.convert("In[]", "");
  }

  /** Runs a cell to its end; it never rejects. */
  async run(run: number, code: string): Promise<void> {
    this.count++;
    const cell: Cell = { name: `In[${this.count}]`, run };
    this.running = this.newest = cell;
    // For em-kernel's runningCell.
    const runningCell = { run: cell, client: "page", drawsFigures: true };
    Object.assign(globalThis, { [Symbol.for("Jupyter.cell")]: runningCell });
    installReadableTraces();
    let result: MimeBundle | undefined;
    try {
      result = await this.resultOf(cell, code);
    } catch (error) {
      cell.failure ??= failureOf(error);
    }
    // Timers of up to a millisecond and rejections come first.
    await pause(1);
    this.flush();
    if (cell.failure) this.show(cell, { output_type: "error", ...cell.failure });
    else if (result) this.show(cell, { output_type: "execute_result", data: result });
    this.running = undefined;
    this.stop(new InterruptedError());
    this.tell({ tell: "done", run, failed: cell.failure !== undefined });
  }

  private async resultOf(cell: Cell, code: string): Promise<MimeBundle | undefined> {
    const converted = this.notebook.converter.convert(cell.name, code);
    if ("findings" in converted) {
      cell.failure = compileFailure(cell.name, code, pageAdvice(code, converted.findings));
      return undefined;
    }
    registerCell(cell.name, code, converted.js, converted.map);
    const stopped = new Promise<never>((_, reject) => {
      this.stop = reject;
    });
    stopped.catch(() => {});
    const { value } = await this.notebook.run(cell.name, converted, stopped);
    return value === undefined || value === null ? undefined : encodeBytes(await bundleOf(value));
  }

  /** Takes note of what cells declare that have not run. */
  know(codes: readonly string[]): void {
    for (const code of codes) {
      const converted = this.notebook.converter.convert(`In[above ${++this.above}]`, code);
      if ("module" in converted) this.notebook.converter.keep(converted.module, converted.names);
    }
  }

  /** Answers an editor. */
  answer(question: Question): Answer {
    const { converter } = this.notebook;
    const { code } = question;
    if (question.about === "complete") return complete(converter, code, question.offset);
    if (question.about === "explain") return explain(converter, code, question.offset);
    const converted = converter.convert("draft", code);
    return "findings" in converted ? pageAdvice(code, converted.findings) : [];
  }

  /** Stops the running cell where it awaits something; loops look for themselves. */
  interrupt(error: unknown = new InterruptedError()): void {
    if (this.running) this.running.failure ??= failureOf(error);
    interruptAwaits();
    this.stop(new InterruptedError());
  }

  /** An error that no code has caught: it fails the cell that its code belongs to if that runs, else it is told below it. */
  uncaught(error: unknown): void {
    if (error instanceof InterruptedError) return;
    const { traceback } = failureOf(error);
    const { running } = this;
    const place = this.owner?.name ?? /In\[\d+\]/.exec(traceback.join("\n"))?.[0];
    if (running && (place === undefined || place === running.name)) {
      this.interrupt(error);
      return;
    }
    this.print("stderr", `Not caught, after ${place ?? "a cell"} had ended:\n${traceback.join("\n")}\n`);
  }

  print(name: "stdout" | "stderr", text: string): void {
    const run = this.shower?.run;
    if (run === undefined) return;
    if (this.printed && (this.printed.name !== name || this.printed.run !== run)) this.flush();
    if (!this.printed) {
      this.printed = { name, run, text: "", since: performance.now() };
      setTimeout(() => this.flush(), patience);
    }
    this.printed.text += text;
    if (this.printed.text.length > mostLetters || performance.now() - this.printed.since > patience) this.flush();
  }

  /** What em-kernel's display, updateDisplay and clearOutput send. */
  publish(type: string, content: { data?: MimeBundle; transient?: { display_id?: string }; wait?: boolean }): void {
    this.flush();
    const cell = this.shower;
    const { data = {}, transient, wait = false } = content;
    const display = transient?.display_id;
    if (!cell) return;
    if (type === "clear_output") this.tell({ tell: "clear", run: cell.run, wait });
    else if (type === "update_display_data" && display !== undefined) this.tell({ tell: "update", display, data });
    else this.show(cell, { output_type: "display_data", data, ...(display !== undefined && { display }) });
  }

  /** The work with its output below the cell that runs now, whenever it is done. */
  ofThisCell<A extends readonly unknown[]>(work: (...values: A) => unknown): (...values: A) => void {
    const cell = this.shower;
    return (...values) => {
      const before = this.owner;
      this.owner = cell;
      try {
        work(...values);
      } catch (error) {
        this.uncaught(error);
      } finally {
        this.owner = before;
      }
    };
  }

  /** The cell whose output it is: the one whose timer runs, else the running, else the newest. */
  private get shower(): Cell | undefined {
    return this.owner ?? this.running ?? this.newest;
  }

  private show({ run }: Cell, output: Output): void {
    this.tell({ tell: "output", run, output });
  }

  private flush(): void {
    if (!this.printed) return;
    const { run, name, text } = this.printed;
    this.printed = undefined;
    this.tell({ tell: "output", run, output: { output_type: "stream", name, text } });
  }
}
