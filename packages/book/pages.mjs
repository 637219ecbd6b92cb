// The book: a page for each executed notebook and an index of the lesson, for a browser without a network.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Equations } from "./equations.mjs";
import { figuresOf, isCover, joined, readNotebook, withImagesOf, withoutLibrary, writeNotebook } from "./notebook.mjs";

/** @typedef {import("./notebook.mjs").Notebook} Notebook */
/** @typedef {{ name: string, title: string, description: string, minutes?: number | undefined, needs?: string | undefined }} Entry */

const lesson = {
  title: "The EM algorithm, step by step",
  description:
    "An executable lesson on the EM algorithm: every number is computed, every picture can be zoomed, and those with a slider can be stepped through.",
};

/**
 * Makes the pages of executed notebooks, and the index.
 * @param {(files: readonly string[]) => void} convert makes of each notebook an HTML file of the same name beside it, by nbconvert's basic template
 * @param {readonly string[]} executed files of executed notebooks
 * @param {readonly string[]} committed files of the lesson's notebooks, in order
 * @param {string} folder where the pages go
 * @param {string} [program] the name of a script and a style sheet among the assets which make cells live: the script finds the notebook in the page
 */
export function makePages(convert, executed, committed, folder, program) {
  mkdirSync(folder, { recursive: true });
  // Of its own for each run: two may go on at once.
  const sources = mkdtempSync(join(folder, ".sources-"));
  const pages = executed.map((file) => {
    const name = basename(file, ".ipynb");
    const known = committed.find((other) => basename(other) === basename(file));
    const notebook = withoutLibrary(readNotebook(file));
    const equations = new Equations();
    const source = join(sources, `${name}.ipynb`);
    writeNotebook(source, pageSource(known ? withImagesOf(notebook, readNotebook(known)) : notebook, equations));
    const code = program === undefined ? "" : notebookForProgram(readNotebook(file));
    return { entry: entryOf(name, notebook), equations, source, hidden: hiddenOutputs(notebook), code };
  });
  convert(pages.map(({ source }) => source));

  const entries = committed.map((file) => entryOf(basename(file, ".ipynb"), readNotebook(file)));
  const written = (/** @type {Entry} */ { name }) =>
    existsSync(join(folder, `${name}.html`)) || pages.some(({ entry }) => entry.name === name);
  for (const { entry, equations, source, hidden, code } of pages) {
    const html = equations.put(readFileSync(source.replace(/ipynb$/, "html"), "utf8"));
    const content = withAnswersClosed(withContents(reachable(html), entry), hidden);
    const i = entries.findIndex(({ name }) => name === entry.name);
    const neighbours = {
      previous: entries.slice(0, Math.max(i, 0)).reverse().find(written),
      next: i < 0 ? undefined : entries.slice(i + 1).find(written),
    };
    put(folder, `${entry.name}.html`, page(entry, content + code, navigation(neighbours), code && program));
  }
  rmSync(sources, { recursive: true });
  put(
    folder,
    "index.html",
    index(
      entries.map((entry) => ({ ...entry, written: written(entry) })),
      cover(committed),
      pages.map(({ entry }) => entry).filter(({ name }) => name.startsWith("appendix-")),
    ),
  );
  copyAssets(folder);
}

/** @param {string} name @param {Notebook} notebook @returns {Entry} */
const entryOf = (name, { metadata: { title = name, description = "", minutes, needs } }) => ({
  name,
  title,
  description,
  minutes,
  needs,
});

/** Writes a file as a whole: whoever reads meanwhile sees the old one or the new. @param {string} folder @param {string} name @param {string} content */
function put(folder, name, content) {
  const fresh = join(mkdtempSync(join(folder, ".new-")), name);
  writeFileSync(fresh, content);
  renameSync(fresh, join(folder, name));
  rmSync(dirname(fresh), { recursive: true });
}

/** The cells whose outputs are an answer that readers are asked to predict. @param {Notebook} notebook */
const hiddenOutputs = ({ cells }) =>
  cells.filter(({ metadata }) => metadata?.jupyter?.outputs_hidden).map(({ id }) => id);

/** Outputs that are hidden in the notebook, folded. @param {string} html @param {readonly string[]} hidden */
function withAnswersClosed(html, hidden) {
  const [before = "", ...cells] = html.split(/(?=<div class="cell border-box-sizing )/);
  const closed = cells.map((cell) => {
    const id = /id="cell-id=([^"]*)"/.exec(cell)?.[1];
    const output = cell.indexOf('<div class="output_wrapper">');
    if (id === undefined || output < 0 || !hidden.includes(id)) return cell;
    const end = cell.lastIndexOf("</div>");
    const summary = "<summary>Output: open it once you have predicted</summary>";
    return `${cell.slice(0, output)}<details class="answer">${summary}${cell.slice(output, end)}</details>\n${cell.slice(end)}`;
  });
  return before + closed.join("");
}

/** How long a notebook takes, what it needs, and its parts, below its title. @param {string} html @param {Entry} entry */
function withContents(html, { minutes, needs }) {
  const parts = [...html.matchAll(/<h2 id="([^"]*)">(.*?)<a class="anchor-link"/g)].map(
    ([, id, title]) => `<li><a href="#${id}">${title?.replace(/<[^>]*>/g, "")}</a></li>`,
  );
  const facts = [minutes && `About ${minutes} minutes.`, needs && `Before it: ${text(needs)}.`]
    .filter(Boolean)
    .join(" ");
  if (!facts && parts.length === 0) return html;
  const list =
    parts.length > 0
      ? `<details class="contents"><summary>On this page</summary><ol>${parts.join("")}</ol></details>`
      : "";
  return html.replace(/<\/h1>/, `</h1><div class="about">${facts ? `<p>${facts}</p>` : ""}${list}</div>`);
}

