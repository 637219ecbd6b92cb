// Notebook 5: the log-likelihood of every update, what else is taken for it, and the numbers in its sentences.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type NormalMixture, normalDensity, normalMixture } from "em-lesson";
import { assertClose } from "./close.js";
import { findCell, numbersIn, printed, readCells } from "./notebook.js";
import { assertSays, notebooks, textOf } from "./notebook-text.js";

const name = "05-number-that-never-falls";
const text = textOf(name);
const cells = readCells(join(notebooks, `${name}.ipynb`));
/** The rows of numbers that a cell prints, below its heading. */
const rowsOf = (id: string) => printed(findCell(cells, id)).trim().split("\n").slice(1).map(numbersIn);

const raw = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];
const observations = raw.map((y) => (y + 67) / 142);
const half = [0.5, 0.5];
const start: NormalMixture = { weights: half, means: [0, 1], deviations: [1, 1] };
const twins: NormalMixture = { ...start, means: [0.5, 0.500001] };
const twoWidths: NormalMixture = { weights: half, means: [0.6, 0.6], deviations: [0.05, 0.3] };

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const logLikelihood = (params: NormalMixture) => normalMixture.logLikelihood(params, observations);
const update = (params: NormalMixture) => normalMixture.mStep(observations, normalMixture.eStep(params, observations));
const run = (from: NormalMixture, tol: number) => normalMixture.fit(observations, from, { tol });
const risesOf = ({ history }: { readonly history: readonly number[] }) =>
  history.slice(1).map((value, t) => value - (history[t] ?? 0));
const path: NormalMixture[] = [];
const fit = normalMixture.fit(observations, start, { onIteration: ({ params }) => path.push(params) });
const at = (t: number) => path[t] ?? assert.fail();

test("the log-likelihood of all 24 updates, by independent code, and it never falls", () => {
  const known = [
    -16.111033166, -0.757510138, -0.443113268, 0.248247538, 0.836271207, 0.988444254, 1.07169897, 1.140440084,
    1.199329637, 1.250484024, 1.295630224, 1.336476297, 1.374854897, 1.412847455, 1.453050172, 1.499165097, 1.557306276,
    1.639144894, 1.770892743, 2.025560482, 2.618538218, 3.267541918, 3.274043993, 3.274043999298, 3.274043999302,
  ];
  // Printed to nine decimals, the last two to twelve.
  assertClose(fit.history.slice(0, 23), known.slice(0, 23), 0.51e-9, "history", 1);
  assertClose(fit.history.slice(23), known.slice(23), 1e-12, "history", 1);
  assert.ok(risesOf(fit).every((rise) => rise > 0));
  const [own, squeezed] = printed(findCell(cells, "two-units")).split("\n").map(numbersIn);
  assert.deepEqual(
    [own, squeezed],
    [
      [4, -12860.6767, -71.0633618647],
      [24, -16.111, 3.2740439993],
    ],
  );
});

test("the parameters where the original stops, and at the end", () => {
  const inRow = ({ means, deviations, weights }: NormalMixture) => [...means, ...deviations, ...weights];
  const stopped = [0.09511, 0.705556, 0.131492, 0.145836, 0.141383, 0.858617];
  // Printed to six decimals, the converged ones to eight.
  assertClose(inRow(at(20)), stopped, 1e-6, "after 20 updates", 1);
  assert.equal(fit.history[20]?.toFixed(4), "2.6185");
  const still = normalMixture.fit(observations, start, { tol: 0, maxIter: 60 });
  const converged = [0.0668234, 0.70411892, 0.06690136, 0.14593927, 0.13317228, 0.86682772];
  assertClose(inRow(still.params), converged, 1e-8, "at the end", 1);
  const own = [...still.params.means.map((mean) => 142 * mean - 67), ...still.params.deviations.map((s) => 142 * s)];
  assertClose(own.slice(0, 2), [-57.5110768564, 32.984887323], 1e-10, "means in their own units");
  assertClose(own.slice(2), [9.499994, 20.723377], 1e-6, "deviations in their own units");
});

/** Σ_j Σ_k r_jk ln v_jk, with the responsibilities of the update before. */
const expectedAt = (t: number): number => {
  const { weights, means, deviations } = at(t);
  return sum(
    normalMixture.eStep(at(t - 1), observations).flatMap((row, j) =>
      row.map((r, k) => {
        const height = normalDensity(observations[j] ?? 0, means[k] ?? 0, deviations[k] ?? 0);
        return r * Math.log((weights[k] ?? 0) * height);
      }),
    ),
  );
};
/** What the original printed: Q without the logarithms of its weights, and N² too much. */
const printedAt = (t: number): number => expectedAt(t) - 15 * sum(at(t).weights.map((w) => w * Math.log(w))) + 225;

