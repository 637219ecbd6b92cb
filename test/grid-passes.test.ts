import assert from "node:assert/strict";
import { test } from "node:test";
import type { Data } from "../packages/mixtures/src/data.js";
import { manyRows, openGridPasses } from "../packages/mixtures/src/gaussian/grid-passes.js";
import { type GaussianDensities, openPlainPasses, type Passes } from "../packages/mixtures/src/gaussian/passes.js";
import { GaussianMixture } from "../packages/mixtures/src/index.js";
import { randomFrom, standardNormal } from "../packages/mixtures/src/random.js";
import { assertClose } from "./close.js";
import { assertSameSums, problem, sumsOf } from "./gaussian-sums.js";

const N = 150_000;

/** Passes over a grid and plain ones, and the rows of all that it has opened, one after the other. */
function watched(): { open: (data: Data, components: number) => Passes; opened: number[]; closed: number[] } {
  const opened: number[] = [];
  const closed: number[] = [];
  const open = (data: Data, components: number) =>
    openGridPasses(data, components, (part, ...rest) => {
      opened.push(part.rows);
      return { ...openPlainPasses(part, ...rest), close: () => closed.push(part.rows) };
    });
  return { open, opened, closed };
}

/** Asserts that each component's sums are the rows', however small they are: 1e-11 of their own size. */
function assertSameByComponent(data: Data, densities: GaussianDensities): void {
  const expected = sumsOf(data, densities);
  const actual = sumsOf(data, densities, watched().open);
  for (const [k, count] of expected.counts.entries()) {
    const second = expected.second[k] ?? 0;
    assertClose(actual.counts[k], count, 1e-11, `counts[${k}]`);
    assertClose(actual.first[k], expected.first[k], 1e-11, `first[${k}]`, Math.sqrt(count * second));
    assertClose(actual.second[k], second, 1e-11, `second[${k}]`);
  }
}

/** Asserts that the grid makes the sums of the rows, and goes over far fewer nodes for it. */
function assertSameOnGrid(data: Data, densities: GaussianDensities): void {
  const { open, opened, closed } = watched();
  assertSameSums(sumsOf(data, densities, open), sumsOf(data, densities), densities);
  assert.ok(opened.length === 1 && (opened[0] ?? N) <= N / 8 + 8, `went over ${opened} rows`);
  assert.deepEqual(closed, opened);
  assertSameByComponent(data, densities);
}

for (const K of [1, 2, 3, 5, 8])
  test(`a grid makes the sums of the rows: K = ${K}`, () => {
    const { data, densities } = problem(N, 1, K, "diagonal");
    assertSameOnGrid(data, densities);
  });

test("a grid makes the sums of weighted rows, of which some weigh nothing", () => {
  const { data, densities } = problem(N, 1, 3, "diagonal");
  const random = randomFrom(1);
  const weights = data.values.map(() => Math.max(0, 3 * random() - 1));
  assertSameOnGrid({ ...data, weights }, densities);
});

test("a grid loses no digits of data far from 0, nor between far clusters", () => {
  const far = problem(N, 1, 3, "diagonal", 3, 1e9);
  assertSameOnGrid(far.data, far.densities);
  const apart = problem(N, 1, 3, "diagonal", 100);
  assertSameOnGrid(apart.data, apart.densities);
  const wider = problem(N, 1, 3, "diagonal", 1e5);
  assertSameSums(
    sumsOf(wider.data, wider.densities, watched().open),
    sumsOf(wider.data, wider.densities),
    wider.densities,
  );
});

test("a grid takes an outlier into account, and ignores one of weight 0", () => {
  const { data, densities } = problem(N, 1, 2, "diagonal");
  data.values[7] = 60;
  assertSameOnGrid(data, densities);
  data.values[7] = 1e9;
  const weights = data.values.map((_, row) => (row === 7 ? 0 : 1));
  assertSameOnGrid({ ...data, weights, totalWeight: N - 1 }, densities);
});

test("a component far from all rows, which holds less than one of them, has the sums of the rows", () => {
  const { data, densities } = problem(N, 1, 3, "diagonal");
  for (const far of [10, 15, 20, 30])
    assertSameByComponent(data, { ...densities, means: densities.means.map((mean, k) => (k === 1 ? far : mean)) });
  const gap = Float64Array.from({ length: manyRows }, (_, i) => (i % 2 ? 20 : 0) + (i + 0.5) / manyRows);
  const init = {
    weights: [0.4, 0.4, 0.2],
    means: [[0.5], [20.5], [7]],
    covariances: [[[0.09]], [[0.09]], [[0.04]]],
  };
  const { logLikelihood } = GaussianMixture.fit(gap, { init, maxIter: 3 }).report;
  // By the passes over the rows that the version before the grid had.
  assertClose(logLikelihood, -28496.114, 1e-7);
});

