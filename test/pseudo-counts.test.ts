// Pseudo-counts: so many observations more of every outcome, against probabilities of 0.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BernoulliMixture,
  BinomialMixture,
  CategoricalMixture,
  categorical,
  mixtureOf,
  PoissonMixture,
  product,
  select,
} from "em-mixtures";
import { assertClose } from "./close.js";
import { uniform } from "./uniform.js";

const one = { nComponents: 1 };

test("one component has the shares of the data and of the pseudo-counts together", () => {
  // Enough rows for the passes that take eight columns at a time.
  const many = Array.from({ length: 40 }, (_, row) => [1, 0, row % 4 === 0 ? 1 : 0]);
  const shares = [42 / 44, 2 / 44, 12 / 44];
  assertClose(BernoulliMixture.fit(many, { ...one, pseudoCount: 2 }).params.probabilities, [shares], 1e-14);

  const own = [
    [0, 3],
    [0, 7],
  ];
  assertClose(BinomialMixture.fit(own, { ...one, pseudoCount: 1 }).params.probabilities, [1 / 12], 1e-14);

  const categories = [
    [0, 2],
    [1, Number.NaN],
    [1, 0],
  ];
  const options = { ...one, categories: [2, 3], allowMissing: true, pseudoCount: 1 };
  const { probabilities } = CategoricalMixture.fit(categories, options).params;
  assertClose(
    probabilities,
    [
      [
        [2 / 5, 3 / 5],
        [2 / 5, 1 / 5, 2 / 5],
      ],
    ],
    1e-14,
  );
  // The mean of all is what pseudo-counts leave: (6 + 1) / (3 + 1/2).
  assertClose(PoissonMixture.fit([1, 2, 3], { ...one, pseudoCount: 1 }).params.means, [2], 1e-14);
});

test("a component's share of events is drawn towards that of all", () => {
  const responsibilities = [
    [1, 0],
    [1, 0],
    [0, 1],
    [0, 1],
  ];
  const { means } = PoissonMixture.mStep([0, 0, 6, 2], responsibilities, { pseudoCount: 1 });
  // The mean of all is 2: one event in half a row.
  assertClose(means, [1 / 2.5, 9 / 2.5], 1e-14);
});

test("fits are the tops of the log-likelihood plus that of the pseudo-counts, and climb there", () => {
  const random = uniform(5);
  const X = Array.from({ length: 60 }, (_, row) =>
    Array.from({ length: 5 }, (_, j) => Number(random() < (row % 2 === 0 ? 0.95 : j / 5))),
  );
  const alpha = 1.5;
  const model = BernoulliMixture.fit(X, { nComponents: 2, pseudoCount: alpha, tol: 1e-14, maxIter: 5000 });
  const { history, logLikelihood, converged } = model.report;
  assert.ok(converged);
  for (const [t, value] of history.slice(1).entries()) assert.ok(value >= history[t] - 1e-9);
  const { weights, probabilities } = model.params;
  const penalised = (ps: readonly (readonly number[])[]) =>
    BernoulliMixture.from({ weights, probabilities: ps }).logLikelihood(X) +
    ps.flat().reduce((sum, p) => sum + alpha * (Math.log(p) + Math.log1p(-p)), 0);
  const top = penalised(probabilities);
  assertClose(logLikelihood, top, 1e-10);
  // A step to either side of any probability leads down: by about 1e-4 squared times a curvature above 10.
  for (const k of [0, 1])
    for (let j = 0; j < 5; j++)
      for (const step of [-1e-4, 1e-4]) {
        const moved = probabilities.map((ps, l) => ps.map((p, i) => (l === k && i === j ? p + step : p)));
        assert.ok(penalised(moved) < top);
      }
});

test("a start with probabilities of 0 does no harm, and 0 pseudo-counts are none", () => {
  const X = [
    [1, 0],
    [0, 1],
    [1, 1],
    [1, 0],
  ];
  const init = {
    weights: [0.5, 0.5],
    probabilities: [
      [1, 0.5],
      [0.5, 0.5],
    ],
  };
  const { params } = BernoulliMixture.fit(X, { init, pseudoCount: 1 });
  assert.ok(params.probabilities.flat().every((p) => p > 0 && p < 1));
  const options = { nComponents: 2, seed: 3 };
  assert.deepEqual(
    BernoulliMixture.fit(X, { ...options, pseudoCount: 0 }).params,
    BernoulliMixture.fit(X, options).params,
  );
});

test("factors of products keep their pseudo-counts", () => {
  const factors = { one: { component: categorical({ categories: [3], pseudoCount: 1 }), columns: [0] } };
  const model = mixtureOf(product("Answers", factors)).fit([[0], [1], [1]], { nComponents: 1 });
  assertClose(model.params.components[0].one.probabilities, [[2 / 6, 3 / 6, 1 / 6]], 1e-14);
  const prior = Math.log(2 / 6) + Math.log(3 / 6) + Math.log(1 / 6);
  assertClose(model.report.logLikelihood, Math.log(2 / 6) + 2 * Math.log(3 / 6) + prior, 1e-12);
});

test("select compares fits with pseudo-counts by the likelihood alone", () => {
  const X = [0, 1, 0, 2, 9, 8, 12, 1, 0, 11];
  const { best, table } = select(X, { model: PoissonMixture, nComponents: [1, 2], pseudoCount: 1 });
  assertClose(table[1].logLikelihood, best.logLikelihood(X), 1e-12);
  assert.equal(best.nComponents, 2);
});
