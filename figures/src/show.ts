import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Figure } from "./figure.js";
import { figureHtml, libraryHtml } from "./html.js";

/** The part of tslab that its own `display` writes through; `display` itself sends a single MIME type at a time. */
interface TslabOutput {
  readonly lastWriteDisplayData:
    | null
    | ((content: { data: Record<string, string>; metadata: object; transient: object }, update: boolean) => void);
}

let libraryShown = false;

/** Displays a figure below the notebook cell that runs. The first figure of a session brings plotly.js to the page. */
export function show(figure: Figure): void {
  if (!libraryShown) {
    display({ "text/html": packedLibrary() });
    libraryShown = true;
  }
  display({ "text/html": figureHtml(figure), "text/plain": `${figure.title}\n${figure.alt}` });
}

function display(data: Record<string, string>): void {
  // Notebook cells load the CommonJS build; the ES module build has no `require`, and no cell to write to.
  const output =
    typeof require === "undefined" ? null : (require("tslab/dist/jupyter.js") as TslabOutput).lastWriteDisplayData;
  if (output === null)
    throw new Error(
      "show: there is no notebook cell to show the figure in. Call it from a cell on the TypeScript kernel.",
    );
  output({ data, metadata: {}, transient: {} }, false);
}

function packedLibrary(): string {
  const file = (name: string): Buffer => readFileSync(require.resolve(name));
  return libraryHtml(
    gzipSync(file("plotly.js-dist-min"), { level: 9 }).toString("base64"),
    file("em-figures/browser/live.js").toString(),
  );
}
