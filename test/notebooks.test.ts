// The lesson's notebooks as they are committed: their parts, their words, their widths, and what a reader sees before
// running them. Every notebook of the lesson falls under these rules; notebooks/AUTHORS.md tells of them.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { digestOfCode, readNotebook } from "../packages/book/notebook.mjs";
import { type Cell, joined, printed, readCells } from "./notebook.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "notebooks");
const files = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const lesson = files.filter((name) => /^\d/.test(name)).sort();

/** Columns that the pages and JupyterLab show at 1280 px. */
const widest = 78;
const mostLines = 20;
/** Bytes: what opens without a wait on a slow line. */
const largestFigure = 100_000;
const largestNotebook = 600_000;

/** Words that stand for a thing that has another name in this lesson. */
const secondWords: readonly (readonly [RegExp, string])[] = [
  [/\b(blam|credit)(e[sd]?|ing|ed|s)?\b|\bshares?\b|\banswers? for\b/gi, "responsibility"],
  [/\brounds?\b/gi, "update"],
  [/\blog[ -]?likelihoods?\b(?<!log-likelihoods?)/gi, "log-likelihood"],
  [/\bsub-?populations?\b/gi, "component"],
];

const readme = readFileSync(join(root, "README.md"), "utf8");
/** The tests of what the notebooks' sentences say. */
const testsOfNotebooks = readdirSync(join(root, "test"))
  .filter((name) => /^notebook-.*\.test\.ts$/.test(name))
  .map((name) => readFileSync(join(root, "test", name), "utf8"))
  .join("\n");

