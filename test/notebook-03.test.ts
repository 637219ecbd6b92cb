// Notebook 3: the numbers that its coins are known for, in its outputs and in its sentences.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Coins, threeCoins } from "em-lesson";
import { assertClose } from "./close.js";
import { findCell, numbersIn, printed, readCells } from "./notebook.js";
import { assertSays, notebooks, textOf } from "./notebook-text.js";

const name = "03-why-the-coins-stopped";
const text = textOf(name);
const cells = readCells(join(notebooks, `${name}.ipynb`));
const rowsOf = (id: string) => printed(findCell(cells, id)).trim().split("\n").map(numbersIn);

const tosses = [1, 1, 0, 1, 0, 0, 1, 0, 1, 1];
const start: Coins = { a: 0.4, b: 0.6, c: 0.7 };
const update = (coins: Coins, made: readonly number[] = tosses) =>
  threeCoins.mStep(made, threeCoins.eStep(coins, made));
const list = ({ a, b, c }: Coins) => [a, b, c];
const heads = ({ a, b, c }: Coins) => a * b + (1 - a) * c;
const odds = ({ a, b, c }: Coins) => [(a * b) / ((1 - a) * c), (a * (1 - b)) / ((1 - a) * (1 - c))];
const top = -6.730116670092565;

/** Starts, and where one update takes them, for ever: printed to six places but for the first. */
const known = [
  { from: [0.4, 0.6, 0.7], to: [76 / 187, 51 / 95, 119 / 185], within: 1e-12 },
  { from: [0.46, 0.55, 0.67], to: [0.461862835, 0.534595004, 0.656134642], within: 2e-9 },
  { from: [0.5, 0.5, 0.5], to: [0.5, 0.6, 0.6], within: 1e-12 },
  { from: [0.3, 0.8, 0.1], to: [0.499299, 0.930337, 0.270588], within: 2e-6 },
  { from: [0.5, 1, 0], to: [0.6, 1, 0], within: 1e-12 },
];

