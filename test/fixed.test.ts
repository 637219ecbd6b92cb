// Fits that leave some parameters as they are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FixedParams, GaussianMixture } from "em-mixtures";
import { assertClose } from "./close.js";
import reference from "./fixtures/reference/constrained.json" with { type: "json" };
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };

const faithful = oldFaithful.rows;
const cases = reference.optima.filter(({ priorRows }) => priorRows === 0);

test("fits with fixed parameters reach the optima that a general optimiser finds", () => {
  for (const { init, fixed, weights, means, covariances, logLikelihood, freeParameters } of cases) {
    const model = GaussianMixture.fit(faithful, { init, fixed: fixed as FixedParams, tol: 1e-12, maxIter: 5000 });
    // The optimiser ends where the rounding of its differences hides the slope: ℓ is flat there.
    assertClose(model.report.logLikelihood, logLikelihood, 1e-8);
    assertClose(model.params.weights, weights, 1e-3);
    assertClose(model.params.means, means, 1e-3);
    assertClose(model.params.covariances, covariances, 5e-3);
    assert.equal(model.nParameters, freeParameters);
    const { history } = model.report;
    for (const [t, value] of history.slice(1).entries()) assert.ok(value >= history[t] - 1e-9);
  }
});

test("what is fixed stays to the last bit, also through drawn starts, acceleration and JSON", () => {
  const fixed = { weights: [null, 0.1, null], means: [[4, 90], null, null] } as const;
  for (const covarianceType of ["full", "tied", "diag", "spherical", "tied-diag"] as const) {
    const options = { nComponents: 3, covarianceType, fixed, nInit: 3, acceleration: "anderson" } as const;
    const model = GaussianMixture.fit(faithful, options);
    assert.deepEqual(model.params.means[0], [4, 90]);
    assert.equal(model.params.weights[1], 0.1);
    assertClose(
      model.params.weights.reduce((sum, weight) => sum + weight),
      1,
      1e-12,
    );
    const free = GaussianMixture.from(model.params, { covarianceType });
    assert.equal(model.nParameters, free.nParameters - 3);
    const again = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(model)));
    assert.equal(again.bic(faithful), model.bic(faithful));
  }
});

test("true fixes what init has", () => {
  const { init } = cases[0];
  const model = GaussianMixture.fit(faithful, { init, fixed: { means: true, weights: true } });
  assert.deepEqual(model.params.means, init.means);
  assert.deepEqual(model.params.weights, init.weights);
  assert.equal(model.nParameters, 6);
  // Variances about a fixed mean, by hand: that of the column and the square of the mean's distance.
  const one = GaussianMixture.fit([1, 2, 3], { nComponents: 1, fixed: { means: [[5]] } });
  assertClose(one.params.covariances, [[[2 / 3 + 9]]], 1e-12);
});

test("a fixed covariance is not lifted and does not count as near singular", () => {
  const narrow = [[[1e-13]], null];
  const X = [0, 0, 0, 0, 1, 2, 3, 4, 5];
  const { params, report } = GaussianMixture.fit(X, {
    nComponents: 2,
    fixed: { covariances: narrow, means: [[0], null] },
  });
  assert.deepEqual(params.covariances[0], [[1e-13]]);
  assert.deepEqual(report.warnings, []);
});

test("fits to chunks, with missing values and over threads keep to it", async () => {
  const { init, fixed, logLikelihood } = cases[1];
  const options = { init, fixed: fixed as FixedParams, tol: 1e-12 };
  const chunks = [Float64Array.from(faithful.flat())];
  const inChunks = await GaussianMixture.fitChunks(chunks, { ...options, columns: 2 });
  assertClose(inChunks.report.logLikelihood, logLikelihood, 1e-8);
  const holes = faithful.map(([a, b], row) => (row % 7 === 0 ? [a, Number.NaN] : [a, b]));
  const { params } = GaussianMixture.fit(holes, { ...options, allowMissing: true });
  assert.deepEqual([params.weights, params.means[0]], [fixed.weights, fixed.means?.[0]]);
});

test("fixed names what is wrong", () => {
  const fit = (fixed: unknown, options = {}) =>
    GaussianMixture.fit(faithful, { nComponents: 2, ...options, fixed: fixed as FixedParams });
  const means = [[1, 2], null];
  const wrong: readonly [() => unknown, RegExp][] = [
    [() => fit(true), /^fixed must be an object/],
    [() => fit({ mean: means }), /^fixed must be among .* Did you mean means/],
    [() => fit({ means: true }), /^fixed\.means must be true only where init has parameters/],
    [() => fit({ means: [[1, 2]] }), /^fixed\.means must have 2 entries/],
    [() => fit({ means: [[1], null] }), /^means\[0\] must have 2 entries/],
    [() => fit({ weights: [1, null] }), /^fixed\.weights must have a sum below 1/],
    [() => fit({ weights: [0.7, 0.7] }), /^weights must sum to 1/],
    [
      () =>
        fit({
          covariances: [
            [
              [1, 0],
              [0, -1],
            ],
            null,
          ],
        }),
      /^covariances\[0\] must be positive definite/,
    ],
    [
      () =>
        fit(
          {
            covariances: [
              [
                [1, 0],
                [0, 1],
              ],
              null,
            ],
          },
          { covarianceType: "tied" },
        ),
      /^fixed\.covariances must fix all or none/,
    ],
  ];
  for (const [call, message] of wrong) assert.throws(call, { name: "InputError", message });
});
