// Notebook 4: the numbers in its sentences, and the figures that its coins are known for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BinomialMixture, em } from "../packages/mixtures/src/index.js";
import { assertClose } from "./close.js";
import { assertSays, textOf } from "./notebook-text.js";

const heads = [5, 9, 8, 4, 7];
const start = { weights: [0.5, 0.5], probabilities: [0.6, 0.5], tosses: 10 };
/** What the library adds for the orders of the tosses: Σ_j ln C(10, x_j). */
const orders = Math.log(252 * 10 * 45 * 210 * 120);

interface Run {
  readonly counts: readonly number[];
  readonly from: {
    readonly weights: readonly number[];
    readonly probabilities: readonly number[];
    readonly tosses: number;
  };
  readonly free: boolean;
  readonly maxIter?: number;
}

const run = ({ counts, from, free, maxIter = 1000 }: Run) =>
  em(
    from,
    (params) => {
      const { tosses } = params;
      const next = BinomialMixture.mStep(counts, BinomialMixture.eStep(params, counts), { tosses });
      return {
        params: free ? next : { ...next, weights: params.weights },
        logLikelihood: BinomialMixture.from(params).logLikelihood(counts),
      };
    },
    // So strict that the parameters stand still in the digits that are compared.
    { tol: 1e-15, maxIter },
  );

test("the coins of Do and Batzoglou go where their article has them", () => {
  const fixed = (maxIter: number) => run({ counts: heads, from: start, free: false, maxIter });
  const ofB = BinomialMixture.eStep(start, heads).map(([r]) => r);
  // Printed to six places.
  assertClose(ofB, [0.449149, 0.804986, 0.733467, 0.352156, 0.647215], 1e-6);
  assertClose(fixed(1).params.probabilities, [0.713012235401, 0.581339308314], 1e-12);
  assertClose(fixed(10).params.probabilities, [0.796744149475, 0.519658662204], 1e-12);
  const end = fixed(1000);
  // The log-likelihood is flat at its top: it stands still while the parameters still move in the eighth place.
  assertClose(end.params.probabilities, [0.796789066923, 0.519583120145], 1e-7);
  assertClose(end.logLikelihood - orders, -31.570200235997, 1e-12);
});

test("with a weight that is free, too, they gain next to nothing", () => {
  const { params, logLikelihood } = run({ counts: heads, from: start, free: true });
  assertClose(params.weights[0], 0.5227513169, 1e-6);
  assertClose(params.probabilities, [0.7933676496, 0.5139165912], 1e-6);
  assertClose(logLikelihood - orders, -31.568694899973, 1e-12);
});

test("coins may end at the edge, and twins stay twins", () => {
  const counts = [3, 0, 3, 0, 3];
  const end = (probabilities: readonly number[]) =>
    run({ counts, from: { weights: [0.3, 0.7], probabilities, tosses: 3 }, free: true, maxIter: 20 });
  const apart = end([0.3, 0.6]);
  assertClose([apart.params.weights[0], ...apart.params.probabilities], [0.4, 0, 1], 1e-12, "params", 1);
  assertClose(apart.logLikelihood, 3 * Math.log(0.6) + 2 * Math.log(0.4), 1e-12);
  const twins = end([0.5, 0.5]);
  assertClose([twins.params.weights[0], ...twins.params.probabilities], [0.3, 0.6, 0.6], 1e-12);
  assertClose(twins.logLikelihood, -10.095175005, 1e-9);
});

test("one, two and three tosses a draw tell one, two and three numbers of the coins", () => {
  const [a, b, c] = [0.4, 0.8, 0.3];
  for (const tosses of [1, 2, 3, 10]) {
    const rows = Array.from({ length: tosses + 1 }, (_, x) => {
      const p = (z: number) => z ** x * (1 - z) ** (tosses - x);
      const slope = (z: number) =>
        (x === 0 ? 0 : x * z ** (x - 1) * (1 - z) ** (tosses - x)) -
        (x === tosses ? 0 : (tosses - x) * z ** x * (1 - z) ** (tosses - x - 1));
      return [p(b) - p(c), a * slope(b), (1 - a) * slope(c)];
    });
    assert.equal(rank(rows), Math.min(tosses, 3), `${tosses} tosses`);
  }
});

