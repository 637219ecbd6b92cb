// Of `node:module`, in the worker: what finds the place in a cell for a place in its JavaScript.
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

export class SourceMap {
  private readonly map: TraceMap;

  constructor(json: ConstructorParameters<typeof TraceMap>[0]) {
    this.map = new TraceMap(json);
  }

  /** Lines and columns count from 0. */
  findEntry(line: number, column: number): object {
    const found = originalPositionFor(this.map, { line: line + 1, column });
    return found.line === null ? {} : { originalLine: found.line - 1, originalColumn: found.column };
  }
}
