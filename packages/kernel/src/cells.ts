// Runs cells one by one, and remembers how the running one fares.
import { AsyncLocalStorage } from "node:async_hooks";

import { adviceFor } from "./advice.js";
import { InterruptedError } from "./engine/awaits.js";
import type { Notebook } from "./engine/notebook.js";
import { compileFailure, type Failure, thrownFailure } from "./errors.js";
import { uninterrupted } from "./interruptible.js";
import type { Request } from "./message.js";
import { bundleOf, encodeBytes, type MimeBundle } from "./mime-bundle.js";
import { nodeNotebook } from "./node.js";
import { forgetHalfLoaded, forgetRebuilt, rememberLoaded } from "./rebuilt.js";
import { registerCell } from "./traces.js";

/** A cell and what it has come to. */
export interface Cell {
  readonly name: string;
  readonly request: Request;
  /** What it has failed of first. */
  failure?: Failure;
  /** The last expression as it is to be shown. */
  result?: MimeBundle;
}

/** The cell that the running code belongs to, also where the cell has left it for later, in timers and promises. */
export const cellContext = new AsyncLocalStorage<Cell>();

export class Cells {
  readonly notebook: Notebook;
  /** The running cell. */
  running: Cell | undefined;
  private stop: (error: Error) => void = () => {};

  /** @param modules those that the kernel gives to cells itself, by name */
  constructor(modules: Readonly<Record<string, unknown>>) {
    this.notebook = nodeNotebook(process.cwd(), modules);
    // The first check reads the types of the language; it is made before the first cell comes.
    this.notebook.converter.convert("In[]", "");
  }

  /** Runs a cell; where its code is ended by an interrupt, the promise stays pending. */
  async run(cell: Cell): Promise<void> {
    this.running = cell;
    try {
      forgetRebuilt();
      const { code } = cell.request.content;
      const converted = uninterrupted(() => this.notebook.converter.convert(cell.name, code));
      if (cell.failure) return; // in the meantime
      if ("findings" in converted) {
        cell.failure = compileFailure(
          cell.name,
          code,
          adviceFor(code, converted.findings, this.notebook.converter.folder),
        );
        return;
      }
      registerCell(cell.name, code, converted.js, converted.map);
      const stopped = new Promise<never>((_, reject) => {
        this.stop = reject;
      });
      stopped.catch(() => {});
      const { value } = await this.notebook.run(cell.name, converted, stopped);
      if (value !== undefined && value !== null) cell.result = encodeBytes(await bundleOf(value));
    } catch (error) {
      cell.failure ??= thrownFailure(error);
    }
  }

  /** Makes the running cell a failed one; what it fails of first counts. */
  fail(error: unknown): void {
    if (this.running) this.running.failure ??= thrownFailure(error);
  }

  /** Ends the running cell, returned or not; returns what the reader should be told of rebuilt code. */
  end(): string {
    this.running = undefined;
    this.stop(new InterruptedError());
    return rememberLoaded();
  }

  /** Stops waiting for the running cell. */
  interrupt(): void {
    forgetHalfLoaded();
    this.stop(new InterruptedError());
  }
}
