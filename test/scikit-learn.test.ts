// scikit-learn beside this library: 400 random problems from the same start, the same number of updates.
// scripts/reference/figures.py made the figures (`npm run reference`) and states the problems again in Python.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CovarianceType, GaussianMixture } from "em-mixtures";
import { assertClose } from "./close.js";
import reference from "./fixtures/reference/scikit-learn.json" with { type: "json" };
import { uniform } from "./uniform.js";

const types = ["full", "tied", "diag", "spherical"] as const;

/** The script's function `problem`. */
function problem(seed: number) {
  const draw = uniform(seed);
  for (let skip = 0; skip < 4; skip++) draw();
  const pick = (low: number, high: number) => low + Math.floor(draw() * (high - low + 1));
  const covarianceType: CovarianceType = types[seed % 4];
  const columns = pick(1, 10);
  const components = pick(1, 8);
  const rows = 40 + 12 * components * (covarianceType === "full" ? columns : 3);
  const maxIter = pick(3, 12);
  const list = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index));
  const centres = list(components, () => list(columns, () => 4 * draw()));
  const spreads = list(components, () => 0.5 + draw());
  const X = list(rows, (row) => {
    const k = row % components;
    return list(columns, (j) => centres[k][j] + spreads[k] * (draw() + draw() + draw() - 1.5));
  });
  const init = {
    weights: list(components, () => 1 / components),
    means: list(components, (k) => X[k * Math.floor(rows / components)]),
    covariances: list(components, () => list(columns, (i) => list(columns, (j) => (i === j ? 1 : 0)))),
  };
  return { X, covarianceType, init, maxIter };
}

/** Covariances as scikit-learn lays them out for a type. */
function covariancesOf(model: GaussianMixture): number[] {
  const { covariances } = model.params;
  if (model.covarianceType === "full") return covariances.flat(2);
  if (model.covarianceType === "tied") return (covariances[0] as number[][]).flat();
  return model.covarianceType === "diag" ? covariances.flat(2) : covariances.map(([variance]) => variance as number);
}

test("GaussianMixture.fit agrees with scikit-learn on 400 random problems", () => {
  assert.equal(reference.problems.length, 400);
  for (const { seed, figures } of reference.problems) {
    const { X, covarianceType, init, maxIter } = problem(seed);
    // No tolerance, as far as there can be one: the number of updates is fixed.
    const options = { covarianceType, init, maxIter, tol: Number.MIN_VALUE, covarianceFloor: 0 };
    const model = GaussianMixture.fit(X, options);
    const { weights, means } = model.params;
    // 1e-8 is what the project promises; entries of the order of 1 set the scale for those near 0.
    const found = [...weights, ...means.flat(), ...covariancesOf(model)];
    assertClose(found, figures, 1e-8, `problem ${seed} (${covarianceType})`, 1);
  }
});