/** The notebook as nbconvert gets it: equations taken out, links between notebooks leading to pages. @param {Notebook} notebook @param {Equations} equations */
const pageSource = (notebook, equations) => ({
  ...notebook,
  cells: notebook.cells.map((cell) =>
    cell.cell_type === "markdown"
      ? { ...cell, source: equations.take(joined(cell.source)).replace(/(\]\([\w./-]+)\.ipynb([)#])/g, "$1.html$2") }
      : cell,
  ),
});

/** The notebook without its outputs, as data in the page. @param {Notebook} notebook */
function notebookForProgram({ cells, ...rest }) {
  const plain = cells.map((cell) => (cell.outputs ? { ...cell, outputs: [], execution_count: null } : cell));
  const json = JSON.stringify({ ...rest, cells: plain }).replaceAll("<", "\\u003c");
  return `\n<script type="application/json" id="notebook">${json}</script>`;
}

/** Lets what scrolls sideways be reached and scrolled with the keyboard. @param {string} html */
const reachable = (html) =>
  html
    // The page's own script draws all figures, and its policy lets no other run.
    .replaceAll("<script>globalThis.emFigures?.drawAll()</script>\n", "")
    .replaceAll("<pre>", '<pre tabindex="0">')
    .replaceAll("<table>", '<div class="table" role="region" aria-label="table" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>")
    .replaceAll('<span class="katex-display">', '<span class="katex-display" tabindex="0">');

/** The picture of the lesson: the figure of the cell tagged `cover`. @param {readonly string[]} files */
const cover = (files) =>
  files
    .flatMap((file) => readNotebook(file).cells)
    .filter(isCover)
    .flatMap(figuresOf)[0];

/** @param {{ previous?: Entry | undefined, next?: Entry | undefined }} neighbours */
const navigation = ({ previous, next }) =>
  [
    '<a href="index.html">Contents</a>',
    previous && `<a rel="prev" href="${previous.name}.html">← ${text(previous.title)}</a>`,
    next && `<a rel="next" href="${next.name}.html">${text(next.title)} →</a>`,
  ]
    .filter(Boolean)
    .join(" ");

/** @param {(Entry & { written: boolean })[]} entries @param {string | undefined} picture @param {readonly Entry[]} appendices */
function index(entries, picture = "", appendices = []) {
  const appendix = appendices
    .map(({ name, title, description }) => `<p><a href="${name}.html">${text(title)}</a>: ${text(description)}</p>`)
    .join("\n");
  const rows = entries.map(({ name, title, description, minutes, written }) => {
    const link = written ? `<a href="${name}.html">${text(title)}</a>` : text(title);
    return `<tr><td>${Number.parseInt(name, 10)}</td><td>${link}</td><td>${text(description)}</td><td>${minutes ?? ""}</td></tr>`;
  });
  const table = `<table><thead><tr><th>#</th><th>Notebook</th><th>What it is about</th><th>Minutes</th></tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table>`;
  return page(
    lesson,
    reachable(`<h1>${text(lesson.title)}</h1>\n<p>${text(lesson.description)}</p>\n${picture}\n${table}\n${appendix}`),
  );
}

/**
 * What the pages may load and run: their own files, and the program of their cells in a worker. No script in the text of a
 * notebook or in what its cells show runs, and nothing is asked of another host.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-eval'",
  "worker-src blob:",
  "connect-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** @param {{ title: string, description: string }} entry @param {string} content @param {string} [links] @param {string} [program] */
const page = ({ title, description }, content, links, program) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title === lesson.title ? title : `${title} · ${lesson.title}`)}</title>
<meta name="description" content="${text(description)}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/katex.min.css">
<link rel="stylesheet" href="assets/page.css">
<script defer src="assets/plotly.min.js"></script>
<script defer src="assets/live.js"></script>
<script defer src="assets/page.js"></script>
${program ? `<link rel="stylesheet" href="assets/${program}.css">\n<script defer src="assets/${program}.js"></script>\n` : ""}</head>
<body>
${links ? `<header><nav aria-label="lesson">${links}</nav></header>` : ""}
<main>
${content}
</main>
${links ? `<footer><nav aria-label="lesson, again">${links}</nav></footer>` : ""}
</body>
</html>
`;

/** Text for an element or an attribute. @param {string} value */
const text = (value) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Puts beside the pages what they load. @param {string} folder */
function copyAssets(folder) {
  const { resolve } = createRequire(import.meta.url);
  const assets = join(folder, "assets");
  mkdirSync(assets, { recursive: true });
  const katex = dirname(resolve("katex/dist/katex.min.css"));
  for (const file of [
    resolve("plotly.js-dist-min"),
    resolve("em-figures/browser/live.js"),
    join(katex, "katex.min.css"),
    ...["page.css", "page.js"].map((name) => fileURLToPath(new URL(name, import.meta.url))),
  ])
    copyFileSync(file, join(assets, basename(file)));
  cpSync(join(katex, "fonts"), join(assets, "fonts"), {
    recursive: true,
    filter: (file) => !/\.(ttf|woff)$/.test(file),
  });
}