test("below one row a component's sums are the rows', above it the grid's", () => {
  const { data, densities } = problem(N, 1, 2, "diagonal");
  // The second component is as wide as the first and stands on it, so that its count is N times its weight.
  const weighing = (count: number) => ({
    ...densities,
    means: new Float64Array(2),
    whiteners: new Float64Array(2).fill(1),
    logScales: Float64Array.from([0, Math.log(count / (N - count))]),
  });
  for (const [count, opened] of [
    [0.9, 2],
    [1.1, 1],
  ] as const) {
    const passes = watched();
    assertClose(sumsOf(data, weighing(count), passes.open).counts[1], count, 1e-9);
    assert.equal(passes.opened.length, opened, `a component of ${count} rows`);
  }
});

test("a component without weight has no part in the choice between grid and rows", () => {
  const { data, densities } = problem(N, 1, 3, "diagonal");
  const logScales = densities.logScales.map((scale, k) => (k === 1 ? Number.NEGATIVE_INFINITY : scale));
  assertSameOnGrid(data, { ...densities, logScales });
});

test("at both ends of the range of numbers, the sums are those of the rows", () => {
  const cases = [
    { unit: 1e-308, deviations: [1, 1] },
    { unit: 1e-155, deviations: [1e-155, 2e-157] },
    { unit: 1e-153, deviations: [1e-153, 5e-154] },
    { unit: 1e150, deviations: [1e150, 2e150] },
  ];
  for (const { unit, deviations } of cases) {
    const { data, densities } = problem(manyRows, 1, 2, "diagonal", 0.3);
    const inUnit = {
      ...densities,
      means: densities.means.map((mean) => mean * unit),
      whiteners: Float64Array.from(deviations, (deviation) => 1 / deviation),
    };
    assertSameByComponent({ ...data, values: data.values.map((value) => value * unit) }, inUnit);
  }
});

test("where a component is too narrow for a grid, the pass goes over the rows", () => {
  const { data, densities } = problem(N, 1, 3, "diagonal");
  const whiteners = densities.whiteners.map((whitener, k) => (k === 1 ? 2000 : whitener));
  const { open, opened } = watched();
  const narrow = { ...densities, whiteners };
  assert.deepEqual(sumsOf(data, narrow, open), sumsOf(data, narrow));
  assert.deepEqual(opened, [N]);
});

test("where nodes would be closer than the numbers at that magnitude, the pass goes over the rows", () => {
  const { data, densities } = problem(N, 1, 2, "diagonal", 3, 1e15);
  const { open, opened } = watched();
  assert.deepEqual(sumsOf(data, densities, open), sumsOf(data, densities));
  assert.deepEqual(opened, [N]);
});

test("a grid becomes finer when components become narrower, and never coarser", () => {
  const { data, densities } = problem(N, 1, 2, "diagonal");
  const { open, opened, closed } = watched();
  const passes = open(data, 2);
  const narrower = { ...densities, whiteners: densities.whiteners.map((whitener) => 3 * whitener) };
  for (const current of [densities, densities, narrower, densities])
    assertSameSums(passes.sums(current), sumsOf(data, current), current);
  passes.close();
  const [coarse = 0, fine = 0, ...more] = opened;
  assert.ok(more.length === 0 && coarse < fine && fine <= N / 8 + 8, `went over ${opened} rows`);
  assert.deepEqual(closed, opened);
});

test("doubled rows, on a grid, have the same fit as the rows themselves, without one", () => {
  const random = randomFrom(5);
  const rows = manyRows - 1;
  const values = Float64Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 3 : 0) + standardNormal(random));
  const twice = Float64Array.from({ length: 2 * rows }, (_, row) => values[row % rows] ?? 0);
  const init = { weights: [0.5, 0.5], means: [[-1], [2]], covariances: [[[2]], [[2]]] };
  const options = { init, tol: Number.MIN_VALUE, maxIter: 100 };
  const [one, two] = [GaussianMixture.fit(values, options), GaussianMixture.fit(twice, options)];
  // 100 updates each carry on the last one's rounding.
  assertClose(two.params.means, one.params.means, 1e-11);
  assertClose(two.params.covariances, one.params.covariances, 1e-11);
  assertClose(
    two.report.history.map((value) => value / 2),
    [...one.report.history],
    1e-12,
  );
});
