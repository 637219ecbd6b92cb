// The notebook with the reader's changes, as a file for Jupyter.
import type { LiveCell } from "./cell.js";

/** The parts of the notebook format that are used here. */
export interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly id: string;
    readonly source: string | readonly string[];
  }[];
  readonly metadata: object;
}

/** The notebook with the texts of these cells. It has no outputs, and so is not as it was saved. */
export function withChanges(notebook: Notebook, cells: readonly LiveCell[]): Notebook {
  const codes = new Map(cells.map(({ id, code }) => [id, code]));
  const { saved: _, ...metadata } = notebook.metadata as { readonly saved?: string };
  return {
    ...notebook,
    metadata,
    cells: notebook.cells.map((cell) => ({
      ...cell,
      source: (codes.get(cell.id) ?? joined(cell.source)).split(/(?<=\n)/),
    })),
  };
}

export const joined = (source: string | readonly string[]): string => [source].flat().join("");

/** Hands a file to the reader. */
export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