test("Q and the printed figure fall where the log-likelihood rises", () => {
  // Printed to six places.
  assertClose(expectedAt(1), -11.081906, 1e-6);
  assert.deepEqual([printedAt(22).toFixed(6), printedAt(23).toFixed(6)], ["234.142743", "234.142458"]);
  for (const [t = 0, ...values] of rowsOf("three-numbers"))
    assertClose(values, [fit.history[t], Number(expectedAt(t).toFixed(6)), Number(printedAt(t).toFixed(6))], 1e-12);
  assertSays(text, "$Q$ from #", expectedAt(22));
  assertSays(text, "$Q$ from 3.257080 to #,", expectedAt(23));
  assertSays(text, "the printed figure from #", printedAt(22));
  assertSays(text, "234.142743 to #.", printedAt(23));
  assertSays(text, "rises at the same time, by $# \\cdot 10^{-9}$", 1e9 * (risesOf(fit)[22] ?? 0));
  assert.ok(expectedAt(23) < expectedAt(22));
});

test("naive densities vanish for seven of the fifteen numbers, and the library's logarithms do not", () => {
  const density = (y: number, mean: number) => 0.5 * normalDensity(y, mean, 1);
  const lost = raw.filter((y) => density(y, 0) + density(y, 1) === 0);
  assert.deepEqual(lost, [-67, -48, 41, 49, 56, 60, 75]);
  assert.equal(printed(findCell(cells, "naive")).match(/NaN/g)?.length, lost.length);
  assert.match(text, /For seven: the two on the left, and 41 and all that follow/);
  const own = normalMixture.fit(raw, start);
  assert.equal(own.iterations, 4);
  assertClose(own.logLikelihood, -71.0633618647, 1e-10);
  assertClose(own.logLikelihood, fit.logLikelihood - 15 * Math.log(142), 1e-12);
  const u = (z: number) => -Math.log(2) - Math.log(2 * Math.PI) / 2 - z ** 2 / 2;
  assertSays(text, "e^{-67^2/2} = e^{#}$", u(67));
  assertSays(text, "= -0.693 - 0.919 - 2244.5 = #$", u(67));
  assertSays(text, "with 68 for 67, is $#$", u(68));
  assertSays(text, "The difference is $#$", u(68) - u(67));
  assertSays(text, "e^{-67.5} = # \\cdot 10^{-30}$", 1e30 * Math.exp(-67.5));
  assertSays(text, "67^2/2 = #", Math.log(0.5));
  assertSays(text, "= -0.693 - #", Math.log(2 * Math.PI) / 2);
  assertSays(text, "= -0.693 - 0.919 - # =", 67 ** 2 / 2);
  // The least number above 0 that double precision has, and where exp becomes 0.
  assertSays(text, "lies between 0 and $# \\cdot 10^{-324}$", 4.94);
  assert.ok(Math.exp(-745) > 0 && Math.exp(-746) === 0);
  assertSays(text, "is 0 from # deviations on", Math.sqrt(2 * 745));
});

test("products of densities, sizes and units", () => {
  const end = { weights: [0.133, 0.867], means: [-57.5, 33], deviations: [9.5, 20.7] };
  const value = normalMixture.logLikelihood(end, raw);
  assertSays(text, "in their own units, $\\ell = #$", value);
  assertSays(text, "$e^{-71.06} = # \\cdot 10^{-31}$", 1e31 * Math.exp(value));
  assertSays(text, "$e^{-71.06/15} = #$", Math.exp(value / 15));
  // Below half of the least number above 0 a product is rounded to 0.
  assertSays(text, "From about # observations on", Math.ceil((-1075 * Math.LN2 * 15) / value));
  const products = rowsOf("product");
  assert.deepEqual(
    products.map(([count, product]) => [count, product === 0]),
    [
      [15, false],
      [150, false],
      [165, true],
    ],
  );
  assertSays(text, "$15 \\ln 142 = #$", 15 * Math.log(142));
  assertSays(text, "$e^{3.2740/15} = #$", Math.exp(fit.logLikelihood / 15));
  assert.ok(Math.abs(Math.exp(224 / 15) / 3e6 - 1) < 0.05, "three million");
});

