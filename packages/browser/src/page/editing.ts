// Cells that the reader changes: the editor is loaded when it is first asked for, and the worker answers it.
import type { Answer, Question } from "../messages.js";
import type { LiveCell } from "./cell.js";
import type { OpenEditor } from "./editor.js";
import { keepEdit, keptEdit } from "./edits.js";
import { type Kernel, loadScript, NoWorkerError } from "./kernel.js";

/** Where the reader's texts are kept, and by what cells are run. */
export interface Editing {
  /** The notebook's name. */
  readonly notebook: string;
  readonly cells: readonly LiveCell[];
  readonly kernel: Kernel;
  run(cell: LiveCell): void;
  /** The address of the folder that the editor's program lies in. */
  readonly folder: string;
}

/** Shows what the reader has changed on an earlier day. */
export function showKept({ notebook, cells }: Editing): void {
  for (const cell of cells) cell.code = keptEdit(notebook, cell.id, cell.original) ?? cell.original;
}

/** Opens the editor of a cell, or closes it. */
export async function edit(cell: LiveCell, editing: Editing): Promise<void> {
  if (cell.isOpen) {
    cell.close();
    return;
  }
  const open = await loadEditor(editing.folder);
  if (cell.isOpen) return; // it was pressed twice
  const { kernel } = editing;
  const ask = async <A extends Answer>(question: Question, otherwise: A): Promise<A> => {
    try {
      await kernel.know(unknownAbove(cell, editing));
      return await kernel.ask<A>(question);
    } catch (error) {
      if (error instanceof NoWorkerError) return otherwise; // a cell that is run says so
      throw error;
    }
  };
  cell.open(open, {
    label: `code of cell ${cell.number}; Shift and Enter runs it`,
    changed: (code) => change(cell, code, editing),
    run: () => editing.run(cell),
    complete: (code, offset) =>
      ask({ about: "complete", code, offset }, { start: offset, end: offset, candidates: [] }),
    explain: (code, offset) => ask({ about: "explain", code, offset }, undefined),
    check: (code) => ask({ about: "check", code }, []),
  });
}

/** Takes back what the reader has changed. */
export function takeBack(cell: LiveCell, editing: Editing): void {
  if (cell.isOpen) cell.close();
  change(cell, cell.original, editing);
}

function change(cell: LiveCell, code: string, { notebook }: Editing): void {
  cell.code = code;
  if (keepEdit(notebook, cell.id, cell.original, code) || toldOf.has(cell)) return;
  toldOf.add(cell);
  cell.say(
    "The browser does not keep this change: its storage is full or forbidden. It lasts as long as the page is open.",
  );
}

/** Cells whose reader knows that they are not kept. */
const toldOf = new WeakSet<LiveCell>();

/** The texts of the cells above that the worker has neither run nor been told of. */
function unknownAbove(cell: LiveCell, { cells }: Editing): string[] {
  const above = cells.filter((each) => each.number < cell.number && each.ran !== each.code && each.known !== each.code);
  for (const each of above) each.known = each.code;
  return above.map(({ code }) => code);
}

let loading: Promise<void> | undefined;

async function loadEditor(folder: string): Promise<OpenEditor> {
  loading ??= loadScript(`${folder}editor.js`);
  await loading;
  return (globalThis as unknown as { emEditor: OpenEditor }).emEditor;
}
