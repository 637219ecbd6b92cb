import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { display, mime, type RunningCell, runningCell } from "em-kernel";
import type { Figure } from "./figure.js";
import { figureHtml, libraryHtml } from "./html.js";

/** The figure that brought plotly.js to the page, and the run of a cell that showed it. */
let carrier: { title: string; cell: RunningCell } | undefined;

/**
 * Displays a figure below the notebook cell that runs. The first figure that a page asks for brings plotly.js there; when
 * its cell runs again, which clears what it showed, it does so again.
 * @throws Error where no cell runs
 */
export function show(figure: Figure): void {
  const cell = runningCell();
  if (cell === undefined)
    throw new Error("show: no notebook cell is running. Call it from a cell on the TypeScript kernel.");
  const isThere = carrier !== undefined && carrier.cell.client === cell.client;
  if (!cell.drawsFigures && (!isThere || (carrier?.title === figure.title && carrier.cell.run !== cell.run))) {
    display(mime({ "text/html": packedLibrary() }));
    carrier = { title: figure.title, cell };
  }
  display(mime({ "text/html": figureHtml(figure), "text/plain": `${figure.title}\n${figure.alt}` }));
}

function packedLibrary(): string {
  const file = (name: string): Buffer => readFileSync(require.resolve(name));
  return libraryHtml(
    gzipSync(file("plotly.js-dist-min"), { level: 9 }).toString("base64"),
    file("em-figures/browser/live.js").toString(),
  );
}
