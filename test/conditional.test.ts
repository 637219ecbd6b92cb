// Marginal and conditional distributions of normal mixtures, and missing values filled in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CovarianceType, GaussianMixture, type GaussianParams } from "em-mixtures";
import { assertClose } from "./close.js";
import reference from "./fixtures/reference/conditional.json" with { type: "json" };

const models = reference.mixtures.map(({ conditionals, covarianceType, ...params }) => ({
  conditionals,
  model: GaussianMixture.from(params as GaussianParams, { covarianceType: covarianceType as CovarianceType }),
}));
const rowOf = (given: readonly (number | null)[]) => given.map((value) => value ?? Number.NaN);
const diagonalOf = (matrices: readonly (readonly (readonly number[])[])[]) =>
  matrices.map((matrix) => matrix.map((row, i) => row[i]));

test("conditional finds the weights, means and covariances that scipy and numpy find", () => {
  for (const { model, conditionals } of models)
    for (const { given, ...expected } of conditionals) {
      const { params, covarianceType } = model.conditional(rowOf(given));
      assert.equal(covarianceType, model.covarianceType);
      // Some rounding errors, magnified by the condition of the covariances, which is below 1000.
      const rounding = 1e-11;
      assertClose(params.weights, expected.weights, rounding);
      assertClose(params.means.flat(), expected.means.flat(), rounding);
      const { covariances } = expected;
      const type = model.covarianceType;
      const wanted = type === "diag" || type === "spherical" ? diagonalOf(covariances) : covariances;
      assertClose(params.covariances.flat(2), wanted.flat(2), rounding);
    }
});

test("impute fills in what is expected given the others", () => {
  for (const { model, conditionals } of models) {
    const rows = conditionals.map(({ given }) => rowOf(given));
    const filled = model.impute(rows);
    for (const [index, { expected }] of conditionals.entries()) {
      const missing = filled[index].filter((_, j) => Number.isNaN(rows[index][j]));
      assertClose(missing, expected, 1e-11);
      for (const [j, value] of rows[index].entries()) assert.ok(Number.isNaN(value) || filled[index][j] === value);
    }
  }
});

test("a density is the marginal's of some columns times the conditional's of the others", () => {
  for (const { model } of models) {
    const { samples } = model.sample(20, 5);
    for (const [x, y, z, u] of samples) {
      const joint = model.scoreSamples([[x, y, z, u]])[0];
      const of = model.marginal([3, 1]).scoreSamples([[u, y]])[0];
      const rest = model.conditional([Number.NaN, y, Number.NaN, u]).scoreSamples([[x, z]])[0];
      assertClose(of + rest, joint, 1e-11, "log-density", 1);
    }
  }
});

test("imputing by draws gives what the conditional distribution has, the same for equal seeds", () => {
  const { model } = models[0];
  const rows = Array.from({ length: 4000 }, () => [1, Number.NaN, 2, Number.NaN]);
  const drawn = model.impute(rows, { seed: 3 });
  assert.deepEqual(model.impute(rows, { seed: 3 }), drawn);
  assert.notDeepEqual(model.impute(rows, { seed: 4 }), drawn);
  const conditional = model.conditional(rows[0]);
  const { weights, means, covariances } = conditional.params;
  for (const [i, column] of [1, 3].entries()) {
    const mean = weights.reduce((sum, w, k) => sum + w * means[k][i], 0);
    const square = weights.reduce(
      (sum, w, k) => sum + w * ((covariances as number[][][])[k][i][i] + (means[k][i] - mean) ** 2),
      0,
    );
    const values = drawn.map((row) => row[column]);
    const found = values.reduce((sum, value) => sum + value / values.length, 0);
    // Five standard errors.
    assertClose(found, mean, 5 * Math.sqrt(square / values.length), "mean", 1);
    const spread = values.reduce((sum, value) => sum + (value - found) ** 2 / values.length, 0);
    // That of the variance of normal values is √(2/n); a mixture's tails are lighter or little heavier.
    assertClose(spread, square, 10 * Math.sqrt(2 / values.length), "variance");
  }
  // Columns together, too: the draws are as likely under the conditional as its own samples are.
  const score = conditional.score(drawn.map(([, y, , u]) => [y, u]));
  assertClose(score, conditional.score(conditional.sample(4000, 8).samples), 0.1, "score", 1);
});

