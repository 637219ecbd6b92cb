// Products of components: latent classes beside measured columns.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  binomial,
  CategoricalMixture,
  categorical,
  diagonalGaussian,
  GaussianMixture,
  gaussian,
  mixtureOf,
  poisson,
  product,
} from "em-mixtures";
import { assertClose } from "./close.js";
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };

const { rows: faithful } = oldFaithful;

test("Gaussian components are GaussianMixture's, alone and as a product over its columns", () => {
  const options = { nComponents: 2 };
  const full = GaussianMixture.fit(faithful, options);
  // Both are polished to 1e-10 a row.
  assertClose(mixtureOf(gaussian).fit(faithful, options).report.logLikelihood, full.report.logLikelihood, 1e-9);
  const diagonal = GaussianMixture.fit(faithful, { ...options, covarianceType: "diag" });
  const both = product("Both", {
    waiting: { component: diagonalGaussian, columns: [1] },
    eruptions: { component: gaussian, columns: [0] },
  });
  const model = mixtureOf(both).fit(faithful, options);
  assertClose(model.report.logLikelihood, diagonal.report.logLikelihood, 1e-9);
  assert.equal(model.nParameters, diagonal.nParameters);
  assertClose(
    model.params.components.map(({ eruptions, waiting }) => [eruptions.mean[0], waiting.mean[0]]),
    diagonal.params.means,
    1e-4,
  );
});

const Mixed = mixtureOf(
  product("Mixed", {
    measures: { component: diagonalGaussian, columns: [2, 0] },
    answers: { component: categorical(), columns: [1, 3] },
  }),
);
const truth = Mixed.from({
  weights: [0.3, 0.7],
  components: [
    {
      measures: { mean: [0, 10], variances: [1, 4] },
      answers: {
        probabilities: [
          [0.8, 0.2],
          [0.1, 0.3, 0.6],
        ],
      },
    },
    {
      measures: { mean: [1, 13], variances: [1, 9] },
      answers: {
        probabilities: [
          [0.3, 0.7],
          [0.5, 0.3, 0.2],
        ],
      },
    },
  ],
});

test("latent classes beside measured columns: draws, fits, missing values, JSON", () => {
  const { samples } = truth.sample(4000, 3);
  const model = Mixed.fit(samples, { nComponents: 2 });
  assert.ok(model.report.logLikelihood >= truth.logLikelihood(samples));
  assert.equal(model.nParameters, 1 + 2 * (4 + 1 + 2));
  const [first] = model.params.components;
  // Some five standard errors of a mean among 1200 rows, and as much again for the overlap.
  assertClose(first.measures.mean, [0, 10], 0.3, "mean", 1);
  assertClose(first.answers.probabilities[1], [0.1, 0.3, 0.6], 0.12, "probabilities", 1);
  const gaps = samples.map((row, i) => row.map((value, j) => ((i + j) % 5 === 0 ? Number.NaN : value)));
  const withGaps = Mixed.fit(gaps, { nComponents: 2, allowMissing: true });
  assertClose(withGaps.params.components[0].measures.mean, [0, 10], 0.4, "mean", 1);
  // The log-density is the sum of the parts'.
  const one = Mixed.from({ weights: [1], components: [first] });
  const { measures, answers } = first;
  const parts = [
    GaussianMixture.from({ weights: [1], means: [measures.mean], covariances: [measures.variances] }),
    CategoricalMixture.from({ weights: [1], probabilities: [answers.probabilities] }),
  ];
  const [a, b, c, d] = samples[0];
  const sum = parts[0].scoreSamples([[c, a]])[0] + parts[1].scoreSamples([[b, d]])[0];
  assertClose(one.scoreSamples([[a, b, c, d]])[0], sum, 1e-13);
  assert.deepEqual(Mixed.fromJSON(JSON.parse(JSON.stringify(model))).params, model.params);
});

test("rules of the parts hold for their columns, and parts share out the columns", () => {
  const part = <C>(component: C, ...columns: number[]) => ({ component, columns });
  const cases: readonly [() => unknown, RegExp][] = [
    [() => truth.predict([[1, 0.5, 2, 0]]), /^X\[0\]\[1\] must be an integer of at least 0, but is 0\.5/],
    [() => truth.predict([[1, 1, Number.POSITIVE_INFINITY, 0]]), /^X\[0\]\[2\] must be a finite number/],
    [() => truth.predict([[1, 1, 2]]), /^X must have 4 columns/],
    [
      () => product("P", { a: part(poisson(), 0), b: part(poisson(), 0) }),
      /^columns of the part a must be of those from 0/,
    ],
    [
      () => product("P", { a: part(poisson(), 0), b: part(poisson(), 2) }),
      /^columns of the part b must be of those from 0 to 1/,
    ],
    [() => product("P", { a: part(poisson(), 0, 1) }), /^columns of the part a must have one entry/],
    [
      () =>
        mixtureOf(product("P", { a: part(poisson(), 0), b: part(binomial(), 1, 2) })).fit([[1, 3, 2]], {
          nComponents: 1,
        }),
      /^X\[0\] must have at most as many heads as tosses/,
    ],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
});

test("a product can do what all its parts can", () => {
  const { isValid: _, ...boundless } = poisson();
  const parts = (component: ReturnType<typeof poisson>) =>
    product("P", { counts: { component, columns: [0] }, heads: { component: binomial(), columns: [1, 2] } });
  assert.ok(parts(poisson()).isValid !== undefined);
  assert.ok(parts(boundless).isValid === undefined);
  const X = [
    [1, 2, 3],
    [0, 1, 4],
    [9, 5, 5],
    [7, 3, 4],
    [2, 0, 4],
    [11, 6, 6],
  ];
  const { params } = mixtureOf(parts(poisson())).fit(X, { nComponents: 2 });
  assertClose(
    params.components.map(({ counts }) => counts.mean),
    [1, 9],
    0.1,
  );
});
