// Diagonal and spherical covariances that all components share.
import assert from "node:assert/strict";
import { test } from "node:test";
import { GaussianMixture, InputError, select } from "em-mixtures";
import { assertClose } from "./close.js";
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };

const faithful = oldFaithful.rows;

// mclust's BIC (of the other sign) for Old Faithful, three decimals, as R prints `mclustBIC(faithful)`: models EEI and EII.
const mclust = {
  "tied-diag": [-3055.835, -2354.601, -2323.014],
  "tied-spherical": [-4024.721, -3452.998, -3377.701],
} as const;

test("fits reach mclust's BIC for Old Faithful", () => {
  for (const [covarianceType, figures] of Object.entries(mclust))
    for (const [index, expected] of figures.entries()) {
      const options = { nComponents: index + 1, covarianceType: covarianceType as keyof typeof mclust };
      const bic = GaussianMixture.fit(faithful, options).bic(faithful);
      // mclust stops where an update gains less than 1e-5 of the log-likelihood: of the flat optima, some tenths before.
      assert.ok(bic < -expected + 0.001 && bic > -expected - 0.2, `${covarianceType} ${index + 1}: ${bic}`);
    }
});

test("the M-step pools the squares of all components", () => {
  const X = [
    [1, 10],
    [3, 14],
    [10, 20],
    [16, 20],
  ];
  const responsibilities = [0, 0, 1, 1].map((k) => [1 - k, k]);
  // Squares about the means: 1, 1, 9, 9 in the first column and 4, 4, 0, 0 in the second.
  const diag = GaussianMixture.mStep(X, responsibilities, { covarianceType: "tied-diag" });
  assertClose(
    diag.covariances,
    [
      [5, 2],
      [5, 2],
    ],
    1e-15,
  );
  const spherical = GaussianMixture.mStep(X, responsibilities, { covarianceType: "tied-spherical" });
  assertClose(
    spherical.covariances,
    [
      [3.5, 3.5],
      [3.5, 3.5],
    ],
    1e-15,
  );
});

test("models of these types do what others do", () => {
  for (const [covarianceType, shared] of [
    ["tied-diag", 2],
    ["tied-spherical", 1],
  ] as const) {
    const model = GaussianMixture.fit(faithful, { nComponents: 3, covarianceType });
    const { params } = model;
    assert.equal(model.nParameters, 2 + 6 + shared);
    for (const covariance of params.covariances) assert.deepEqual(covariance, params.covariances[0]);
    // The same density as that of whole matrices, and of the type where each component has its own.
    const matrices = params.covariances.map(([a, b]) => [
      [a, 0],
      [0, b],
    ]);
    const whole = GaussianMixture.from({ ...params, covariances: matrices }).logLikelihood(faithful);
    assertClose(model.logLikelihood(faithful), whole, 1e-12);
    const again = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(model)));
    assert.deepEqual(again.params, params);
    assert.equal(again.covarianceType, covarianceType);
    const { history } = model.report;
    for (const [t, value] of history.slice(1).entries()) assert.ok(value >= history[t] - 1e-9 * Math.abs(value));
    const open = model.conditional([Number.NaN, 80]);
    assert.deepEqual(
      open.params.covariances,
      params.covariances.map(([a]) => [a]),
    );
    const holes = faithful.map(([a, b], row) => (row % 5 === 0 ? [a, Number.NaN] : [a, b]));
    assert.ok(GaussianMixture.fit(holes, { nComponents: 2, covarianceType, allowMissing: true }).report.converged);
  }
});

test("select takes these types where they are asked for", () => {
  const covarianceTypes = ["diag", "tied-diag", "tied-spherical"] as const;
  const { best, table } = select(faithful, { nComponents: [2, 3], covarianceTypes });
  assert.equal(table.length, 6);
  // By mclust's table of these, EEI with 3 components.
  assert.deepEqual([best.nComponents, best.covarianceType], [3, "tied-diag"]);
});

test("covariances that differ are refused where the type shares them", () => {
  const params = {
    weights: [0.5, 0.5],
    means: [
      [0, 0],
      [1, 1],
    ],
    covariances: [
      [1, 2],
      [1, 3],
    ],
  };
  assert.throws(() => GaussianMixture.from(params, { covarianceType: "tied-diag" }), {
    name: "InputError",
    message: /^covariances\[1\]\[1\] must be 2, as covarianceType "tied-diag" has it, but is 3/,
  });
  assert.throws(() => GaussianMixture.from(params, { covarianceType: "tied-diagonal" as "diag" }), InputError);
});
