// Stack traces in the reader's terms: `In[3]:2:7`, the cell and the line and column of its TypeScript, wherever a
// trace is printed; the frames of Node, tslab and this kernel are left out.
import { SourceMap } from "node:module";

interface Cell {
  readonly code: string;
  /** From a line and column (from 1) of the JavaScript that runs to the place in the cell's TypeScript. */
  readonly origin: (line: number, column: number) => string | undefined;
}

/** The cells that have run, by name. */
export const cells = new Map<string, Cell>();

/** Registers a cell: its JavaScript, and the source maps of that, to the ES module and from there to TypeScript. */
export function registerCell(name: string, code: string, javaScript: string, ...sourceMaps: readonly string[]): void {
  const lines = javaScript.split("\n").length;
  let maps: readonly SourceMap[] | undefined;
  const origin = (line: number, column: number): string | undefined => {
    if (line > lines) return undefined; // the call that tslab puts after it
    maps ??= sourceMaps.map((map) => new SourceMap(JSON.parse(map))); // few cells ever need them
    let place = { line: line - 1, column: column - 1 };
    for (const map of maps) {
      const entry = map.findEntry(place.line, place.column);
      if (!("originalLine" in entry)) return undefined;
      place = { line: entry.originalLine, column: entry.originalColumn };
    }
    // tslab puts one line before the cell, so what the map counts from 0 is counted from 1 in the cell.
    return place.line < 1 ? undefined : `${name}:${place.line}:${place.column + 1}`;
  };
  cells.set(name, { code, origin });
}

const cellPlace = /(In\[[^\]]*\]):(\d+):(\d+)/;
/** Frames that are none of the reader's. */
export const internal = /node:|[\\/]tslab[\\/]dist[\\/]|[\\/]kernel[\\/]dist[\\/]/;

/** The frame with its place in the cell; undefined where it is none of the reader's. */
function readableFrame(frame: string): string | undefined {
  if (internal.test(frame)) return undefined;
  const [found, name = "", line, column] = cellPlace.exec(frame) ?? [];
  const cell = cells.get(name);
  if (found === undefined || !cell) return frame;
  const place = cell.origin(Number(line), Number(column));
  // tslab keeps names in a Proxy, from which Node takes the first part of `Proxy.half`.
  return place && frame.replace(found, place).replace("Proxy.", "");
}

/** Makes every Error of this process print such traces. */
export function installReadableTraces(): void {
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.flatMap((frame) => readableFrame(String(frame)) ?? []);
    return [heading(error), ...lines.map((line) => `    at ${line}`)].join("\n");
  };
}

function heading(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error"; // its name or message throws when read
  }
}