/** The rank of a matrix, by elimination with the largest entry left as pivot. */
function rank(matrix: readonly (readonly number[])[]): number {
  let rows = matrix.map((row) => [...row]);
  for (let found = 0; ; found++) {
    const entries = rows.flatMap((row, i) => row.map((value, k) => ({ i, k, size: Math.abs(value) })));
    const pivot = entries.reduce((best, entry) => (entry.size > best.size ? entry : best), { i: 0, k: 0, size: 0 });
    // Entries are near 1 or are what rounding leaves of 0.
    if (pivot.size < 1e-9) return found;
    const chosen = rows[pivot.i] ?? [];
    rows = rows
      .filter((_, i) => i !== pivot.i)
      .map((row) => row.map((value, k) => value - ((row[pivot.k] ?? 0) / (chosen[pivot.k] ?? 1)) * (chosen[k] ?? 0)));
  }
}

test("its sentences say what is so", () => {
  const text = textOf("04-coins-you-can-learn");
  const ofB = BinomialMixture.eStep(start, heads).map(([r = 0]) => r);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const headsOfB = sum(ofB.map((r, j) => r * (heads[j] ?? 0)));
  assertSays(text, "0.6^5 \\cdot 0.4^5 = 0.24^5 = #$", 0.24 ** 5);
  assertSays(text, "0.5^{10} = 0.25^5 = #$", 0.5 ** 10);
  assertSays(text, "(0.000796 + 0.000977) = #$", ofB[0] ?? 0);
  for (const [j, x] of heads.entries()) assertSays(text, `# \\cdot ${x}`, ofB[j] ?? 0);
  assertSays(text, "= #$ heads in", headsOfB);
  assertSays(text, "heads in $10 \\cdot #", sum(ofB));
  assertSays(text, "2.987 = #$ tosses", 10 * sum(ofB));
  assertSays(text, "tosses, so $b' = #$", headsOfB / (10 * sum(ofB)));
  const { probabilities } = run({ counts: heads, from: start, free: false, maxIter: 10 }).params;
  assertSays(text, "the coins are at #", probabilities[0] ?? 0);
  assertSays(text, "the coins are at 0.797 and #,", probabilities[1] ?? 0);
  const known = run({ counts: heads, from: start, free: false }).logLikelihood;
  const free = run({ counts: heads, from: start, free: true });
  assertSays(text, "much above the $#$", known - orders);
  assertSays(text, "It rises by #,", free.logLikelihood - known);
  assertSays(text, "coins with $a = #$ explain", free.params.weights[0] ?? 0);
  const alike = { weights: [0.5, 0.5], probabilities: [0.5, 0.5], tosses: 10 };
  assertSays(
    text,
    "EM goes to #,",
    run({ counts: heads, from: alike, free: false, maxIter: 5 }).params.probabilities[0] ?? 0,
  );
  assertSays(text, "3 \\ln 0.6 + 2 \\ln 0.4 = #$", 3 * Math.log(0.6) + 2 * Math.log(0.4));
  assertSays(text, "and stay there, at $#$", 9 * Math.log(0.6) + 6 * Math.log(0.4));
  const h = (i: number) => 0.5 * 0.9 ** i + 0.5 * 0.3 ** i;
  assertSays(text, "h_1, h_2, h_3 = #,", h(1));
  assertSays(text, "h_1, h_2, h_3 = 0.6, #,", h(2));
  assertSays(text, "h_1, h_2, h_3 = 0.6, 0.45, #$", h(3));
  assertSays(text, "So $b + c = #", h(3) - h(1) * h(2));
  assertSays(text, "So $b + c = 0.108 / #", h(2) - h(1) ** 2);
  assertSays(text, "0.108 / 0.09 = #$", 0.9 + 0.3);
  assertSays(text, "$bc = 0.72 - 0.45 = #$", 0.9 * 0.3);
});
