// What readers change is kept by their browser, until they take it back. An updated lesson does not meet an old change: it is
// kept with the text that was changed.

const place = (notebook: string, cell: string): string => `em-lesson/${notebook}/${cell}`;

/** The reader's text of a cell; undefined where there is none, or none of this original. */
export function keptEdit(notebook: string, cell: string, original: string): string | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(place(notebook, cell)) ?? "{}");
    return kept.original === original && typeof kept.code === "string" ? kept.code : undefined;
  } catch {
    return undefined; // the storage is forbidden, or holds something else
  }
}

/** Keeps a text; returns whether the browser does. */
export function keepEdit(notebook: string, cell: string, original: string, code: string): boolean {
  try {
    if (code === original) localStorage.removeItem(place(notebook, cell));
    else localStorage.setItem(place(notebook, cell), JSON.stringify({ original, code }));
    return true;
  } catch {
    return false;
  }
}
