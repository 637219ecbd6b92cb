// Notebooks as files: reading, writing, and what to keep of the figures in their outputs.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

/**
 * The parts of the notebook format (nbformat 4) that are used here.
 * @typedef {{ output_type: string, name?: string, text?: string | string[], data?: Record<string, string | string[]> }} Output
 * @typedef {{ html: string, png: string }} Still a figure's HTML with its image, and a PNG in base64 for what shows no HTML
 * @typedef {{ cell_type: string, id: string, metadata: { tags?: string[], jupyter?: { outputs_hidden?: boolean } }, source: string | string[], outputs?: Output[] }} Cell
 * @typedef {{ cells: Cell[], metadata: { title?: string, description?: string, minutes?: number, needs?: string, saved?: string } }} Notebook
 */

/** @param {string} file @returns {Notebook} */
export const readNotebook = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Writes a notebook as Jupyter does. @param {string} file @param {Notebook} notebook */
export const writeNotebook = (file, notebook) => writeFileSync(file, `${JSON.stringify(notebook, undefined, 1)}\n`);

/** The text of a source or an output, which the format stores whole or in lines. @param {string | string[]} [text] */
export const joined = (text = "") => [text].flat().join("");

/** The lines of a text, as the format stores them. @param {string} text */
const lines = (text) => text.split(/(?<=\n)/);

/** The HTML of an output, or "". @param {Output} output */
const html = (output) => joined(output.data?.["text/html"]);

/** @param {Output} output */
const carriesLibrary = (output) => /^<script type="text\/plain" class="em-plotly">/.test(html(output));

/** @param {Output} output */
const isFigure = (output) => /^<figure class="em-figure /.test(html(output));

/** The notebook without the packed plotly.js among its outputs. @param {Notebook} notebook */
export const withoutLibrary = (notebook) =>
  mapOutputs(notebook, (outputs) => outputs.filter((output) => !carriesLibrary(output)));

/** The notebook with one output for what is printed in a row: kernels send it in pieces, as time has it. @param {Notebook} notebook */
export const withJoinedStreams = (notebook) =>
  mapOutputs(notebook, (outputs) => {
    /** @type {Output[]} */
    const kept = [];
    for (const output of outputs) {
      const before = kept.at(-1);
      if (before?.output_type === "stream" && output.output_type === "stream" && before.name === output.name)
        kept[kept.length - 1] = { ...before, text: lines(joined(before.text) + joined(output.text)) };
      else kept.push(output);
    }
    return kept;
  });

/** The HTML of each figure of a cell. @param {Cell} cell */
export const figuresOf = (cell) => (cell.outputs ?? []).filter(isFigure).map(html);

/** The notebook with the HTML of each figure changed. @param {Notebook} notebook @param {(figure: string) => string} change @returns {Notebook} */
export const mapFigures = (notebook, change) =>
  mapOutputs(notebook, (outputs) =>
    outputs.map((output) =>
      isFigure(output) ? { ...output, data: { ...output.data, "text/html": lines(change(html(output))) } } : output,
    ),
  );

/** The notebook with the stills of its figures, by their HTML. @param {Notebook} notebook @param {ReadonlyMap<string, Still>} stills */
export const withStills = (notebook, stills) =>
  mapOutputs(notebook, (outputs) =>
    outputs.map((output) => {
      const still = isFigure(output) ? stills.get(html(output)) : undefined;
      if (still === undefined) return output;
      // In the order of Jupyter, which sorts by name.
      return { ...output, data: { "image/png": still.png, ...output.data, "text/html": lines(still.html) } };
    }),
  );

/** The notebook without the stills of its figures, as it was run. @param {Notebook} notebook */
export const withoutStills = (notebook) =>
  mapOutputs(notebook, (outputs) =>
    outputs.map((output) => {
      if (!isFigure(output)) return output;
      const { "image/png": _, ...data } = output.data ?? {};
      return { ...output, data: { ...data, "text/html": lines(withoutImage(html(output))) } };
    }),
  );

/** @param {Notebook} notebook @param {(outputs: Output[]) => Output[]} change @returns {Notebook} */
const mapOutputs = (notebook, change) => ({
  ...notebook,
  cells: notebook.cells.map((cell) => (cell.outputs ? { ...cell, outputs: change(cell.outputs) } : cell)),
});

/** A figure's HTML without its static image. @param {string} figure */
export const withoutImage = (figure) => figure.replace(/^(<img alt="[^"]*") src="[^"]*">$/m, "$1>");

/** A figure's HTML with a static image in its place. @param {string} figure @param {string} source a data URI */
export const withImage = (figure, source) =>
  withoutImage(figure).replace(/^(<img alt="[^"]*")>$/m, (_, start) => `${start} src="${source}">`);

/** The static image in a figure's HTML, where it is an SVG. @param {string} figure */
export function imageOf(figure) {
  const base64 = /^<img alt="[^"]*" src="data:image\/svg\+xml;base64,([^"]*)">$/m.exec(figure)?.[1];
  return base64 && Buffer.from(base64, "base64");
}

/** Whether a cell's figure is the picture that stands for the whole lesson. @param {Cell} cell */
export const isCover = (cell) => hasTag(cell, "cover");

/** @param {Cell} cell @param {string} tag */
export const hasTag = (cell, tag) => cell.metadata.tags?.includes(tag) ?? false;

/** The plot in a figure's HTML, for plotly.js. @param {string} figure @returns {unknown} */
export const plotOf = (figure) =>
  JSON.parse(/<script type="application\/json">(.*)<\/script>/.exec(figure)?.[1] ?? "null");

/** The notebook with the static images that another one has for the same figures. @param {Notebook} notebook @param {Notebook} other */
export function withImagesOf(notebook, other) {
  const known = new Map(other.cells.flatMap(figuresOf).map((figure) => [withoutImage(figure), figure]));
  return mapFigures(notebook, (figure) => known.get(figure) ?? figure);
}

/** A short digest of the code of all cells. @param {Notebook} notebook */
export function digestOfCode({ cells }) {
  const code = cells.filter((cell) => cell.cell_type === "code").map(({ source }) => joined(source));
  return createHash("sha256").update(JSON.stringify(code)).digest("hex").slice(0, 12);
}
