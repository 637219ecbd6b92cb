// A failure as Jupyter shows it: name, message and a coloured traceback with the offending line underlined. Stock tslab
// replies without any of these.
import { inspect } from "node:util";
import type { Finding, Place } from "./engine/findings.js";
import { cells, withReadableTraces } from "./traces.js";

export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;

/** A cell that does not compile. */
export function compileFailure(cell: string, code: string, findings: readonly Finding[]): Failure {
  // TypeScript's syntax errors bear the numbers 1000 to 1999.
  const ename = findings.some((finding) => finding.code < 2000) ? "SyntaxError" : "TypeCheckError";
  const places = findings.map(({ file, start }) => `${file ?? cell}:${start.line + 1}:${start.character + 1}`);
  const traceback = findings.flatMap(({ code: number, text, file, start, end }, at) => {
    const [first = "", ...reasons] = text.split("\n");
    const heading = `${red(`${ename} TS${number}`)}: ${first}  ${dim(places[at] ?? "")}`;
    const marked = file === undefined ? underlined(code, start, end) : [];
    return [heading, ...marked, ...reasons.map((reason) => `  ${reason.trim()}`)];
  });
  return { ename, evalue: `${findings[0]?.text.split("\n")[0]} (${places[0]})`, traceback };
}

/** A value that cells have thrown. */
export const thrownFailure = (value: unknown): Failure => withReadableTraces(() => failureOf(value));

function failureOf(value: unknown): Failure {
  try {
    const shown = inspect(value, { colors: true });
    if (!(value instanceof Error))
      return { ename: "Thrown", evalue: inspect(value), traceback: [`${red("Thrown")}: ${shown}`] };
    const ename = String(value.name || "Error");
    const coloured = shown.replace(/^\[(.*)\]$/s, "$1").replace(ename, red(ename)); // brackets: an error without frames
    const traceback = [...offendingLine(String(value.stack)), ...coloured.split("\n")];
    return { ename, evalue: String(value.message), traceback };
  } catch {
    const evalue = "a value that cannot be shown, as looking at it throws";
    return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
  }
}

/** The line of a cell that the trace names first. */
function offendingLine(stack: string): readonly string[] {
  const [, cell = "", line, column] = /(In\[[^\]]*\]):(\d+):(\d+)/.exec(stack) ?? [];
  const code = cells.get(cell)?.code;
  if (code === undefined) return [];
  const start = { line: Number(line) - 1, character: Number(column) - 1 };
  return [dim(`${cell}, line ${line}`), ...underlined(code, start, start), ""];
}

/** The line at `start` with its number, and a mark below what lies between `start` and `end`. */
function underlined(code: string, start: Place, end: Place): readonly string[] {
  const line = code.split("\n")[start.line];
  if (line === undefined) return [];
  const last = end.line > start.line ? line.length : end.character;
  const mark = (start.character < last ? "~" : "^").repeat(Math.max(1, last - start.character));
  const number = `${start.line + 1}`;
  const indent = line.slice(0, start.character).replace(/[^\t]/g, " "); // a tab stays a tab, so that the mark fits
  return [`${dim(`${number} |`)} ${line}`, `${dim(`${" ".repeat(number.length)} |`)} ${indent}${red(mark)}`];
}