/** Numbers in [0, 1), as the notebook draws them. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

test("one update lands on the ridge, keeps the two odds, and is the last", () => {
  for (const { from, to, within } of known) {
    const [a = 0, b = 0, c = 0] = from;
    const landed = update({ a, b, c });
    // Zeros have no relative error.
    assertClose(list(landed), to, within, "landing", 1);
    assertClose(heads(landed), 0.6, 1e-12);
    assertClose(threeCoins.logLikelihood(landed, tosses), top, 1e-12);
    assertClose(list(update(landed)), list(landed), 1e-12, "second update", 1);
    const [before, after] = [odds({ a, b, c }), odds(landed)];
    for (const i of [0, 1])
      if (before[i] === Number.POSITIVE_INFINITY) assert.equal(after[i], before[i]);
      else assertClose(after[i], before[i], 1e-12, "odds", 1);
  }
});

test("the five starts and their landings, with h and odds, are printed", () => {
  const rows = printed(findCell(cells, "odds")).trim().split("\n").slice(1);
  const wanted = known.flatMap(({ from: [a = 0, b = 0, c = 0] }) => [{ a, b, c }, update({ a, b, c })]);
  assert.equal(rows.length, wanted.length);
  for (const [i, coins] of wanted.entries()) {
    const figures = [heads(coins), ...odds(coins), ...list(coins)].map((value) => value.toFixed(4));
    assert.deepEqual(rows[i]?.split(/\s+/).slice(1), figures);
  }
});

const random = randomFrom(12345);
const thirty = Array.from({ length: 30 }, () => ({ a: random(), b: random(), c: random() }));
const many = Array.from({ length: 100000 }, () => {
  const coin = random() < 0.8 ? 0.7 : 0.2;
  return random() < coin ? 1 : 0;
});

test("the thirty starts land on the ridge, apart from each other", () => {
  const landings = thirty.map((from) => update(from));
  for (const landed of landings) assertClose(threeCoins.logLikelihood(landed, tosses), top, 1e-12);
  const ofB = landings.map(({ b }) => b);
  assertSays(text, "answers from # to", Math.min(...ofB));
  assertSays(text, "answers from 0.15 to #.", Math.max(...ofB));
  const labels = printed(findCell(cells, "figure-hill"));
  assert.match(labels, /t = 2: h from 0\.6000 to 0\.6000, log-likelihood from −6\.7301 to −6\.7301/);
});

test("more tosses tell h, and leave the coins apart", () => {
  const starts = [start, { a: 0.3, b: 0.8, c: 0.1 }];
  const rows = rowsOf("more").slice(2);
  const differences = [10, 1000, 100000].map((N, i) => {
    const ends = starts.map((from) => update(from, many.slice(0, N)));
    for (const [j, end] of ends.entries())
      assert.deepEqual(
        rows[2 * i + j],
        [N, heads(end), ...list(end)].map((value) => Number(value.toFixed(4))),
      );
    const [one = 0, other = 0] = ends.map(({ b }) => b);
    if (i > 0) assert.ok(Math.abs(one - 0.7) > 0.1 && Math.abs(other - 0.7) > 0.1, "far from the truth");
    return Math.abs(one - other);
  });
  const fraction = (N: number) => many.slice(0, N).reduce<number>((sum, toss) => sum + toss, 0) / N;
  assertSays(text, "Only $h$: it is # after ten", fraction(10));
  assertSays(text, "after ten tosses, # after 1000", fraction(1000));
  assertSays(text, "after 1000 and # after", fraction(100000));
  assertSays(text, "differ by # after 1000 tosses", differences[1] ?? 0);
  assertSays(text, "after 1000 tosses, and by # after", differences[2] ?? 0);
});

test("in one direction h changes, in two it does not: its slopes are nowhere all zero", () => {
  const points = [start, ...known.map(({ to: [a = 0, b = 0, c = 0] }) => ({ a, b, c }))];
  for (const { a, b, c } of points) {
    const slopes = [b - c, a, 1 - a];
    const step = 1e-6;
    const moved = [
      { a: a + step, b, c },
      { a, b: b + step, c },
      { a, b, c: c + step },
    ].map((coins) => (heads(coins) - heads({ a, b, c })) / step);
    // Differences of numbers of about 1 over a step of 1e-6 keep ten digits.
    assertClose(moved, slopes, 1e-9, "slopes", 1);
    assert.ok(Math.hypot(...slopes) > 0.5);
  }
});

test("its sentences say what is so", () => {
  const landed = update(start);
  assertSays(text, "B's row is $0.4 \\cdot 0.6 = #$", 0.4 * 0.6);
  assertSays(text, "and $0.4 \\cdot 0.4 = #$", 0.4 * 0.4);
  assertSays(text, "C's is $0.6 \\cdot 0.7 = #$", 0.6 * 0.7);
  assertSays(text, "and $0.6 \\cdot 0.3 = #$", 0.6 * 0.3);
  assertSays(text, "$h = 0.24 + 0.42 = #$", heads(start));
  assertSays(text, "$6 \\ln 0.6 + 4 \\ln 0.4 = #$", top);
  assertSays(text, "so that 0.24 becomes #", landed.a * landed.b);
  assertSays(text, "and 0.42 becomes #;", (1 - landed.a) * landed.c);
  assertSays(text, "so that 0.16 becomes #", landed.a * (1 - landed.b));
  assertSays(text, "and 0.18 becomes #.", (1 - landed.a) * (1 - landed.c));
  assertSays(text, "$a' = 0.2182 + 0.1882 = #$", landed.a);
  assertClose(0.6 / 0.66, 10 / 11, 1e-12);
  assertClose(0.4 / 0.34, 20 / 17, 1e-12);
  assertClose(odds(start), [4 / 7, 8 / 9], 1e-12);
  const [ofHead, , ofTail] = threeCoins.eStep(start, tosses);
  assertClose([ofHead, ofTail], [4 / 11, 8 / 17], 1e-12);
  assertClose(0.6 * (4 / 11) + 0.4 * (8 / 17), 76 / 187, 1e-12);
  assertSays(text, "$h = 0.8 \\cdot 0.7 + 0.2 \\cdot 0.2 = #$", 0.8 * 0.7 + 0.2 * 0.2);
  assertSays(text, "It lands at $a = #$, just as sure", update({ a: 0.5, b: 1, c: 0 }).a);
  assertSays(text, "one log-likelihood, $#$", top);
});

test("of the seven pairs of exercise 2 five have a point on the ridge, all with one log-likelihood", () => {
  const rows = rowsOf("exercise-2").slice(1);
  assert.equal(rows.length, 7);
  const points = rows
    .map(([a = 0, b = 0]) => ({ a, b, c: (0.6 - a * b) / (1 - a) }))
    .filter(({ c }) => c >= 0 && c <= 1);
  assert.equal(points.length, 5);
  for (const coins of points) assertClose(threeCoins.logLikelihood(coins, tosses), top, 1e-12);
});

test("starts without an update are refused", () => {
  const [none, impossible] = printed(findCell(cells, "refused")).split(/(?<=\.\n)(?=InputError)/);
  assert.match(none ?? "", /must leave coin C some toss,[\s\S]*strictly between 0 and 1/);
  assert.match(impossible ?? "", /must have a probability above 0/);
});
