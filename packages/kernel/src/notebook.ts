// What a notebook uses beside the results of its cells: display, updateDisplay, clearOutput and progress.
// On a stock tslab it works as far as that can: a display shows one MIME type there, and clearOutput does nothing.
import { bundleOf, displaySymbol, encodeBytes, type MimeBundle } from "./mime-bundle.js";

export type { MimeBundle } from "./mime-bundle.js";

/** A value that says itself how it is displayed; so it is shown, too, as the last expression of a cell. */
export interface Displayable {
  [displaySymbol](): MimeBundle;
}

/** A displayable of ready-made MIME types, such as `mime({ "text/html": "<b>bold</b>", "text/plain": "bold" })`. */
export const mime = (bundle: MimeBundle): Displayable => ({ [displaySymbol]: () => bundle });

/** Shows a value below the cell, as its last expression would be. With an `id`, `updateDisplay` can replace it. */
export function display(value: unknown, id?: string): void {
  show(value, id, false);
}

/** Replaces what `display` has shown under this id, wherever in the notebook it stands. */
export function updateDisplay(id: string, value: unknown): void {
  show(value, id, true);
}

/** Removes what the cell has shown so far; with `wait`, once the next output comes, so that nothing flickers. */
export function clearOutput(wait = false): void {
  broadcast()?.("clear_output", { wait });
}

/** The cell that runs: `run` is another object for each run; `client` tells the page that asked for it. */
export interface RunningCell {
  readonly run: object;
  /** Not known on a stock tslab. */
  readonly client?: string;
  /** Whether that page has plotly.js already, and draws figures by itself. */
  readonly drawsFigures?: boolean;
}

/** The cell that runs; undefined outside of a notebook. */
export function runningCell(): RunningCell | undefined {
  if (broadcast()) return (globalThis as { [name: symbol]: unknown })[Symbol.for("Jupyter.cell")] as RunningCell;
  // tslab makes a new function for each run, through which its `display` writes.
  const { lastWriteDisplayData } = require("tslab/dist/jupyter.js") as { lastWriteDisplayData: object | null };
  return lastWriteDisplayData === null ? undefined : { run: lastWriteDisplayData };
}

const interval = 100; // milliseconds between two updates of a progress bar
let bars = 0;

/**
 * Goes through `items` (or the numbers from 0 up to a number) and shows how far it has come; of how many, where the items
 * have a length or size. In the saved notebook one line is left, without times, so that every run leaves the same.
 */
export function* progress<T = number>(items: number | Iterable<T>, label = "progress"): Generator<T, void, undefined> {
  const sized: { length?: number; size?: number } = typeof items === "number" ? { length: items } : Object(items);
  const total = sized.length ?? sized.size;
  const all = typeof items === "number" ? (Array(items).keys() as Iterable<T>) : items;
  const id = `progress-${++bars}-${Date.now()}`;
  const start = Date.now();
  let shown = start;
  let done = 0;
  let end = ", stopped";
  display(plain(barLine(label, done, total, 0)), id);
  try {
    for (const item of all) {
      yield item;
      done++;
      if (Date.now() - shown < interval) continue;
      shown = Date.now();
      updateDisplay(id, plain(barLine(label, done, total, shown - start)));
    }
    end = "";
  } finally {
    updateDisplay(id, plain(`${label}: ${count(done, total)}${end}`));
  }
}

/** For example `steps  ██████░░░░░░░░░░░░░░  30%  150 of 500, 2 s left`. */
export function barLine(label: string, done: number, total: number | undefined, milliseconds: number): string {
  if (total === undefined) return `${label}  ${done}`;
  const share = total === 0 ? 1 : done / total;
  const filled = Math.floor(share * 20);
  const left = done === 0 ? "" : `, ${Math.ceil(((milliseconds / done) * (total - done)) / 1000)} s left`;
  const bar = "█".repeat(filled) + "░".repeat(20 - filled);
  return `${label}  ${bar}  ${Math.floor(share * 100)}%  ${count(done, total)}${left}`;
}

const count = (done: number, total: number | undefined): string =>
  total === undefined ? `${done}` : `${done} of ${total}`;

const plain = (text: string): Displayable => mime({ "text/plain": text });

type Broadcast = (type: string, content: object) => void;

/** The kernel's way to send a message of the running cell; undefined elsewhere. */
const broadcast = (): Broadcast | undefined =>
  (globalThis as { [name: symbol]: unknown })[Symbol.for("Jupyter.broadcast")] as Broadcast | undefined;

function show(value: unknown, id: string | undefined, update: boolean): void {
  const data = encodeBytes(bundleOf(value) as MimeBundle);
  const send = broadcast();
  const transient = id === undefined ? {} : { display_id: id };
  if (!send) showOnStockTslab(data, id, update);
  else send(update ? "update_display_data" : "display_data", { data, metadata: {}, transient });
}

type StockDisplay = { raw(type: string, data: string): void };
const stockDisplays = new Map<string, StockDisplay>();
const richestFirst = [
  "text/html",
  "image/svg+xml",
  "image/png",
  "image/jpeg",
  "text/latex",
  "text/markdown",
  "text/plain",
];

function showOnStockTslab(data: MimeBundle, id: string | undefined, update: boolean): void {
  const tslab = require("tslab") as { display: StockDisplay; newDisplay(): StockDisplay };
  const known = id !== undefined && update ? stockDisplays.get(id) : undefined;
  const target = known ?? (id === undefined ? tslab.display : tslab.newDisplay());
  if (id !== undefined) stockDisplays.set(id, target);
  const type = richestFirst.find((each) => each in data) ?? Object.keys(data)[0] ?? "text/plain";
  const shown = data[type] ?? "";
  target.raw(type, typeof shown === "string" ? shown : JSON.stringify(shown));
}
