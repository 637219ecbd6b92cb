// Stack traces in the reader's terms: `In[3]:2:7`, the cell and the line and column of its TypeScript, wherever a
// trace is printed; the frames of Node, tslab and this kernel are left out.
import { SourceMap } from "node:module";

/** By cell: the way from a line and column (from 1) of the JavaScript that runs to the place in its TypeScript. */
const origins = new Map<string, (line: number, column: number) => string | undefined>();

/** Registers a cell: the JavaScript that runs, and its two source maps, to the ES module and from that to TypeScript. */
export function registerCell(name: string, javaScript: string, toCommonJs: string, toModule: string): void {
  const lines = javaScript.split("\n").length;
  let maps: readonly SourceMap[] | undefined;
  origins.set(name, (line, column) => {
    if (line > lines) return undefined; // the call that tslab puts after it
    maps ??= [toCommonJs, toModule].map((map) => new SourceMap(JSON.parse(map))); // few cells ever need them
    let place = { line: line - 1, column: column - 1 };
    for (const map of maps) {
      const entry = map.findEntry(place.line, place.column);
      if (!("originalLine" in entry)) return undefined;
      place = { line: entry.originalLine, column: entry.originalColumn };
    }
    // tslab puts one line before the cell, so what the map counts from 0 is counted from 1 in the cell.
    return place.line < 1 ? undefined : `${name}:${place.line}:${place.column + 1}`;
  });
}

const cellPlace = /(In\[[^\]]*\]):(\d+):(\d+)/;
const internal = /node:internal|node:vm|[\\/]tslab[\\/]dist[\\/]|[\\/]kernel[\\/]dist[\\/]/;

/** The frame with its place in the cell; undefined where it is none of the reader's. */
function readableFrame(frame: string): string | undefined {
  if (internal.test(frame)) return undefined;
  const place = cellPlace.exec(frame);
  const origin = place && origins.get(place[1] ?? "");
  if (!origin) return frame;
  const at = origin(Number(place[2]), Number(place[3]));
  // tslab keeps names in a Proxy, from which Node takes the first part of `Proxy.half`.
  return at && frame.replace(cellPlace, at).replace("Proxy.", "");
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
