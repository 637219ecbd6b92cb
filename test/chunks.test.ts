import assert from "node:assert/strict";
import { test } from "node:test";
import { GaussianMixture } from "em-mixtures";
import { surveyChunks } from "../packages/mixtures/src/chunks.js";
import { columnMoments } from "../packages/mixtures/src/column-moments.js";
import { readData } from "../packages/mixtures/src/data.js";
import { randomFrom, standardNormal } from "../packages/mixtures/src/random.js";
import { assertClose } from "./close.js";

const random = randomFrom(2);
const rows = 30_000;
const columns = 3;
const centres = [0, 4, 9];
const values = Float64Array.from({ length: rows * columns }, (_, at) => {
  const row = Math.floor(at / columns);
  return centres[row % 3] * (1 + (at % columns)) + standardNormal(random);
});

/** The values in chunks of many sizes, one of them empty; counts how often it is read. */
function chunked() {
  const source = {
    passes: 0,
    async *[Symbol.asyncIterator]() {
      source.passes++;
      const ends = [0, 1, 1, 700, 5000, 20_000, rows];
      for (let i = 0; i + 1 < ends.length; i++) yield values.subarray(ends[i] * columns, ends[i + 1] * columns);
    },
  };
  return source;
}

test("GaussianMixture.fitChunks equals the fit in memory, one pass an iteration", async () => {
  const init = {
    weights: [0.3, 0.3, 0.4],
    means: [
      [1, 1, 1],
      [4, 7, 11],
      [8, 17, 26],
    ],
    covariances: [0, 1, 2].map(() => [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 2 : 0)))),
  };
  for (const covarianceType of ["full", "tied", "diag", "spherical"] as const) {
    const source = chunked();
    const options = { init, covarianceType, maxIter: 6, tol: 1e-300 };
    const inPieces = await GaussianMixture.fitChunks(source, { columns, ...options });
    const inMemory = GaussianMixture.fit({ values, columns }, options);
    // The same sums, added up in another order.
    assertClose(inPieces.report.history, inMemory.report.history, 1e-12);
    for (const part of ["weights", "means", "covariances"] as const)
      assertClose(inPieces.params[part], inMemory.params[part], 1e-10, part, 1);
    // One for the rows and their scale, then one for each log-likelihood.
    assert.equal(source.passes, 1 + inPieces.report.history.length);
    // So coarse that a tolerance of the total instead of the mean would mean one more update.
    const coarse = { init, covarianceType, tol: 5 };
    const { iterations } = GaussianMixture.fit({ values, columns }, coarse).report;
    const { report } = await GaussianMixture.fitChunks(source, { columns, ...coarse });
    assert.equal(report.iterations, iterations);
  }
});

test("GaussianMixture.fitChunks finds a start of its own", async () => {
  const model = await GaussianMixture.fitChunks(chunked(), { columns, nComponents: 3, seed: 1 });
  assert.ok(model.report.converged);
  const inMemory = GaussianMixture.fit({ values, columns }, { nComponents: 3, seed: 1 });
  // Both have come as close to the one optimum as their tolerance, 1e-6 of log-likelihood a row, lets them.
  assertClose(model.report.logLikelihood, inMemory.report.logLikelihood, 1e-6);
  assert.notEqual(model.report.start, "given");
});

test("GaussianMixture.fitChunks keeps its digits when a start lies far off, as fit does", async () => {
  const init = { weights: [1], means: [[-1e8]], covariances: [[[1]]] };
  const options = { init, maxIter: 1 };
  const inPieces = await GaussianMixture.fitChunks([values.subarray(0, 500), values.subarray(500)], options);
  // Without a second pass about the new means eight of sixteen digits would be lost.
  assertClose(inPieces.params.covariances, GaussianMixture.fit(values, options).params.covariances, 1e-9);
});

test("surveyChunks finds the columns' variances, and draws each row with the same chance", async () => {
  const { variances, sample } = await surveyChunks(chunked(), columns, async () => {}, 2000, 1);
  const { variances: expected } = columnMoments(readData({ values, columns }, {}));
  // The same sums, added up in another order.
  assertClose(Array.from(variances), Array.from(expected), 1e-12);
  const numbers = Float64Array.from({ length: rows }, (_, row) => row);
  const drawn = await surveyChunks([numbers.subarray(0, 9000), numbers.subarray(9000)], 1, async () => {}, 2000, 1);
  const mean = drawn.sample.reduce((sum, row) => sum + row / 2000, 0);
  // Five standard errors of the mean of so many uniform numbers.
  assertClose(mean, rows / 2, 5 / Math.sqrt(3 * 2000));
  assert.equal(sample.length, 2000 * columns);
});