const cellsOf = (name: string): readonly Cell[] => readCells(join(folder, name));
const isCode = (cell: Cell): boolean => cell.cell_type === "code";
const linesOf = (text: string): readonly string[] => text.replace(/\n$/, "").split("\n");
const hidden = (cell: Cell): boolean => cell.metadata.jupyter?.outputs_hidden === true;
const headings = (cells: readonly Cell[]): readonly string[] =>
  cells
    .filter((cell) => !isCode(cell))
    .flatMap((cell) => [...withoutCode(joined(cell.source)).matchAll(/^#{1,2} .*$/gm)].map(([line]) => line));

/** Markdown without fenced blocks and code spans. */
const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");

const html = (cell: Cell): string => (cell.outputs ?? []).map((output) => joined(output.data?.["text/html"])).join("");

/** The text cell before a cell, or "" */
const textBefore = (cells: readonly Cell[], i: number): string => {
  const before = cells
    .slice(0, i)
    .reverse()
    .find((cell) => !isCode(cell));
  return joined(before?.source);
};

assert.ok(lesson.length > 0, "there are notebooks to test");

for (const [i, name] of lesson.entries()) {
  describe(name, () => {
    const cells = cellsOf(name);
    const number = Number.parseInt(name, 10);
    const stem = name.replace(/\.ipynb$/, "");

    test("says what the pages' table of contents needs", () => {
      const { metadata } = readNotebook(join(folder, name));
      for (const key of ["title", "description", "needs"] as const)
        assert.ok(metadata[key], `the notebook's metadata lacks ${key}`);
      assert.ok((metadata.minutes ?? 0) > 0, "the notebook's metadata lacks minutes");
    });

    test("is where readers and tests look for it: README, the notebook before, a test of its numbers", () => {
      const heading = headings(cells)[0] ?? "";
      assert.ok(heading.startsWith(`# ${number}. `), `the first heading is "${heading}", the file's number ${number}`);
      const row = new RegExp(`^\\| ${number} \\| \\[[^\\]]+\\]\\(notebooks/${name}\\) \\|`, "m");
      assert.match(readme, row, `README.md has no row | ${number} | [title](notebooks/${name}) | …`);
      const onward = i > 0 ? joined(cellsOf(lesson[i - 1]).at(-1)?.source) : name;
      assert.ok(onward.includes(name), `"Where to go on" in ${lesson[i - 1]} does not lead to ${name}`);
      assert.ok(testsOfNotebooks.includes(`"${stem}"`), `no test/notebook-….test.ts reads "${stem}": test its numbers`);
    });

    test("was saved after the last change of its code", () => {
      const notebook = readNotebook(join(folder, name));
      const remedy = `run: npm run save -- ${name.slice(0, 2)}`;
      assert.equal(notebook.metadata.saved, digestOfCode(notebook), remedy);
    });

    test("has its parts in order", () => {
      const found = headings(cells);
      assert.match(found[0] ?? "", /^# \d+\. /);
      for (const part of ["**You will**", "**You will learn**", "**You need**"])
        assert.ok(joined(cells[0]?.source).includes(part), `the first cell lacks ${part}`);
      const named = ["## The tools", "## Exercises", "## What to take away", "## Where to go on"];
      const places = named.map((part) => found.findIndex((heading) => heading.startsWith(part)));
      for (const [i, place] of places.entries()) assert.ok(place >= 0, `there is no "${named[i]}"`);
      assert.equal(places[0], 1, "the tools come first");
      assert.deepEqual(
        places.slice(1),
        [-3, -2, -1].map((i) => found.length + i),
        "the last three parts",
      );
    });

    test("gives each exercise a cell to fill in, and a hint and a solution after it", () => {
      const numbers = cells.flatMap(({ id }) => id.match(/^exercise-(\d+)$/)?.[1] ?? []);
      assert.ok(numbers.length >= 2, "two exercises at least");
      for (const number of numbers) {
        const i = cells.findIndex(({ id }) => id === `exercise-${number}`);
        const exercise = cells[i] ?? assert.fail();
        // What the tests of the solutions replace: all up to the first empty line.
        const [own = "", ...rest] = joined(exercise.source).split("\n\n");
        assert.match(own, /\/\/ your turn/, `exercise ${number}: before its first empty line`);
        assert.match(rest.join("\n\n"), /^check\("\w+", /m, `exercise ${number}: after its first empty line`);
        assert.match(printed(exercise), /^not (done )?yet/m, `exercise ${number}, unfilled`);
        const solution = cells[i + 1];
        assert.equal(solution?.id, `solution-${number}`);
        const text = joined(solution?.source);
        assert.match(text, /<summary>A hint<\/summary>[\s\S]*<summary>A solution<\/summary>[\s\S]*```typescript\n/);
      }
    });

    test("hides the answer to each prediction, which is the last word before its cell", () => {
      const predictions = [...cells.keys()].filter((i) => /\*\*Predict before you/.test(joined(cells[i]?.source)));
      assert.ok(predictions.length > 0, "there is nothing to predict");
      for (const i of predictions) {
        const answer = cells[i + 1];
        assert.ok(answer && isCode(answer), `no cell follows the prediction in ${cells[i]?.id}`);
        assert.ok(hidden(answer), `${answer.id} shows the answer to the prediction before it`);
        assert.ok(printed(answer) !== "", `${answer.id} has no output: npm run save`);
        const after = joined(cells[i]?.source).split("**Predict before you")[1] ?? "";
        assert.doesNotMatch(after, /\n\n/, `${cells[i]?.id} goes on after its prediction`);
      }
    });

    test("announces each figure, describes it to those who do not see it, and keeps it small", () => {
      const figures = cells.filter((cell) => html(cell).includes("<figure"));
      assert.ok(figures.length > 0, "there are no figures: npm run save");
      for (const cell of figures) {
        const [, alt = ""] = html(cell).match(/<img alt="([^"]*)"/) ?? [];
        assert.ok(alt.length > 40, `${cell.id}: no alternative text`);
        assert.match(html(cell), /<img [^>]*src="data:image/, `${cell.id} has no still picture: npm run save`);
        assert.match(textBefore(cells, cells.indexOf(cell)), /picture|figure|slide/i, `${cell.id} is not announced`);
        assert.ok(html(cell).length <= largestFigure, `${cell.id}: ${html(cell).length} bytes`);
      }
      assert.ok(
        figures.some((cell) => html(cell).includes('"handles":')),
        "one figure lets the reader choose",
      );
      const size = readFileSync(join(folder, name)).length;
      assert.ok(size <= largestNotebook, `${size} bytes`);
    });

    test("draws its data before its first formula", () => {
      const figure = cells.findIndex((cell) => html(cell).includes("<figure"));
      const formula = cells.findIndex((cell) => !isCode(cell) && joined(cell.source).includes("$$"));
      assert.ok(
        formula < 0 || (figure >= 0 && figure < formula),
        `figure in cell ${figure}, formula in cell ${formula}`,
      );
    });

    test(`fits: code and outputs at most ${widest} columns, cells at most ${mostLines} lines`, () => {
      for (const cell of cells.filter(isCode)) {
        const source = linesOf(joined(cell.source));
        assert.ok(source.length <= mostLines, `${cell.id} has ${source.length} lines`);
        for (const line of source) assert.ok([...line].length <= widest, `${cell.id}: ${line}`);
        const texts = (cell.outputs ?? []).filter((output) => output.data?.["text/html"] === undefined);
        for (const output of texts)
          for (const line of linesOf(joined(output.text ?? output.data?.["text/plain"])))
            assert.ok([...line].length <= widest, `${cell.id} prints ${line}`);
      }
    });

    test("ran without an error, all of it", () => {
      for (const cell of cells.filter(isCode))
        for (const output of cell.outputs ?? []) {
          assert.notEqual(output.output_type, "error", cell.id);
          assert.notEqual(output.name, "stderr", cell.id);
        }
    });

    test("uses whatever it imports", () => {
      const source = cells.filter(isCode).map((cell) => joined(cell.source));
      const all = source.join("\n");
      const rest = all.replace(/^import [\s\S]*?;$/gm, "");
      for (const [, names = ""] of all.matchAll(/^import \{([^}]*)\}/gm))
        for (const imported of names.split(",").map((part) => part.replace(/\btype\b/, "").trim()))
          assert.match(rest, new RegExp(`\\b${imported}\\b`), `${imported} is imported and not used`);
    });

    test("has one word for one thing", () => {
      for (const cell of cells.filter((cell) => !isCode(cell)))
        for (const [second, first] of secondWords)
          for (const [word] of withoutCode(joined(cell.source)).matchAll(second))
            assert.fail(`${cell.id} says "${word}": this lesson's word is ${first}`);
    });

    test("has its letters from the lesson's one table", () => {
      const letters = tableRows(cells).filter(([letter]) => letter.startsWith("$"));
      const all = new Map(lessonLetters().map(([letter, ...rest]) => [letter, rest]));
      for (const [letter] of letters) assert.ok(all.has(letter), `the appendix has no row ${letter}`);
    });
  });
}

test("links inside the lesson lead somewhere", () => {
  for (const name of files)
    for (const cell of cellsOf(name).filter((cell) => !isCode(cell)))
      for (const [, place = ""] of withoutCode(joined(cell.source)).matchAll(/\]\(([^)]+)\)/g)) {
        if (/^https?:/.test(place)) continue;
        const [file = "", anchor] = place.split("#");
        assert.ok(file === "" || existsSync(join(folder, file)), `${name}: ${place}`);
        if (anchor === undefined) continue;
        const anchors = headings(cellsOf(file === "" ? name : file)).map((h) =>
          h.replace(/^#+ /, "").replaceAll(" ", "-"),
        );
        assert.ok(anchors.includes(anchor), `${name}: ${place}`);
      }
});

/** The rows of the tables in a notebook's text, as lists of their cells. */
function tableRows(cells: readonly Cell[]): readonly (readonly [string, ...string[]])[] {
  return cells
    .filter((cell) => !isCode(cell))
    .flatMap((cell) => [...joined(cell.source).matchAll(/^\| (.*) \|$/gm)])
    .map(([, row = ""]) => row.split(" | ").map((text) => text.trim()) as [string, ...string[]]);
}

function lessonLetters() {
  return tableRows(cellsOf("appendix-original.ipynb"));
}
