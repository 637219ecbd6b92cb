import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { display, mime, type RunningCell, runningCell } from "em-kernel";
import type { Figure } from "./figure.js";
import { figureHtml, libraryHtml, libraryText } from "./html.js";
import { savedStill } from "./saved-stills.js";

/** The figure that brought plotly.js to the page, and the run of a cell that showed it. */
let carrier: { title: string; cell: RunningCell } | undefined;

/**
 * Displays a figure below the notebook cell that runs. The first figure that a page asks for brings plotly.js there; when
 * its cell runs again, which clears what it showed, it does so again. A figure that a notebook of the folder was saved with
 * brings its still picture.
 * @throws Error where no cell runs
 */
export function show(figure: Figure): void {
  const cell = runningCell();
  if (cell === undefined)
    throw new Error("show: no notebook cell is running. Call it from a cell on the TypeScript kernel.");
  const isThere = carrier !== undefined && carrier.cell.client === cell.client;
  if (!cell.drawsFigures && (!isThere || (carrier?.title === figure.title && carrier.cell.run !== cell.run))) {
    display(mime({ "text/html": packedLibrary(), "text/plain": libraryText }));
    carrier = { title: figure.title, cell };
  }
  const html = figureHtml(figure);
  // A page that draws figures itself has no folder with saved ones.
  const { png, ...still } = (cell.drawsFigures ? undefined : savedStill(html)) ?? { html };
  const pictures = { ...(png && { "image/png": png }), "text/html": still.html };
  display(mime({ ...pictures, "text/plain": `${figure.title}\n${figure.alt}` }));
}

function packedLibrary(): string {
  const file = (name: string): Buffer => readFileSync(require.resolve(name));
  return libraryHtml(
    gzipSync(file("plotly.js-dist-min"), { level: 9 }).toString("base64"),
    file("em-figures/browser/live.js").toString(),
  );
}