test("GaussianMixture.fitChunks refuses chunks that can be read only once, ragged ones and none", async () => {
  const options = { columns, nComponents: 2 };
  const once = chunked()[Symbol.asyncIterator]();
  await assert.rejects(
    GaussianMixture.fitChunks(once, options),
    /same 30000 rows at every pass, but is 0.* a generator/,
  );
  await assert.rejects(GaussianMixture.fitChunks([new Float64Array(4)], options), /multiple of its 3 columns/);
  await assert.rejects(
    GaussianMixture.fitChunks([new Float64Array(0), Float64Array.of(1, 2, Number.NaN)], options),
    /chunk 1/,
  );
  await assert.rejects(GaussianMixture.fitChunks([], options), /at least one row/);
  const numbers = [[1, 2, 3]] as unknown as Float64Array[];
  await assert.rejects(GaussianMixture.fitChunks(numbers, options), /chunk 0\.values must be a Float64Array/);
});

test("GaussianMixture.fitChunks checks the options beside a start", async () => {
  const init = { weights: [1], means: [[0]], covariances: [[[1]]] };
  const cases: readonly [object, RegExp][] = [
    [{ covarianceType: "round" }, /^InputError: covarianceType must be/],
    [{ regCovar: -1 }, /^InputError: regCovar must be/],
    [{ covarianceFloor: -1 }, /^InputError: covarianceFloor must be/],
    [{ nComponents: 2 }, /^InputError: weights must have 2 entries/],
    [{ nComponents: 4 }, /^InputError: nComponents must be at most the rows of chunks, 3, but is 4/],
  ];
  for (const [change, message] of cases)
    await assert.rejects(GaussianMixture.fitChunks([Float64Array.of(1, 2, 4)], { init, ...change }), message);
});

test("GaussianMixture.fitChunks takes weights beside the rows", async () => {
  const weights = Float64Array.from({ length: rows }, (_, row) => row % 4);
  const ends = [0, 1, 9000, rows];
  const weighted = ends.slice(1).map((end, i) => ({
    values: values.subarray(ends[i] * columns, end * columns),
    weights: weights.subarray(ends[i], end),
  }));
  const init = GaussianMixture.fit({ values, columns }, { nComponents: 3, maxIter: 1 }).params;
  const options = { init, maxIter: 4, tol: 1e-300 };
  const inPieces = await GaussianMixture.fitChunks(weighted, { columns, ...options });
  const inMemory = GaussianMixture.fit({ values, columns }, { ...options, sampleWeight: weights });
  // The same sums, added up in another order.
  assertClose(inPieces.report.history, inMemory.report.history, 1e-12);
  assertClose(inPieces.params.means, inMemory.params.means, 1e-10);
  const own = await GaussianMixture.fitChunks(weighted, { columns, nComponents: 3 });
  assertClose(
    own.score({ values, columns }, { sampleWeight: weights }),
    inMemory.score({ values, columns }, { sampleWeight: weights }),
    0.01,
  );
  const short = [{ values: values.subarray(0, 30), weights: weights.subarray(0, 9) }];
  await assert.rejects(
    GaussianMixture.fitChunks(short, { columns, nComponents: 1 }),
    /chunk 0\.weights must have 10 entries/,
  );
});

test("GaussianMixture.fitChunks accelerated takes fewer passes to the same optimum", async () => {
  // Two components one deviation apart: EM is slow.
  const near = Float64Array.from({ length: 4000 }, (_, row) => (row % 2) * 1.5 + standardNormal(random));
  const init = { weights: [0.5, 0.5], means: [[-1], [1]], covariances: [[[1]], [[1]]] };
  const fit = (acceleration: "none" | "anderson") =>
    GaussianMixture.fitChunks([near.subarray(0, 999), near.subarray(999)], { init, acceleration, tol: 1e-9 });
  const [plain, fast] = [await fit("none"), await fit("anderson")];
  assert.ok(fast.report.converged);
  assert.ok(fast.report.evaluations < plain.report.evaluations / 2, `${fast.report.evaluations} evaluations`);
  assert.ok(fast.report.logLikelihood >= plain.report.logLikelihood - 1e-6);
});

test("GaussianMixture.fitSums names what a source lacks, and sums that are none", async () => {
  const sample = values.subarray(0, 30);
  const source = {
    columns,
    rows,
    means: [0, 0, 0],
    variances: [1, 1, 1],
    sample,
    sumsAt: async () => ({
      logLikelihood: -1,
      counts: Float64Array.of(10),
      first: new Float64Array(3),
      second: Float64Array.of(1, 0, 0, 0, 1, 0, 0, Number.NaN, 1),
    }),
  };
  const cases: readonly [object, RegExp][] = [
    [{}, /the sums' second\[7\] must be a finite number/],
    [{ means: [0] }, /source\.means must have 3 entries/],
    [{ rows: 0 }, /source\.rows must be an integer of at least 1/],
    [{ sample: sample.subarray(0, 4) }, /source\.sample must be a Float64Array of rows of 3 columns/],
    [{ sumsAt: undefined }, /source\.sumsAt must be a function/],
  ];
  for (const [change, message] of cases)
    await assert.rejects(GaussianMixture.fitSums({ ...source, ...change }, { nComponents: 1 }), message);
});
