// `npm run lesson` on the notebooks: what the original printed is printed again, twice alike, and failures are told.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { prepareJupyter } from "../../scripts/set-up/jupyter.mjs";
import { type Cell, findCell, joined, numbersIn, printed, readCells } from "../notebook.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const output = join(root, "build/test-lesson");
const figures = JSON.parse(readFileSync(join(root, "test/fixtures/printed-figures.json"), "utf8"));

function runLesson(...names: readonly string[]) {
  const run = spawnSync(process.execPath, [join(root, "scripts/lesson.mjs"), "--output", output, ...names], {
    cwd: root,
    encoding: "utf8",
  });
  return { status: run.status, text: run.stdout + run.stderr };
}

const executed = (name: string) => readCells(join(output, "notebooks", `${name}.ipynb`));

/** Names and contents of all that was made. */
const results = () =>
  ["notebooks", "html"].flatMap((folder) =>
    readdirSync(join(output, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(output, folder, name), "utf8")] as const),
  );

/**
 * The original's figures are doubles of another program's summation order, hence 1e-12 relative; where a line break cut
 * the printed digits, one unit of the last digit that is left.
 */
function assertPrinted(actual: number | undefined, wanted: string, place: string) {
  assert.ok(actual !== undefined, `${place}: nothing was printed`);
  const lastDigit = 10 ** -(wanted.split(".")[1]?.length ?? 0);
  const cut = wanted.replace(/[-.]/g, "").replace(/^0+/, "").length < 15;
  const tolerance = Math.max(1e-12 * Math.abs(Number(wanted)), cut && wanted.includes(".") ? lastDigit : 0);
  assert.ok(Math.abs(actual - Number(wanted)) <= tolerance, `${place}: ${actual} is not ${wanted}`);
}

