// The book: a page for each executed notebook and an index of the lesson, for a browser without a network.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { path, run, SetUpError } from "../../scripts/set-up/project.mjs";
import { Equations } from "./equations.mjs";
import { figuresOf, isCover, joined, readNotebook, withImagesOf, withoutLibrary, writeNotebook } from "./notebook.mjs";

/** @typedef {import("./notebook.mjs").Notebook} Notebook */
/** @typedef {{ name: string, title: string, description: string }} Entry */

const lesson = {
  title: "The EM algorithm, step by step",
  description:
    "An executable lesson on the EM algorithm: every number is computed, and every picture can be zoomed and stepped through.",
};

/**
 * Makes the pages of executed notebooks, and the index.
 * @param {import("../../scripts/set-up/jupyter.mjs").Jupyter} jupyter
 * @param {readonly string[]} executed files of executed notebooks
 * @param {readonly string[]} committed files of the lesson's notebooks, in order
 * @param {string} folder where the pages go
 */
export function makePages(jupyter, executed, committed, folder) {
  const sources = join(folder, ".sources");
  mkdirSync(sources, { recursive: true });
  const pages = executed.map((file) => {
    const name = basename(file, ".ipynb");
    const known = committed.find((other) => basename(other) === basename(file));
    const notebook = withoutLibrary(readNotebook(file));
    const equations = new Equations();
    const source = join(sources, `${name}.ipynb`);
    writeNotebook(source, pageSource(known ? withImagesOf(notebook, readNotebook(known)) : notebook, equations));
    return { entry: entryOf(name, notebook), equations, source };
  });
  const convert = ["nbconvert", "--to", "html", "--template", "basic", "--log-level=ERROR"];
  const code = run(jupyter.command, [...jupyter.args, ...convert, ...pages.map(({ source }) => source)], {
    env: jupyter.env,
  });
  if (code !== 0) throw new SetUpError("nbconvert could not make the pages: see its message above.");

  const entries = committed.map((file) => entryOf(basename(file, ".ipynb"), readNotebook(file)));
  const written = (/** @type {Entry} */ { name }) =>
    existsSync(join(folder, `${name}.html`)) || pages.some(({ entry }) => entry.name === name);
  for (const { entry, equations, source } of pages) {
    const content = reachable(equations.put(readFileSync(source.replace(/ipynb$/, "html"), "utf8")));
    const i = entries.findIndex(({ name }) => name === entry.name);
    const neighbours = {
      previous: entries.slice(0, Math.max(i, 0)).reverse().find(written),
      next: i < 0 ? undefined : entries.slice(i + 1).find(written),
    };
    writeFileSync(join(folder, `${entry.name}.html`), page(entry, content, navigation(neighbours)));
  }
  rmSync(sources, { recursive: true });
  writeFileSync(
    join(folder, "index.html"),
    index(
      entries.map((entry) => ({ ...entry, written: written(entry) })),
      cover(committed),
    ),
  );
  copyAssets(folder);
}

/** @param {string} name @param {Notebook} notebook @returns {Entry} */
const entryOf = (name, { metadata: { title = name, description = "" } }) => ({ name, title, description });

/** The notebook as nbconvert gets it: equations taken out, links between notebooks leading to pages. @param {Notebook} notebook @param {Equations} equations */
const pageSource = (notebook, equations) => ({
  ...notebook,
  cells: notebook.cells.map((cell) =>
    cell.cell_type === "markdown"
      ? { ...cell, source: equations.take(joined(cell.source)).replace(/(\]\([\w./-]+)\.ipynb([)#])/g, "$1.html$2") }
      : cell,
  ),
});

/** Lets what scrolls sideways be reached and scrolled with the keyboard. @param {string} html */
const reachable = (html) =>
  html
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

/** @param {(Entry & { written: boolean })[]} entries @param {string | undefined} picture */
function index(entries, picture = "") {
  const rows = entries.map(({ name, title, description, written }) => {
    const link = written ? `<a href="${name}.html">${text(title)}</a>` : text(title);
    return `<tr><td>${Number.parseInt(name, 10)}</td><td>${link}</td><td>${text(description)}</td></tr>`;
  });
  const table = `<table><thead><tr><th>#</th><th>Notebook</th><th>What it is about</th></tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table>`;
  return page(
    lesson,
    reachable(`<h1>${text(lesson.title)}</h1>\n<p>${text(lesson.description)}</p>\n${picture}\n${table}`),
  );
}

/** @param {{ title: string, description: string }} entry @param {string} content @param {string} [links] */
const page = ({ title, description }, content, links) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title === lesson.title ? title : `${title} · ${lesson.title}`)}</title>
<meta name="description" content="${text(description)}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/katex.min.css">
<link rel="stylesheet" href="assets/page.css">
<script defer src="assets/plotly.min.js"></script>
<script defer src="assets/live.js"></script>
</head>
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
    path("packages", "book", "page.css"),
  ])
    copyFileSync(file, join(assets, basename(file)));
  cpSync(join(katex, "fonts"), join(assets, "fonts"), {
    recursive: true,
    filter: (file) => !/\.(ttf|woff)$/.test(file),
  });
}
