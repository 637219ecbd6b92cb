// Help for who writes a cell: completion, hover and the signature of a call.
import ts from "typescript-6";
import type { Converter } from "./converter.js";

/** What may stand in the place of the code from `start` to `end`. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
}

/** What is known of a name or a call. */
export interface Explanation {
  /** Its type, or its signature. */
  readonly signature: string;
  /** Its documentation. */
  readonly text: string;
}

export function complete(converter: Converter, code: string, offset: number): Completion {
  const found = completionAt(converter, code, offset);
  if (found.candidates.length > 0 || !converter.loadPlatformTypes()) return found;
  return completionAt(converter, code, offset);
}

function completionAt(converter: Converter, code: string, offset: number): Completion {
  const [file, at] = converter.place(code, offset);
  const found = converter.service.getCompletionsAtPosition(file, at, {
    includeCompletionsWithInsertText: true,
    includeCompletionsForModuleExports: false,
  });
  const typed = /[\w$]*$/.exec(code.slice(0, offset))?.[0] ?? "";
  const shift = at - offset;
  const start = spanStart(found, shift) ?? offset - typed.length;
  const word = code.slice(start, offset).toLowerCase();
  // An entry may replace more than the others do, as `["with-dash"]` the dot before it.
  const entries = (found?.entries ?? []).filter(({ name }) => name.toLowerCase().includes(word));
  const sorted = [...entries].sort((one, other) => compare(rank(one, word), rank(other, word)));
  const least = Math.min(
    start,
    ...sorted.map(({ replacementSpan }) => (replacementSpan ? replacementSpan.start - shift : start)),
  );
  const candidates = sorted.map(({ name, insertText = name, replacementSpan }) => {
    const from = replacementSpan ? replacementSpan.start - shift : start;
    return code.slice(least, from) + insertText;
  });
  return { start: least, end: offset, candidates: [...new Set(candidates)] };
}

const spanStart = (found: ts.CompletionInfo | undefined, shift: number): number | undefined =>
  found?.optionalReplacementSpan && found.optionalReplacementSpan.start - shift;

/** What begins as the word does comes first; then as the compiler has it. */
const rank = ({ name, sortText }: ts.CompletionEntry, word: string): string =>
  `${name.toLowerCase().startsWith(word) ? 0 : 1} ${sortText} ${name}`;
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** What stands at a place: the name there, or the call around it. */
export function explain(converter: Converter, code: string, offset: number): Explanation | undefined {
  const found = nameAt(converter, code, offset) ?? callAt(converter, code, offset);
  if (found || !converter.loadPlatformTypes()) return found;
  return nameAt(converter, code, offset) ?? callAt(converter, code, offset);
}

function nameAt(converter: Converter, code: string, offset: number): Explanation | undefined {
  // Between a bracket or a comma and what follows, the call is meant.
  if (/[(,]\s*$/.test(code.slice(0, offset))) return undefined;
  const [file, at] = converter.place(code, offset);
  const info =
    converter.service.getQuickInfoAtPosition(file, at) ?? converter.service.getQuickInfoAtPosition(file, at - 1);
  if (!info) return undefined;
  const signature = ts
    .displayPartsToString(info.displayParts)
    .replace(/^\(alias\) /, "")
    .replace(/\nimport \S+$/, "");
  if (signature === "any") return undefined; // a name that nobody has declared
  return { signature, text: documentationOf(info.documentation, info.tags) };
}

function callAt(converter: Converter, code: string, offset: number): Explanation | undefined {
  const [file, at] = converter.place(code, offset);
  const help = converter.service.getSignatureHelpItems(file, at, undefined);
  const item = help?.items[help.selectedItemIndex];
  if (!help || !item) return undefined;
  const parts = ts.displayPartsToString;
  const list = item.parameters.map(({ displayParts }) => parts(displayParts)).join(parts(item.separatorDisplayParts));
  const signature = `${parts(item.prefixDisplayParts)}${list}${parts(item.suffixDisplayParts)}`;
  const here = item.parameters[Math.min(help.argumentIndex, item.parameters.length - 1)];
  const parameter = here && parts(here.documentation);
  const text = [parameter && `${here.name}: ${parameter}`, documentationOf(item.documentation, item.tags)];
  return { signature, text: text.filter(Boolean).join("\n\n") };
}

function documentationOf(documentation?: ts.SymbolDisplayPart[], tags: readonly ts.JSDocTagInfo[] = []): string {
  const lines = tags.map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`.trim());
  return [ts.displayPartsToString(documentation).trim(), lines.join("\n")].filter(Boolean).join("\n");
}

/** Whether a cell is ready to run, can never be, or goes on; `indent` is then that of the next line. */
export function completeness(
  code: string,
): { status: "complete" | "invalid" } | { status: "incomplete"; indent: string } {
  // A line before it makes it a module, where `await` is known.
  const file = ts.createSourceFile("cell.ts", `export {};\n${code}`, ts.ScriptTarget.Latest);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly { start: number }[] };
  const [first] = parseDiagnostics;
  if (!first) return { status: "complete" };
  const end = file.text.trimEnd().length; // what is missing there may still come
  if (first.start < end) return { status: "invalid" };
  const line = code.slice(code.lastIndexOf("\n") + 1);
  return { status: "incomplete", indent: /^\s*/.exec(line)?.[0] + (/[{([]\s*$/.test(line) ? "  " : "") };
}
