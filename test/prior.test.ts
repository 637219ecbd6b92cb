// A prior on the covariances of normal mixtures: fits maximise the log-likelihood plus its log.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CovariancePrior, GaussianMixture, select } from "em-mixtures";
import { assertClose } from "./close.js";
import reference from "./fixtures/reference/constrained.json" with { type: "json" };
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };

const faithful = oldFaithful.rows;
const cases = reference.optima.filter(({ priorRows }) => priorRows > 0);

test("fits with a prior reach the optima that a general optimiser finds", () => {
  assert.equal(cases.length, 2);
  for (const { init, priorRows, weights, means, covariances, logLikelihood, logPrior } of cases) {
    const prior = { rows: priorRows };
    const model = GaussianMixture.fit(faithful, { init, prior, tol: 1e-13, maxIter: 10_000 });
    // The optimiser ends where the rounding of its differences hides the slope: the top is flat there.
    assertClose(model.report.logLikelihood, logLikelihood + logPrior, 1e-9);
    assertClose(model.logLikelihood(faithful), logLikelihood, 1e-5);
    assertClose(model.params.weights, weights, 2e-3);
    assertClose(model.params.means, means, 2e-3);
    assertClose(model.params.covariances, covariances, 1e-2);
  }
});

test("the penalised log-likelihood never falls, for every covariance type, with fixed and missing values too", () => {
  const holes = faithful.map(([a, b], row) => (row % 7 === 0 ? [a, Number.NaN] : [a, b]));
  for (const covarianceType of ["full", "tied", "diag", "spherical", "tied-diag", "tied-spherical"] as const) {
    const options = { nComponents: 3, covarianceType, nInit: 2, prior: { rows: 4 }, allowMissing: true } as const;
    for (const X of [faithful, holes]) {
      const { history } = GaussianMixture.fit(X, { ...options, fixed: { means: [[2, 50], null, null] } }).report;
      assert.ok(history.length > 2);
      for (const [t, value] of history.slice(1).entries()) assert.ok(value >= history[t] - 1e-9 * Math.abs(value));
    }
  }
});

test("one component has the covariance of the rows and the prior's together", () => {
  // Variances 2/3 and 8/3 of three rows; four more of 1 and 2.
  const X = [
    [1, 2],
    [2, 4],
    [3, 0],
  ];
  const prior = { rows: 4, variances: [1, 2] };
  const of = (covarianceType: "full" | "diag" | "spherical" | "tied") =>
    GaussianMixture.fit(X, { nComponents: 1, covarianceType, prior }).params.covariances;
  const [a, b] = [(2 + 4) / 7, (8 + 8) / 7];
  assertClose(of("diag"), [[a, b]], 1e-12);
  assertClose(of("spherical"), [[(a + b) / 2, (a + b) / 2]], 1e-12);
  for (const type of ["full", "tied"] as const)
    assertClose(
      of(type),
      [
        [
          [a, -2 / 7],
          [-2 / 7, b],
        ],
      ],
      1e-12,
    );
});

test("where components would collapse without it, a prior holds them up", () => {
  const X = [...Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]), [50, 50], [50, 50]];
  const options = { nComponents: 2, covarianceFloor: 0, nInit: 4 };
  assert.throws(() => GaussianMixture.fit(X, options), { name: "CollapseError" });
  const { report } = GaussianMixture.fit(X, { ...options, prior: { rows: 1 } });
  assert.ok(report.converged && report.warnings.length === 0);
});

test("select compares fits with a prior by the likelihood alone", () => {
  const { table } = select(faithful, { nComponents: [2], covarianceTypes: ["full"], prior: { rows: 5 } });
  const [{ logLikelihood, aic, nParameters }] = table;
  assertClose(aic, 2 * nParameters - 2 * logLikelihood, 1e-12);
});

test("fits to chunks take the prior from all rows", async () => {
  const options = { init: cases[0].init, prior: { rows: cases[0].priorRows }, tol: 1e-12 };
  const half = faithful.length / 2;
  const chunks = [faithful.slice(0, half), faithful.slice(half)].map((rows) => Float64Array.from(rows.flat()));
  const { report } = await GaussianMixture.fitChunks(chunks, { ...options, columns: 2 });
  assertClose(report.logLikelihood, cases[0].logLikelihood + cases[0].logPrior, 1e-9);
});

test("prior names what is wrong", () => {
  const wrong: readonly [unknown, RegExp][] = [
    [3, /^prior must be an object/],
    [{}, /^prior\.rows must be a finite number above 0, but is undefined/],
    [{ rows: 1, variance: [1, 1] }, /^prior must be among .* Did you mean variances/],
    [{ rows: 1, variances: [1] }, /^prior\.variances must have 2 entries/],
    [{ rows: 1, variances: [1, 0] }, /^prior\.variances\[1\] must be a finite number above 0/],
  ];
  for (const [prior, message] of wrong) {
    const options = { nComponents: 2, prior: prior as CovariancePrior };
    assert.throws(() => GaussianMixture.fit(faithful, options), { name: "InputError", message });
  }
});
