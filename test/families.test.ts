// What must hold for every kind of component, on data that fast-check draws.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as exported from "em-mixtures";
import {
  BernoulliMixture,
  BinomialMixture,
  CategoricalMixture,
  diagonalGaussian,
  gaussian,
  type MixtureModel,
  mixtureOf,
  NegativeBinomialMixture,
  PoissonMixture,
  product,
  StudentMixture,
} from "em-mixtures";
import fc from "fast-check";
import { assertClose } from "./close.js";

type Model = MixtureModel<{ readonly weights: readonly number[] }>;

const count = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 60 }));
const tenths = fc.integer({ min: -50, max: 50 }).map((n) => n / 10);
const tosses = fc.integer({ min: 1, max: 12 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
const bit = fc.integer({ min: 0, max: 1 });

/** Each kind of component and a row for it. Few rows have all categories, and some have none but the first. */
const kinds: readonly [string, unknown, fc.Arbitrary<number[]>, object?][] = [
  ["Bernoulli", BernoulliMixture, fc.tuple(bit, bit, bit)],
  ["Bernoulli with pseudo-counts", BernoulliMixture, fc.tuple(bit, bit, bit), { pseudoCount: 0.5 }],
  ["binomial, own tosses", BinomialMixture, tosses],
  ["binomial with pseudo-counts", BinomialMixture, tosses, { pseudoCount: 1 }],
  ["categorical", CategoricalMixture, fc.tuple(bit, fc.integer({ min: 0, max: 3 })), { categories: [2, 4] }],
  [
    "categorical with pseudo-counts",
    CategoricalMixture,
    fc.tuple(bit, fc.integer({ min: 0, max: 3 })),
    { categories: [2, 4], pseudoCount: 1 },
  ],
  ["negative binomial", NegativeBinomialMixture, fc.tuple(count)],
  ["Poisson", PoissonMixture, fc.tuple(count)],
  ["Student's t", StudentMixture, fc.tuple(tenths, tenths)],
  ["Gaussian", mixtureOf(gaussian), fc.tuple(tenths, tenths)],
  [
    "a product",
    mixtureOf(
      product("P", {
        size: { component: diagonalGaussian, columns: [1] },
        place: { component: gaussian, columns: [2, 0] },
      }),
    ),
    fc.tuple(tenths, tenths, tenths),
  ],
];

test("every mixture that is exported is among the kinds, and in the package's README", () => {
  const tested = new Set(kinds.map(([, made]) => made));
  const readme = readFileSync(new URL("../packages/mixtures/README.md", import.meta.url), "utf8");
  // Gaussian mixtures have passes of their own: properties.test.ts is theirs.
  const mixtures = Object.entries(exported).filter(
    ([name]) => /^[A-Z]\w*Mixture$/.test(name) && name !== "GaussianMixture",
  );
  assert.ok(mixtures.length > 4);
  for (const [name, made] of mixtures) {
    assert.ok(tested.has(made), `${name} is not among the kinds`);
    assert.match(readme, new RegExp(`\\b${name}\\.fit\\(`), `the README has no example of ${name}`);
  }
});

for (const [name, made, row, options = {}] of kinds) {
  const model = made as Model;
  const problems = fc
    .array(fc.tuple(row, fc.integer({ min: 1, max: 3 })), { minLength: 12, maxLength: 40 })
    // A column without variance is an error of its own for normal components and t ones.
    .filter((rows) => rows[0][0].every((_, j) => new Set(rows.map(([x]) => x[j])).size > 1));

  test(`${name}: fits climb, weights are repeated rows, models survive JSON`, () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 1, max: 3 }), (rows, nComponents) => {
        const X = rows.map(([x]) => x);
        const sampleWeight = rows.map(([, weight]) => weight);
        const fit = { nComponents, nInit: 2, maxIter: 40, ...options };
        const weighted = model.fit(X, { ...fit, sampleWeight });
        const { history, nearSingular, logLikelihood } = weighted.report;
        // Rounding of a sum over some hundred terms; a component on its floor magnifies that of the distances.
        const rounding = (nearSingular ? 1e-5 : 1e-10) * Math.max(1, Math.abs(logLikelihood));
        for (const [t, now] of history.entries())
          assert.ok(t === 0 || now >= history[t - 1] - rounding, `${now} after ${history[t - 1]}`);

        const repeated = rows.flatMap(([x, weight]) => Array.from({ length: weight }, () => x));
        assertClose(weighted.logLikelihood(X, { sampleWeight }), weighted.logLikelihood(repeated), 1e-9, "ℓ", 1);
        if (!nearSingular) {
          const given = { init: weighted.params, maxIter: 1, tol: 0, ...options };
          const one = model.fit(X, { ...given, sampleWeight }).report.logLikelihood;
          assertClose(model.fit(repeated, given).report.logLikelihood, one, 1e-8, "ℓ after an update", 1);
        }

        const again = model.fromJSON(JSON.parse(JSON.stringify(weighted)));
        assert.deepEqual(again.params, weighted.params);
        assert.deepEqual(again.scoreSamples(X), weighted.scoreSamples(X));
        for (const responsibilities of again.predictProba(X))
          assertClose(
            responsibilities.reduce((sum, r) => sum + r, 0),
            1,
            1e-12,
          );
      }),
      { seed: 7, numRuns: 25 },
    );
  });
}
