// A failure as Jupyter shows it: name, message and a coloured traceback with the offending line underlined. Stock tslab
// replies without any of these.
import { inspect } from "node:util";

export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A finding of the compiler; lines and columns count from 0, `file` is undefined for the cell itself. */
export interface Finding {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
  readonly messageText: string;
  readonly code: number;
  readonly fileName?: string | undefined;
}

export class InterruptedError extends Error {
  override name = "InterruptedError";
  override message = "the cell was interrupted";
  // Its own trace would show where the kernel stopped the cell, not where the cell was.
  override stack = `${this.name}: ${this.message}`;
}

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;

/** A cell that does not compile. */
export function compileFailure(cell: string, code: string, findings: readonly Finding[]): Failure {
  // TypeScript's syntax errors bear the numbers 1000 to 1999.
  const ename = findings.some((finding) => finding.code < 2000) ? "SyntaxError" : "TypeCheckError";
  const traceback: string[] = [];
  findings.forEach((finding, index) => {
    const previous = findings[index - 1];
    if (previous?.start.line === finding.start.line && previous.start.character === finding.start.character) {
      traceback.push(`  ${finding.messageText}`); // a reason for the finding before
      return;
    }
    const place = `${finding.fileName ?? cell}:${finding.start.line + 1}:${finding.start.character + 1}`;
    traceback.push(`${red(`${ename} TS${finding.code}`)}: ${finding.messageText}  ${dim(place)}`);
    if (finding.fileName === undefined) traceback.push(...underlined(code, finding.start, finding.end));
  });
  const { start, messageText, fileName } = findings[0] as Finding;
  return { ename, evalue: `${messageText} (${fileName ?? cell}:${start.line + 1}:${start.character + 1})`, traceback };
}

/** Node puts the JavaScript line that threw before the trace; the reader gets the TypeScript line instead. */
const nodesExcerpt = /^[^\n]+:\d+\n[^\n]*\n *\^+\n\n/;

/** A value that cells have thrown; `sourceOf` gives the code of a cell by its name. */
export function thrownFailure(value: unknown, sourceOf: (cell: string) => string | undefined): Failure {
  safely(() => {
    const { stack = "" } = value as Error;
    if (nodesExcerpt.test(stack)) (value as Error).stack = stack.replace(nodesExcerpt, "");
    return "";
  }, "");
  const shown = safely(() => inspect(value, { colors: true }), "a value that cannot be shown");
  if (!(value instanceof Error)) {
    const plain = safely(() => inspect(value), "a value that cannot be shown");
    return { ename: "Thrown", evalue: plain, traceback: [`${red("Thrown")}: ${shown}`] };
  }
  const ename = safely(() => String(value.name || "Error"), "Error");
  const evalue = safely(() => String(value.message), "");
  const coloured = shown.replace(/^\[(.*)\]$/s, "$1").replace(ename, red(ename)); // brackets: an error without frames
  return { ename, evalue, traceback: [...offendingLine(value, sourceOf), ...coloured.split("\n")] };
}

/** The line of a cell that the trace names first. */
function offendingLine(error: Error, sourceOf: (cell: string) => string | undefined): readonly string[] {
  const place = /(In\[[^\]]*\]):(\d+):(\d+)/.exec(safely(() => String(error.stack), ""));
  const code = place && sourceOf(place[1] ?? "");
  if (!code) return [];
  const start = { line: Number(place[2]) - 1, character: Number(place[3]) - 1 };
  return [dim(`${place[1]}, line ${place[2]}`), ...underlined(code, start, start), ""];
}

/** The line at `start` with its number, and a mark below what lies between `start` and `end`. */
function underlined(code: string, start: Finding["start"], end: Finding["end"]): readonly string[] {
  const line = code.split("\n")[start.line];
  if (line === undefined) return [];
  const last = end.line > start.line ? line.length : end.character;
  const mark = (start.character < last ? "~" : "^").repeat(Math.max(1, last - start.character));
  const number = `${start.line + 1}`;
  const indent = line.slice(0, start.character).replace(/[^\t]/g, " "); // a tab stays a tab, so that the mark fits
  return [`${dim(`${number} |`)} ${line}`, `${dim(`${" ".repeat(number.length)} |`)} ${indent}${red(mark)}`];
}

/** What a cell throws may itself throw when it is looked at. */
function safely(look: () => string, otherwise: string): string {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
