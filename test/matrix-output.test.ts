// Draws and responsibilities in one Float64Array are those of the rows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BernoulliMixture, GaussianMixture, type InputError, PoissonMixture } from "em-mixtures";

const weights = [0.25, 0.75];
const means = [
  [0, 1, 2],
  [4, -1, 0.5],
];
const matrix = [
  [2, 0.5, 0.1],
  [0.5, 1, -0.3],
  [0.1, -0.3, 1.5],
];
const models = {
  full: GaussianMixture.from({ weights, means, covariances: [matrix, matrix] }),
  diag: GaussianMixture.from({ weights, means, covariances: means.map((row) => row.map((x) => 1 + x * x)) }),
  bernoulli: BernoulliMixture.from({ weights, probabilities: means.map((row) => row.map((x) => 1 / (2 + x * x))) }),
  poisson: PoissonMixture.from({ weights, means: [3, 200] }),
};

for (const [name, model] of Object.entries(models))
  test(`${name}: equal seeds give equal draws in rows and in a matrix, with equal responsibilities`, () => {
    const rows = model.sample(1000, 7);
    const { samples, labels } = model.sample(1000, 7, { as: "matrix" });
    assert.equal(samples.columns, model.nColumns);
    assert.deepEqual([...samples.values], rows.samples.flat());
    assert.ok(labels instanceof Int32Array);
    assert.deepEqual([...labels], rows.labels);
    const proba = model.predictProba(samples, { as: "matrix" });
    assert.equal(proba.columns, 2);
    assert.ok(proba.values instanceof Float64Array);
    assert.deepEqual([...proba.values], model.predictProba(rows.samples).flat());
  });

test("rows are arrays of their own, and another form is an error", () => {
  const { samples } = models.full.sample(3, 1);
  assert.ok(samples.every((row) => Array.isArray(row) && row.length === 3));
  assert.equal(new Set(samples.map((row) => row[0])).size, 3);
  assert.ok(Array.isArray(models.full.predictProba(samples)[0]));
  assert.deepEqual(models.full.sample(0, 1, { as: "matrix" }).samples.values.length, 0);
  const said = (error: InputError) => error.message.startsWith('as must be "matrix" or left out');
  assert.throws(() => models.full.sample(3, 1, { as: "rows" } as never), said);
  assert.throws(() => models.full.predictProba(samples, { as: "rows" } as never), said);
  assert.throws(() => models.full.sample(3, 1, { form: "matrix" } as never), /form/);
});