describe("npm run lesson", () => {
  let coins: readonly Cell[];
  let mixture: readonly Cell[];

  before(() => {
    rmSync(output, { recursive: true, force: true });
    const { status, text } = runLesson();
    assert.equal(status, 0, text);
    coins = executed("01-three-coins");
    mixture = executed("02-gaussian-mixture");
  });

  test("recreates every cell of the original but the fifth, of which nothing is known, in order", () => {
    const originals = [...coins, ...mixture].flatMap((cell) => cell.metadata.original ?? []);
    const all = Array.from({ length: 15 }, (_, i) => `In[${i + 1}]`);
    assert.deepEqual(
      originals,
      all.filter((name) => name !== "In[5]"),
    );
  });

  test("prints the three figures of the three coins", () => {
    const wanted: string[] = figures.three_coins.printed_after_3_iterations;
    const actual = numbersIn(printed(findCell(coins, "In[6]")));
    assert.equal(actual.length, 3);
    wanted.forEach((text, i) => {
      assertPrinted(actual[i], text, `three coins, figure ${i}`);
    });
  });

  test("prints the 120 parameters and 19 figures of the Gaussian mixture's rows", () => {
    // A row's line is broken at its bars.
    const rows = printed(findCell(mixture, "In[11]"))
      .trim()
      .split(/\n(?=iteration)/);
    assert.equal(rows.length, 20);
    for (const wanted of figures.gaussian_mixture.printed) {
      const [iteration, ...actual] = numbersIn(rows[wanted.iteration] ?? "");
      assert.equal(iteration, wanted.iteration);
      const texts = [...wanted.mu, ...wanted.sigma, ...wanted.alpha, wanted.loglikelihood_printed];
      texts.forEach((text, i) => {
        assertPrinted(actual[i], text, `row ${wanted.iteration}, figure ${i}`);
      });
    }
  });

  test("prints the 15 labels, and the corrected ones", () => {
    const wanted: number[] = figures.gaussian_mixture.labels_printed;
    assert.deepEqual(numbersIn(printed(findCell(mixture, "In[13]"))), wanted);
    const corrected = numbersIn(printed(findCell(mixture, "labels-corrected")).split("\nresponsibility")[0] ?? "");
    assert.deepEqual(
      corrected,
      wanted.map((label) => 1 - label),
    );
  });

  test("prints the converged fit: 24 updates, also in the original units", () => {
    const converged = printed(findCell(mixture, "converged"));
    assert.match(converged, /^tolerance after 24 updates\nlog-likelihood 3\.27404399930/);
    const units = numbersIn(printed(findCell(mixture, "original-units")).split("log-likelihood:")[1] ?? "");
    // Reference printed to ten decimals.
    assert.ok(Math.abs((units[0] ?? 0) - -71.0633618647) < 1e-10, String(units));
  });

  test("prints the bound touching, raised and passed, and the four ends of other starts", () => {
    const rows = printed(findCell(mixture, "bound")).trim().split("\n").slice(1).map(numbersIn);
    assert.equal(rows.length, 5);
    for (const [, before = 0, touching = 0, raised = 0, after = 0] of rows) {
      assert.equal(touching, before);
      assert.ok(touching < raised && raised < after, String(rows));
    }
    // After the first M-step: Q −11.081906 and entropy 10.249996, by independent code.
    assert.equal(rows[0]?.[3], -0.8319);
    const ends = printed(findCell(mixture, "starts"));
    const found = [...ends.matchAll(/ends at ℓ = (\S+)/g)].map((match) => Number(match[1]).toFixed(4));
    assert.deepEqual(found, ["3.2740", "-0.8918", "0.5815"]);
    assert.match(ends, /on one point fails:\nCollapseError/);
  });

  test("its pages lead to one another, and to files that are there", () => {
    const page = (name: string) => readFileSync(join(output, "html", name), "utf8");
    for (const name of ["index.html", "01-three-coins.html", "02-gaussian-mixture.html"])
      for (const [, place] of page(name).matchAll(/(?:href|src)="([^"#:]+)"/g))
        assert.ok(existsSync(join(output, "html", place)), `${name}: ${place}`);
    assert.match(page("01-three-coins.html"), /rel="next" href="02-gaussian-mixture\.html"/);
    assert.match(page("02-gaussian-mixture.html"), /rel="prev" href="01-three-coins\.html"/);
  });

  const lesson = readdirSync(join(root, "notebooks"))
    .filter((name) => /^\d.*\.ipynb$/.test(name))
    .map((name) => name.replace(".ipynb", ""));
  const exercisesIn = (cells: readonly Cell[]) => cells.filter(({ id }) => /^exercise-\d+$/.test(id));

  test("says of unsolved exercises that they are not yet right", () => {
    for (const name of lesson) {
      const exercises = exercisesIn(executed(name));
      assert.ok(exercises.length >= 2, `${name} has ${exercises.length} exercises`);
      for (const cell of exercises) {
        assert.match(printed(cell), /not (done )?yet/, `${name}: ${cell.id}`);
        assert.doesNotMatch(printed(cell), /^right/m);
      }
    }
  });

  test("accepts the solutions of the exercises, and in notebook 2 other data and three components", () => {
    const { status, text } = runLesson(...lesson.map(solve), withOwnData());
    assert.equal(status, 0, text);
    for (const name of lesson)
      for (const cell of exercisesIn(executed(`${name}-solved`))) {
        assert.match(printed(cell), /^right/m, `${name}: ${cell.id}: ${printed(cell)}`);
        assert.doesNotMatch(printed(cell), /not (done )?yet/);
      }
  });

  test("gives the same bytes when it runs again, the notebooks named by number and by name", () => {
    const first = results();
    assert.equal(runLesson("1", "02-gaussian-mixture").status, 0);
    assert.deepEqual(results(), first);
  });

  test("fails on a failing cell, and names notebook, cell and message, whatever programs print", () => {
    const { status, text } = runLesson(join(root, "test/fixtures/notebooks/failing.ipynb"));
    assert.equal(status, 1);
    assert.match(text, /failing\.ipynb failed in cell 2 of 3: Error: the answer is 42/);
  });

  test("fails on an error that comes when its cell has replied, and names that cell", () => {
    const { status, text } = runLesson(join(root, "test/fixtures/notebooks/late.ipynb"));
    assert.equal(status, 1);
    assert.match(text, /late\.ipynb failed:[\s\S]*Not caught, after In\[1\] had ended[\s\S]*too late for its cell/);
  });

  test("the committed notebooks are valid by Jupyter's own check", () => {
    const { python = "python3", env } = prepareJupyter();
    const program =
      "import glob, nbformat; [nbformat.validate(nbformat.read(file, 4)) for file in glob.glob('notebooks/*.ipynb')]";
    const { status, stderr } = spawnSync(python, ["-c", program], { cwd: root, env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });

  test("names the notebooks where a name is unknown", () => {
    const { status, text } = runLesson("17");
    assert.equal(status, 1);
    assert.match(text, /no notebook "17"[\s\S]*01-three-coins[\s\S]*02-gaussian-mixture/);
  });
});

/** Writes a copy of notebook 2 as a teacher may change it: twenty numbers, and a start of three components. */
function withOwnData(): string {
  const notebook = JSON.parse(readFileSync(join(root, "notebooks", "02-gaussian-mixture.ipynb"), "utf8"));
  const change = (id: string, from: RegExp, to: string) => {
    const cell = findCell(notebook.cells, id) as { source: string | string[] };
    const source = joined(cell.source);
    assert.match(source, from, id);
    cell.source = source.replace(from, to);
  };
  change("data", /= \[.*\]/, "= [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75, 12, 80, 81, 85, 90]");
  change("start", /weights: .*/, "weights: [0.3, 0.3, 0.4],");
  change("start", /means: .*/, "means: [0, 0.5, 1],");
  change("start", /deviations: .*/, "deviations: [0.2, 0.3, 0.2],");
  const file = join(output, "02-own-data.ipynb");
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}

/**
 * Writes a copy of a notebook in which the collapsed solution stands in each exercise's cell, in place of what the
 * reader has to change: all up to the first empty line.
 */
function solve(name: string): string {
  const notebook = JSON.parse(readFileSync(join(root, "notebooks", `${name}.ipynb`), "utf8"));
  for (const cell of notebook.cells as { id: string; source: string | string[] }[]) {
    const number = cell.id.match(/^exercise-(\d+)$/)?.[1];
    if (number === undefined) continue;
    const solution = joined(findCell(notebook.cells, `solution-${number}`).source);
    const code = solution.match(/```typescript\n([\s\S]*?)```/)?.[1];
    assert.ok(code, `${name}: exercise ${number} has no solution`);
    cell.source = joined(cell.source).replace(/^[\s\S]*?\n(?=\n)/, () => code);
  }
  // Beside the data that notebooks read.
  for (const data of readdirSync(join(root, "notebooks")).filter((each) => each.endsWith(".csv")))
    copyFileSync(join(root, "notebooks", data), join(output, data));
  const file = join(output, `${name}-solved.ipynb`);
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}
