import assert from "node:assert/strict";
import { test } from "node:test";
import { fastPasses, fewTerms, rowsPerChunk } from "../packages/mixtures/src/gaussian/fast-passes.js";
import { type MatrixShape, openPlainPasses } from "../packages/mixtures/src/gaussian/passes.js";
import { assertClose } from "./close.js";
import { assertSameSums, problem, sumsOf } from "./gaussian-sums.js";

// Every loop of its own, whole and broken tiles of rows and columns, whole and broken blocks of 64.
const shapes: readonly [N: number, D: number, K: number, shape: MatrixShape][] = [
  [5000, 1, 2, "diagonal"],
  [4999, 1, 2, "diagonal"],
  [4099, 1, 5, "diagonal"],
  [4097, 1, 1, "diagonal"],
  [1001, 6, 3, "diagonal"],
  [1403, 7, 4, "diagonal"],
  [4001, 2, 3, "full"],
  [1001, 3, 3, "full"],
  [1030, 4, 2, "full"],
  [1001, 5, 3, "full"],
  [700, 11, 4, "full"],
];

for (const [N, D, K, shape] of shapes)
  test(`WebAssembly makes the sums of plain TypeScript: ${shape}, N = ${N}, D = ${D}, K = ${K}`, () => {
    const { data, densities } = problem(N, D, K, shape);
    const open = fastPasses(1);
    assert.ok(N * K >= fewTerms, "too small for WebAssembly");
    assertSameSums(sumsOf(data, densities, open), sumsOf(data, densities), densities);
    const weights = Float64Array.from({ length: N }, (_, row) => (row % 7) / 3);
    const weighted = { ...data, weights };
    assertSameSums(sumsOf(weighted, densities, open), sumsOf(weighted, densities), densities);
  });

test("WebAssembly and TypeScript make the same E-step, row by row", () => {
  for (const [N, D, K, shape] of shapes) {
    const { data, densities } = problem(N, D, K, shape);
    const weights = Float64Array.from({ length: N }, (_, row) => row % 3);
    const seen = [fastPasses(1), openPlainPasses].map((open) => {
      const rows: number[][] = [];
      const passes = open({ ...data, weights }, K, shape);
      const total = passes.eStep(densities, (row, responsibilities, logDensity) =>
        rows.push([row, logDensity, ...responsibilities]),
      );
      passes.close();
      return [...rows, [total]];
    });
    // Responsibilities lie between 0 and 1: their errors are rounding, whatever their size.
    assertClose(seen[0], seen[1], 1e-12, "E-step", 1);
  }
});

test("WebAssembly and TypeScript make the same sums of given responsibilities", () => {
  for (const [N, D, K, shape] of shapes) {
    const { data, densities } = problem(N, D, K, shape);
    const weighted = { ...data, weights: Float64Array.from({ length: N }, (_, row) => row % 3) };
    const centres = densities.means.map((mean) => mean + 1);
    const responsibilities = (row: number, out: Float64Array) => {
      out.fill(0.1 / K);
      out[(row * 7) % K] += 0.9;
    };
    for (const given of [data, weighted]) {
      const passes = fastPasses(1)(given, K, shape);
      passes.sums(densities); // of which nothing must be left
      const sums = passes.weightedSums(responsibilities, centres);
      passes.close();
      const expected = openPlainPasses(given, K, shape).weightedSums(responsibilities, centres);
      assertSameSums(sums, expected, densities);
    }
  }
});

test("a row beyond the numbers' range is refused by its index, whichever passes find it", () => {
  const { data, densities } = problem(5000, 2, 3, "full");
  data.values[2 * 4321] = 1e200;
  const refused = { name: "InputError", message: /4321/ };
  assert.throws(() => sumsOf(data, densities, fastPasses(1)), refused);
  assert.throws(() => fastPasses(1)(data, 3, "full").eStep(densities, () => {}), refused);
});

test("WebAssembly and TypeScript agree where every density underflows", () => {
  for (const [N, D, K, shape] of shapes) {
    // Centres thousands of deviations apart: e^(-ℓ) is 0 for every component but the nearest, and often for that too.
    const { data, densities } = problem(N, D, K, shape, 5000);
    const far = { ...densities, means: densities.means.map((mean) => mean + 100) };
    assertSameSums(sumsOf(data, far, fastPasses(1)), sumsOf(data, far), densities);
  }
});

test("a share of e^-500 is still itself: WebAssembly's exponentials reach to e^-600", () => {
  const data = { ...problem(64, 1, 2, "diagonal").data, values: new Float64Array(64) };
  const densities = {
    components: 2,
    columns: 1,
    shape: "diagonal",
    logScales: Float64Array.from([0, -500]),
    means: new Float64Array(2),
    whiteners: new Float64Array(2).fill(1),
  } as const;
  // Beside a component with all of the responsibility, the share is the ratio of the densities, here for 64 rows.
  assertClose(sumsOf(data, densities, fastPasses(1)).counts[1], 64 * Math.exp(-500), 1e-12);
});

test("a component without weight gets no share, not even by rounding", () => {
  const { data, densities } = problem(1000, 2, 3, "full");
  const logScales = densities.logScales.map((scale, k) => (k === 1 ? Number.NEGATIVE_INFINITY : scale));
  assert.equal(sumsOf(data, { ...densities, logScales }, fastPasses(1)).counts[1], 0);
});

test("WebAssembly does not cancel at an offset of 1e8", () => {
  for (const [N, D, K, shape] of shapes) {
    const { data, densities } = problem(N, D, K, shape, 3, 1e8);
    assertSameSums(sumsOf(data, densities, fastPasses(1)), sumsOf(data, densities), densities);
  }
});

test("the sums do not depend on the number of threads, to the last bit", () => {
  for (const [N, D, K, shape] of [
    [300_000, 1, 4, "diagonal"],
    [20_000, 6, 6, "full"],
  ] as const) {
    const { data, densities } = problem(N, D, K, shape);
    // Seven passes, so that the workers are up before the last one.
    const passes = (threads: number) => {
      const passes = fastPasses(threads)(data, K, shape);
      try {
        for (let pass = 0; pass < 6; pass++) passes.sums(densities);
        const sums = passes.sums(densities);
        return [sums.logLikelihood, ...sums.counts, ...sums.first, ...sums.second];
      } finally {
        passes.close();
      }
    };
    const alone = passes(1);
    assert.deepEqual(passes(2), alone);
    assert.deepEqual(passes(3), alone);
  }
});

test("the sums of all chunks stay within 32 MB, whatever K and D", () => {
  for (const [K, D] of [
    [10, 500],
    [30, 100],
    [2, 1],
    [100, 50],
  ]) {
    const length = K * (1 + D + D * D);
    const chunks = Math.ceil(1e6 / rowsPerChunk(1e6, length));
    assert.ok(chunks <= 128 && 8 * chunks * length <= 2 ** 25, `${K}, ${D}: ${chunks} chunks`);
  }
});
