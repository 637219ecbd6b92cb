// What the compiler finds in a cell, in the cell's own lines and in words that a reader of cells can follow.
import ts from "typescript-6";

/** A finding of the compiler. Lines and columns count from 0. */
export interface Finding {
  /** The number after `TS`. */
  readonly code: number;
  readonly text: string;
  /** Where it is in another file than the cell. */
  readonly file?: string;
  readonly start: Place;
  readonly end: Place;
}

export interface Place {
  readonly line: number;
  readonly character: number;
}

/**
 * What TypeScript refuses in CommonJS modules, which cells are only once they run: top-level await and `using`,
 * import.meta, import attributes; and packages without types.
 */
const allowed = new Set([1309, 1343, 1378, 1432, 2821, 2823, 2854, 7016]);

/** "Cannot find name", in its forms. */
const unknownName = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 18004]);
/** "… implicitly has an 'any' type": of little interest beside a name that is not known. */
const implicitAny = new Set([7005, 7006, 7019, 7022, 7031, 7034, 7053]);

/** What the compiler was given for a cell. */
interface CheckedCell {
  readonly path: string;
  /** The length of what stands before the cell's code. */
  readonly header: number;
  readonly code: string;
  /** The names of earlier cells. */
  readonly names: ReadonlySet<string>;
}

export function findingsOf(program: ts.Program, sources: readonly ts.SourceFile[], cell: CheckedCell): Finding[] {
  const found = sources.flatMap((source) => {
    const syntax = program.getSyntacticDiagnostics(source);
    const all = syntax.length > 0 ? syntax : program.getSemanticDiagnostics(source);
    return all.filter(({ code }) => !allowed.has(code)).map((finding) => inReadersTerms(finding, source, cell));
  });
  return eachNameOnce(found, cell);
}

function inReadersTerms(
  { code, messageText, start = 0, length = 0 }: ts.Diagnostic,
  source: ts.SourceFile,
  cell: CheckedCell,
): Finding {
  const text = ts
    .flattenDiagnosticMessageText(messageText, "\n")
    .replace(/because it is an import\.$/, "because it is a constant of an earlier cell.")
    // A class of an earlier cell that is declared anew in this one.
    .replace(/import\("[^"]*\/(In\[[^"\]]*\])"\)\.(\w+)/g, "$2 of $1");
  const place = (offset: number): Place => source.getLineAndCharacterOfPosition(offset);
  if (source.fileName !== cell.path)
    return { code, text, file: source.fileName, start: place(start), end: place(start + length) };
  // Before the cell stands one line; what is found there or after the cell is shown at its edge.
  const inside = (offset: number): Place => {
    const at = Math.min(Math.max(offset, cell.header), cell.header + cell.code.length);
    const { line, character } = place(at);
    return { line: line - 1, character };
  };
  return { code, text, start: inside(start), end: inside(start + length) };
}

/** A name that no cell has declared is told once, and what follows from it not at all. */
function eachNameOnce(found: readonly Finding[], { code, names: known }: CheckedCell): Finding[] {
  const names = new Set<string>();
  const nameOf = ({ code, text }: Finding) => (unknownName.has(code) ? /'([^']+)'/.exec(text)?.[1] : undefined);
  const anyUnknown = found.some((finding) => nameOf(finding) !== undefined);
  return found.flatMap((finding) => {
    const name = nameOf(finding);
    if (name === undefined) return anyUnknown && implicitAny.has(finding.code) ? [] : [finding];
    if (names.has(name)) return [];
    names.add(name);
    // A like name helps if it is one of the reader's; there are many others, of which some is always alike.
    const like = /Did you mean '([^']+)'/.exec(finding.text)?.[1];
    if (like !== undefined && (known.has(like) || code.includes(like))) return [finding];
    if (![2304, 2552, 18004].includes(finding.code)) return [finding];
    const text = `Cannot find name '${name}': it is declared in no cell that has run. Run the cells above first.`;
    return [{ ...finding, code: 2304, text }];
  });
}