test("columns that all but fix the others leave a sound conditional, and no others leave the marginal", () => {
  const nearly = GaussianMixture.from({
    weights: [1],
    means: [[0, 0]],
    covariances: [
      [
        [1, 1],
        [1, 1 + 1e-15],
      ],
    ],
  });
  const { params } = nearly.conditional([2, Number.NaN]);
  assertClose(params.means[0][0], 2, 1e-9);
  assert.ok(Number.isFinite(nearly.impute([[2, Number.NaN]], { seed: 1 })[0][1]));
  const { model } = models[0];
  assert.deepEqual(model.impute([[1, 2, 3, 4]]), [[1, 2, 3, 4]]);
  assert.deepEqual(
    model.marginal([2]).params.means,
    model.params.means.map((mean) => [mean[2]]),
  );
});

test("wide data with diagonal covariances: each column goes by what it has", () => {
  const D = 1000;
  const X = Array.from({ length: 12 }, (_, i) =>
    Array.from({ length: D }, (_, j) => ((i * 7 + j) % 5 === 0 ? Number.NaN : Math.sin(i * j + i))),
  );
  const options = { nComponents: 1, covarianceType: "diag", allowMissing: true, tol: 1e-14 } as const;
  const { params } = GaussianMixture.fit(X, options);
  const filled = GaussianMixture.from(params).impute(X);
  for (let j = 0; j < D; j++) {
    const seen = X.map((row) => row[j]).filter((value) => !Number.isNaN(value));
    const mean = seen.reduce((sum, value) => sum + value / seen.length, 0);
    const variance = seen.reduce((sum, value) => sum + (value - mean) ** 2 / seen.length, 0);
    // EM comes to these by steps, each a quarter of the one before.
    assertClose([params.means[0][j], params.covariances[0][j]], [mean, variance], 1e-6, "column", 1e-3);
    for (const [i, row] of X.entries()) if (Number.isNaN(row[j])) assert.equal(filled[i][j], params.means[0][j]);
  }
});

test("a row so far away that no density is a number goes by the nearest component", () => {
  const params = {
    weights: [0.5, 0.5],
    means: [
      [0, 1],
      [0, 5],
    ],
    covariances: [
      [1, 1],
      [4, 1],
    ],
  };
  const model = GaussianMixture.from(params);
  assert.deepEqual(model.impute([[1e200, Number.NaN]]), [[1e200, 5]]);
  assert.deepEqual(model.conditional([-1e200, Number.NaN]).params.weights, [0, 1]);
});

test("marginal, conditional and impute name what is wrong", () => {
  const { model } = models[0];
  const cases: readonly [() => unknown, RegExp][] = [
    [() => model.marginal([]), /^columns must not be empty/],
    [() => model.marginal([4]), /^columns\[0\] must be below 4, the number of columns, but is 4/],
    [() => model.marginal([1, 1]), /^columns\[1\] must differ from the others/],
    [() => model.conditional([1, 2]), /^given must have 4 entries/],
    [() => model.conditional([1, 2, 3, 4]), /^given must leave some column open/],
    [() => model.conditional([Number.POSITIVE_INFINITY, 2, 3, Number.NaN]), /^given\[0\] must be a finite number/],
    [() => model.impute([[1, 2]]), /^X must have 4 columns/],
    [() => model.impute([], {}), /^X must not be empty/],
    [() => model.impute([[1, 2, 3, 4]], { sed: 1 } as object), /^options .* Did you mean seed/],
    [() => model.impute([[1, 2, 3, Number.NaN]], { seed: -1 }), /^seed must be an integer/],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
});
