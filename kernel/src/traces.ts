// Stack traces in the reader's terms: `In[3]:2:7`, the cell and the line and column of its TypeScript, wherever a
// trace is printed; the frames of Node, tslab and this kernel are left out.
import { SourceMap } from "node:module";

/** The way from a line and column (from 1) of the JavaScript that runs to the cell's TypeScript. */
type Origin = (line: number, column: number) => { readonly line: number; readonly column: number } | undefined;

const origins = new Map<string, Origin>();

/** Registers a cell: the JavaScript that runs, and its two source maps, to the ES module and from that to TypeScript. */
export function registerCell(name: string, javaScript: string, toCommonJs: string, toModule: string): void {
  const lines = javaScript.split("\n").length;
  let maps: readonly [SourceMap, SourceMap] | undefined;
  origins.set(name, (line, column) => {
    if (line > lines) return undefined; // the call that tslab puts after it
    maps ??= [new SourceMap(JSON.parse(toCommonJs)), new SourceMap(JSON.parse(toModule))]; // few cells ever need them
    const middle = maps[0].findEntry(line - 1, column - 1);
    if (!("originalLine" in middle)) return undefined;
    const origin = maps[1].findEntry(middle.originalLine, middle.originalColumn);
    // tslab puts one line before the cell, so what the map counts from 0 is counted from 1 in the cell.
    if (!("originalLine" in origin) || origin.originalLine < 1) return undefined;
    return { line: origin.originalLine, column: origin.originalColumn + 1 };
  });
}

const cellPlace = /(In\[[^\]]*\]):(\d+):(\d+)/;
const internal = /node:internal|node:vm|[\\/]tslab[\\/]dist[\\/]|[\\/]kernel[\\/]dist[\\/]/;

/** The frame with its place in the cell; undefined where it is none of the reader's. */
export function readableFrame(frame: string): string | undefined {
  if (internal.test(frame)) return undefined;
  const place = cellPlace.exec(frame);
  const origin = place && origins.get(place[1] ?? "");
  if (!origin) return frame;
  const at = origin(Number(place[2]), Number(place[3]));
  // tslab keeps names in a Proxy, from which Node takes the first part of `Proxy.half`.
  return at && frame.replace(cellPlace, `${place[1]}:${at.line}:${at.column}`).replace("Proxy.", "");
}

/** Makes every Error of this process print such traces. */
export function installReadableTraces(): void {
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.map((frame) => readableFrame(String(frame))).filter((line) => line !== undefined);
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
