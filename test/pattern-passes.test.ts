// Rows with the same columns missing, through the passes for complete data, beside the sums row by row.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Data, readData } from "../packages/mixtures/src/data.js";
import { eStep } from "../packages/mixtures/src/family.js";
import { fastPasses } from "../packages/mixtures/src/gaussian/fast-passes.js";
import { findPatterns, missingStep } from "../packages/mixtures/src/gaussian/missing.js";
import type { MissingDensities } from "../packages/mixtures/src/gaussian/missing-densities.js";
import { emptySums, type GaussianSums, type MatrixShape } from "../packages/mixtures/src/gaussian/passes.js";
import { openPatternPasses } from "../packages/mixtures/src/gaussian/pattern-passes.js";
import { assertClose } from "./close.js";
import { uniform } from "./uniform.js";

const random = uniform(31);
const numbers = (length: number, scale = 1) => Float64Array.from({ length }, () => scale * (random() - 0.5));

/** K components over D columns: covariances A Aᵀ + I / 2, or variances. */
function densities(K: number, D: number, shape: MatrixShape): MissingDensities {
  const covariances = new Float64Array(shape === "full" ? K * D * D : K * D).map(() => 0.5 + random());
  if (shape === "full")
    for (let k = 0; k < K; k++) {
      const a = numbers(D * D, 2);
      for (let at = 0; at < D * D; at++) {
        const [i, j] = [Math.floor(at / D), at % D];
        covariances[k * D * D + at] = i === j ? 0.5 : 0;
        for (let l = 0; l < D; l++) covariances[k * D * D + at] += a[i * D + l] * a[j * D + l];
      }
    }
  return { logWeights: new Float64Array(K).fill(-Math.log(K)), means: numbers(K * D, 3), covariances };
}

function byRows(data: Data, at: MissingDensities, shape: MatrixShape, centres: Float64Array): GaussianSums {
  const K = at.logWeights.length;
  const sums = emptySums(K, data.columns, shape);
  const { logJoint, addTo } = missingStep(data, findPatterns(data), at, shape);
  sums.logLikelihood = eStep(logJoint, K, data, addTo(sums, centres));
  return sums;
}

/** Of full matrices the lower triangles count. */
const flat = ({ logLikelihood, counts, first, second }: GaussianSums) => {
  const D = first.length / counts.length;
  const counted = second.length === first.length ? second : second.filter((_, at) => Math.floor(at / D) % D >= at % D);
  return [logLikelihood, ...counts, ...first, ...counted];
};

for (const shape of ["full", "diagonal"] as const)
  for (const [N, D, share] of [
    [900, 4, 0.3],
    [5000, 3, 0.02],
    [300, 9, 0.25],
    [120, 1, 0.2],
  ])
    test(`${N} × ${D}, ${shape}, ${share} missing: the sums by patterns are those by rows`, () => {
      const K = 3;
      const type = D === 1 ? "diagonal" : shape; // as one column always is
      const values = numbers(N * D, 4).map((x) => (random() < share ? Number.NaN : x));
      const at = densities(K, D, type);
      const sampleWeight = Array.from({ length: N }, () => 0.5 + random());
      for (const options of [{}, { sampleWeight }]) {
        const data = readData({ values, columns: D }, { allowMissing: true, ...options });
        const seen: Data[] = [];
        const passes = openPatternPasses(data, K, type, (part, ...rest) => {
          seen.push(part);
          return fastPasses(1)(part, ...rest);
        });
        // 5,000 terms in another order, next to sums of squares.
        for (const centres of [at.means, at.means.map((mean) => mean + random())])
          assertClose(flat(passes.sums(at, centres)), flat(byRows(data, at, type, centres)), 1e-10, "sums", 1);
        passes.close();

        assert.ok(seen.every((part) => !part.missing && !part.values.some(Number.isNaN)));
        const rows = seen.reduce((sum, part) => sum + part.rows, 0);
        const { ofRow, patterns } = findPatterns(data);
        const sizes = patterns.map((_, index) => ofRow.filter((pattern) => pattern === index).length);
        const alike = patterns.reduce(
          (sum, { observed, missing }, index) =>
            sum + (observed.length > 0 && sizes[index] >= Math.max(4, missing.length) ? sizes[index] : 0),
          0,
        );
        assert.ok(alike > 0.2 * N, `${alike}`);
        // Large patterns are opened once, the others at each of the two calls.
        const large = sizes.reduce((sum, size) => sum + (size >= 4096 ? size : 0), 0);
        assert.equal(rows, 2 * alike - large);
      }
    });

test("as many patterns as rows do not pile up in memory, and change nothing", () => {
  // 300 patterns of 2 × 64 × 64 numbers at most are more than are kept.
  const [N, D, K] = [600, 64, 2];
  const values = numbers(N * D, 4).map((x) => (random() < 0.1 ? Number.NaN : x));
  const data = readData({ values, columns: D }, { allowMissing: true });
  const at = densities(K, D, "full");
  const one = byRows(data, at, "full", at.means);
  const passes = openPatternPasses(data, K, "full", () => assert.fail("no two rows are alike"));
  assertClose(flat(passes.sums(at, at.means)), flat(one), 1e-10, "sums", 1);
});
