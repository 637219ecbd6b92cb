// The checks of the exercises: the notebooks' solutions are right, and each known mistake is told by its own words.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { joined, readCells } from "./notebook.js";

const require = createRequire(import.meta.url);
const { exercises, inputsOf, isSame, verdictOn } = require("em-exercises") as typeof import("em-exercises");
type AnyExercise = Parameters<typeof inputsOf>[0];
const all = Object.entries(exercises) as unknown as [keyof typeof exercises, AnyExercise][];
const oneLine = (text: string) => text.replaceAll("\n", " ");

test("each known mistake is told by its own words, and differs from what is right", (context) => {
  let count = 0;
  for (const [name, exercise] of all)
    for (const { words, answer } of exercise.mistakes) {
      count++;
      const differs = inputsOf(exercise).some((input) => !isSame(answer(...input), exercise.right(...input)));
      assert.ok(differs, `${name}: "${words}" is right`);
      assert.equal(oneLine(verdictOn(name, answer)), words.startsWith("not done") ? words : `not yet: ${words}`);
    }
  context.diagnostic(`${count} known mistakes in ${all.length} exercises`);
  assert.ok(count >= 40);
});

test("right answers are right, and answers made for the notebook's data alone are not", () => {
  for (const [name, exercise] of all) {
    assert.equal(verdictOn(name, exercise.right), "right");
    if (!exercise.draw) continue;
    const [first = []] = exercise.fixed;
    const known = exercise.right(...first);
    assert.notEqual(
      verdictOn(name, () => known),
      "right",
      name,
    );
  }
});

test("what is not done, thrown, endless, no number or of another shape has words of its own", () => {
  const said = (answer: (...values: never[]) => unknown) => oneLine(verdictOn("eStep", answer));
  assert.match(
    said(() => [[0.5, 0.5]]),
    /^not done yet: it gives the same whatever it is given/,
  );
  assert.match(
    said(() => {
      throw new RangeError("here");
    }),
    /^not yet: for .* it throws RangeError: here/,
  );
  assert.match(
    said(() => {
      for (;;);
    }),
    /it was stopped after two seconds/,
  );
  assert.match(
    said((_, ys: number[]) => ys),
    /it gives a list of 3, each a number, and a list of 3, each a list of 2/,
  );
  assert.match(
    said((_, ys: number[]) => ys.map(() => undefined)),
    /each nothing, and/,
  );
  assert.match(oneLine(verdictOn("bicOf", (ell: number) => Math.sqrt(ell))), /it gives NaN\. NaN comes of/);
});

test("another wrong answer gets an input, its value and a hint, and the wanted value from the third try on", () => {
  const wrong = (_: unknown, ys: number[]) => ys.map((y) => [y, 1 - y]);
  const said = () => oneLine(verdictOn("divergence", (q: number[][]) => q.length + Math.abs(wrong(0, [1]).length)));
  const [first, second, third] = [said(), said(), said()];
  for (const text of [first, second]) assert.match(text, /^not yet: for .* it gives .*For each observation/);
  assert.doesNotMatch(second, /Wanted is/);
  assert.match(third, /Wanted is/);
});

test("an answer that changes what it is given spoils nothing", () => {
  const { right } = exercises.fixedSplits;
  assert.equal(
    verdictOn("fixedSplits", (ys: number[]) => {
      const splits = right([...ys]);
      ys.length = 0;
      return splits;
    }),
    "right",
  );
});

test("lines fit below a cell", () => {
  for (const [name, exercise] of all)
    for (const { answer } of exercise.mistakes)
      for (const line of verdictOn(name, answer).split("\n")) assert.ok(line.length <= 78, line);
});

const notebooks = join(resolve(dirname(fileURLToPath(import.meta.url)), ".."), "notebooks");
test("every exercise is in a notebook, and every notebook's checks are exercises", () => {
  const checked = readdirSync(notebooks)
    .filter((name) => /^\d.*\.ipynb$/.test(name))
    .flatMap((name) => readCells(join(notebooks, name)))
    .flatMap(({ source }) => [...joined(source).matchAll(/\bcheck\("(\w+)"/g)].map(([, name]) => name));
  assert.deepEqual([...new Set(checked)].sort(), Object.keys(exercises).sort());
});
