// Reading executed notebooks in tests.
import { readFileSync } from "node:fs";

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly metadata: { readonly original?: string; readonly jupyter?: { readonly outputs_hidden?: boolean } };
  readonly source: string | readonly string[];
  readonly outputs?: readonly Output[];
}

/** Jupyter stores text whole or as a list of lines. */
export const joined = (text: string | readonly string[] = ""): string => [text].flat().join("");

export const readCells = (file: string): readonly Cell[] => JSON.parse(readFileSync(file, "utf8")).cells;

export const readMetadata = (file: string): { readonly language_info: { readonly codemirror_mode?: unknown } } =>
  JSON.parse(readFileSync(file, "utf8")).metadata;

/** What a cell printed to stdout, followed by the text of its value. */
export const printed = (cell: Cell): string =>
  (cell.outputs ?? [])
    .map((output) => (output.output_type === "stream" ? joined(output.text) : joined(output.data?.["text/plain"])))
    .join("");

/** The cell with that id, or the one that recreates that cell of the original (`In[6]`). */
export function findCell(cells: readonly Cell[], name: string): Cell {
  const found = cells.find((cell) => cell.id === name || cell.metadata.original === name);
  if (found === undefined) throw new Error(`the notebook has no cell ${name}`);
  return found;
}

/** All numbers in a text, in order. */
export const numbersIn = (text: string): number[] =>
  [...text.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g)].map((match) => Number(match[0]));