test("where tolerances stop", () => {
  const stop = (from: NormalMixture, tol: number) => {
    const { iterations, logLikelihood: value } = run(from, tol);
    return [iterations, run(from, 1e-14).logLikelihood - value] as const;
  };
  const rises = risesOf(fit);
  assertSays(text, "The rises shrink to # at", Math.min(...rises.slice(0, 20)));
  assertSays(text, "0.038 at $t = #$", rises.indexOf(Math.min(...rises.slice(0, 20))) + 1);
  assertSays(text, "grow again up to #.", rises[20] ?? 0);
  const [updates, missing] = stop(start, 0.05);
  assertSays(text, "stops the run at $t = #$", updates);
  assertClose(at(10).means[0], 0.385, 1e-3);
  assertSays(text, "$t = 10$, # below its end", missing);
  for (const tol of [0.03, 1e-3, 1e-6, 1e-10]) assert.ok(stop(start, tol)[1] < 1e-8);

  assert.deepEqual(
    [1, 1e-3, 1e-10, 1e-12].map((tol) => stop(twins, tol)[0]),
    [2, 2, 2, 2],
  );
  assertSays(text, "notebook 2, at $#$", run(twins, 1e-10).logLikelihood);
  const growing = risesOf(run(twins, 1e-14)).slice(1, 20);
  assertSays(text, "by only $# \\cdot 10^{-13}$", 1e13 * (growing[0] ?? 0));
  // Rises of 1e-12 carry the rounding errors of ℓ, those from 1e-10 on do not.
  for (const [i, rise] of growing.entries()) if (i > 5) assertClose(rise / (growing[i - 1] ?? 0), 3.5, 0.01);
  assertSays(text, "after # updates the run is at", run(twins, 1e-14).iterations);
  assertSays(text, "the run is at #,", run(twins, 1e-14).logLikelihood);
  assert.equal(run({ ...start, means: [0.5, 0.5] }, 1e-14).logLikelihood.toFixed(4), "-0.8918");

  assertSays(text, "this end is #,", run(twoWidths, 1e-14).logLikelihood);
  assert.ok(stop(twoWidths, 1e-10)[1] < 1e-9);
  const shrinking = risesOf(run(twoWidths, 1e-10));
  assert.ok(shrinking.every((rise, i) => i === 0 || rise < (shrinking[i - 1] ?? 0)));
});

test("what is still to come", () => {
  const toCome = (rises: readonly number[], t: number) => {
    const factor = (rises[t - 1] ?? 0) / (rises[t - 2] ?? 0);
    return { factor, rest: ((rises[t - 1] ?? 0) * factor) / (1 - factor) };
  };
  const wide = risesOf(fit);
  const { factor, rest } = toCome(wide, 10);
  assertSays(text, "$t = 10$: the rise is #,", wide[9] ?? 0);
  assertSays(text, "the one before it was #,", wide[8] ?? 0);
  assertSays(text, "so $\\rho = #$", factor);
  assertSays(text, "0.8825/#", 1 - factor);
  assertSays(text, "0.8825/0.1175 = #$", rest);
  assert.ok(Math.abs(rest / (wide[9] ?? 0) - 7.5) < 0.5, "seven times the rise");
  assertSays(text, "For the wide start # was to come", fit.logLikelihood - (fit.history[10] ?? 0));
  const steady = run(twoWidths, 1e-14);
  assertSays(text, "$# \\cdot 10^{-7}$ was to come", 1e7 * toCome(risesOf(steady), 16).rest);
  assertSays(text, "$# \\cdot 10^{-7}$ was to come", 1e7 * (steady.logLikelihood - (steady.history[16] ?? 0)));
});

test("which mistakes the guard finds", () => {
  const watched = (change: (params: NormalMixture) => NormalMixture, most: number) => {
    const values = [logLikelihood(start)];
    for (let [t, params] = [0, start]; t < most; t++) {
      params = change(params);
      values.push(logLikelihood(params));
    }
    return { values, fall: values.findIndex((value, t) => t > 0 && value < (values[t - 1] ?? 0) - 1e-9) };
  };
  const forgotten = watched((params) => update({ ...params, weights: half }), 300);
  assert.equal(forgotten.fall, 8);
  assertSays(text, "The fall is small, #.", (forgotten.values[7] ?? 0) - (forgotten.values[8] ?? 0));
  assertSays(text, "to an end at #.", forgotten.values.at(-1) ?? 0);
  const exchanged = watched((params) => {
    const { weights, ...rest } = update(params);
    return { ...rest, weights: weights.toReversed() };
  }, 10);
  assert.equal(exchanged.fall, 5);
  const unchanged = watched((params) => ({ ...update(params), weights: half }), 300);
  assert.equal(unchanged.fall, -1);
  assertSays(text, "The third climbs all the way, to #.", unchanged.values.at(-1) ?? 0);
  const said = printed(findCell(cells, "mistakes"));
  assert.match(said, /forgotten: falls in update 8[\s\S]*exchanged: falls in update 5[\s\S]*unchanged: ends after/);
  const squared = watched((params) => {
    const next = update(params);
    return { ...next, deviations: next.deviations.map((deviation) => deviation ** 2) };
  }, 1);
  assertSays(text, "at once, from $#$", squared.values[0] ?? 0);
  assertSays(text, "from $-16.1$ to $#$", squared.values[1] ?? 0);
  assertSays(text, "than the deviation, # instead of", (at(1).deviations[0] ?? 0) ** 2);
  assertSays(text, "0.074 instead of #:", at(1).deviations[0] ?? 0);
  // Beyond its end the right run falls by rounding errors only.
  const right = watched(update, 100);
  const falls = right.values.map((value, t) => (t === 0 ? 0 : (right.values[t - 1] ?? 0) - value));
  assert.ok(Math.max(...falls) < 1e-14);
  assertSays(text, "lowers $\\ell$ by $# \\cdot 10^{-15}$", 1e15 * Math.max(...falls));
  assertSays(text, "beyond its end, update # lowers", falls.indexOf(Math.max(...falls)));
});
