import assert from "node:assert/strict";
import { test } from "node:test";
import { GaussianMixture, select } from "em-mixtures";
import { assertClose } from "./close.js";
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };
import reference from "./fixtures/reference/optima.json" with { type: "json" };

const faithful = oldFaithful.rows;

test("select tables the grid as scikit-learn has it and takes the best by BIC", () => {
  const { best, table } = select(faithful, {
    nComponents: [1, 2, 3],
    nInit: 20,
    tol: 1e-13,
    maxIter: 5000,
    acceleration: "anderson",
  });
  assert.deepEqual(
    table.map(({ nComponents, covarianceType }) => [nComponents, covarianceType]),
    reference.optima.map(({ nComponents, covarianceType }) => [nComponents, covarianceType]),
  );
  for (const [index, row] of table.entries()) {
    const { logLikelihood, aic, bic, icl } = reference.optima[index];
    assertClose([row.logLikelihood, row.aic, row.bic], [logLikelihood, aic, bic], 1e-8);
    assertClose(row.icl, icl, 1e-5);
    assertClose(row.bic, row.nParameters * Math.log(272) - 2 * row.logLikelihood, 1e-12);
    assert.ok(row.converged && !row.nearSingular);
  }
  // Three ellipses of one shape: mclust's choice too.
  assert.deepEqual([best.nComponents, best.covarianceType], [3, "tied"]);
  assert.ok(best instanceof GaussianMixture);
});

test("select follows the criterion asked for", () => {
  const options = { nComponents: [1, 2, 3], covarianceTypes: ["full", "tied"], nInit: 4 } as const;
  for (const criterion of ["aic", "bic", "icl"] as const) {
    const { best, table } = select(faithful, { ...options, criterion });
    const least = table.reduce((a, b) => (b[criterion] < a[criterion] ? b : a));
    assert.deepEqual([best.nComponents, best.covarianceType], [least.nComponents, least.covarianceType]);
  }
});

test("select does not take a collapsed fit for the best", () => {
  const X = [...faithful.slice(0, 30).map(([x]) => x), 1000];
  const { best, table } = select(X, { nComponents: [1, 2], covarianceTypes: ["full"], init: "k-means++", nInit: 2 });
  const [one, two] = table;
  assert.ok(two.nearSingular && two.bic < one.bic);
  assert.equal(best.nComponents, 1);
});

test("select names what is wrong with the grid", () => {
  const cases: readonly [() => unknown, RegExp][] = [
    [() => select(faithful, { nComponents: [] }), /^nComponents must not be empty/],
    [() => select(faithful, { nComponents: [0] }), /^nComponents must be an integer of at least 1, but is 0/],
    [() => select(faithful, { nComponents: [1], criterion: "BIC" as "bic" }), /^criterion must be .* "BIC"/],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
});
