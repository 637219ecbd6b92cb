import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Figure } from "./figure.js";
import { figureHtml, libraryHtml } from "./html.js";

/**
 * What tslab gives to the cell that runs, anew for each run: its own `display` writes through it, a single MIME type at a time.
 * The lesson's kernel adds which client asked for the run: a page that is opened anew is another one.
 */
type Write = {
  (content: { data: Record<string, string>; metadata: object; transient: object }, update: boolean): void;
  readonly client?: string;
};

/** The figure that brought plotly.js to the page, and the run of a cell that showed it. */
let carrier: { title: string; write: Write } | undefined;

/**
 * Displays a figure below the notebook cell that runs. The first figure that a page asks for brings plotly.js there; when
 * its cell runs again, which clears what it showed, it does so again.
 * @throws Error where no cell runs
 */
export function show(figure: Figure): void {
  const write = outputOfCell();
  const send = (data: Record<string, string>) => write({ data, metadata: {}, transient: {} }, false);
  const isThere = carrier !== undefined && carrier.write.client === write.client;
  if (!isThere || (carrier?.title === figure.title && carrier.write !== write)) {
    send({ "text/html": packedLibrary() });
    carrier = { title: figure.title, write };
  }
  send({ "text/html": figureHtml(figure), "text/plain": `${figure.title}\n${figure.alt}` });
}

function outputOfCell(): Write {
  // Notebook cells load the CommonJS build; the ES module build has no `require`, and no cell to write to.
  const { lastWriteDisplayData } =
    typeof require === "undefined"
      ? { lastWriteDisplayData: null }
      : (require("tslab/dist/jupyter.js") as { lastWriteDisplayData: Write | null });
  if (lastWriteDisplayData !== null) return lastWriteDisplayData;
  throw new Error("show: no notebook cell is running. Call it from a cell on the TypeScript kernel.");
}

function packedLibrary(): string {
  const file = (name: string): Buffer => readFileSync(require.resolve(name));
  return libraryHtml(
    gzipSync(file("plotly.js-dist-min"), { level: 9 }).toString("base64"),
    file("em-figures/browser/live.js").toString(),
  );
}
