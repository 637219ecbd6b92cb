// Stack traces in the reader's terms: `In[3]:2:7`, the cell and the line and column of its TypeScript, wherever a
// trace is printed; the frames of Node and of this kernel are left out, those of packages are folded.
import { SourceMap } from "node:module";

interface CellText {
  readonly code: string;
  /** From a line and column (from 1) of the JavaScript that runs to the place in the cell's TypeScript. */
  readonly origin: (line: number, column: number) => string | undefined;
}

/** The cells that have run, by name. */
export const cells = new Map<string, CellText>();

/** Registers a cell: its JavaScript, and the source map from there to TypeScript. */
export function registerCell(name: string, code: string, javaScript: string, sourceMap: string): void {
  const lines = javaScript.split("\n").length;
  let map: SourceMap | undefined;
  const origin = (line: number, column: number): string | undefined => {
    if (line > lines) return undefined; // the call that runs it
    map ??= new SourceMap(JSON.parse(sourceMap)); // few cells ever need one
    const entry = map.findEntry(line - 1, column - 1);
    // One line stands before the cell, so what the map counts from 0 is counted from 1 in the cell.
    if (!("originalLine" in entry) || entry.originalLine < 1) return undefined;
    return `${name}:${entry.originalLine}:${entry.originalColumn + 1}`;
  };
  cells.set(name, { code, origin });
}

const cellPlace = /(In\[[^\]]*\]):(\d+):(\d+)/;
/** Frames that are none of the reader's. */
export const internal = /node:|blob:|[\\/]kernel[\\/]dist[\\/]|[\\/]em-kernel[\\/]|evalmachine/;

/** The frame with its place in the cell; undefined where it is none of the reader's. */
function readableFrame(frame: string): string | undefined {
  if (internal.test(frame)) return undefined;
  const [found, name = "", line, column] = cellPlace.exec(frame) ?? [];
  const cell = cells.get(name);
  if (found === undefined || !cell) return frame;
  const place = cell.origin(Number(line), Number(column));
  // In browsers the code of a cell bears the name of what has run it.
  return place && frame.replace(found, place).replace(/^eval \((.*)\)$/, "$1");
}

/** The package that a frame lies in; undefined for the reader's own code. */
const packageOf = (frame: string): string | undefined =>
  /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(frame)?.[1] ??
  /[\\/]([^\\/]+)[\\/]dist[\\/]/.exec(frame)?.[1];

/** Of frames of one package that follow one another, the first, and how many more there are. */
function folded(frames: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < frames.length; ) {
    const ofPackage = packageOf(frames[at] ?? "");
    let end = at + 1;
    while (ofPackage !== undefined && end < frames.length && packageOf(frames[end] ?? "") === ofPackage) end++;
    lines.push(`    at ${frames[at]}`);
    if (end - at > 1) lines.push(`    … ${end - at - 1} more in ${ofPackage}`);
    at = end;
  }
  return lines;
}

/** The trace of an error, whose frames are given as V8 writes them. */
export function readable(error: unknown, frames: readonly unknown[]): string {
  const shown = frames.flatMap((frame) => readableFrame(String(frame)) ?? []);
  return [heading(error), ...folded(shown)].join("\n");
}

function heading(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error"; // its name or message throws when read
  }
}

/** Makes every Error of this process print such traces, until a cell puts a function of its own in the place. */
export function installReadableTraces(): void {
  Error.prepareStackTrace ??= readable;
}

/** Does work with readable traces, whatever function a cell has put in the place. */
export function withReadableTraces<T>(work: () => T): T {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = readable;
  try {
    return work();
  } finally {
    if (prepareStackTrace !== undefined) Error.prepareStackTrace = prepareStackTrace;
  }
}
