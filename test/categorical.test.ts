// Latent classes: poLCA's published fits, SciPy's maximum with missing values, and what codes are refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BernoulliMixture, BinomialMixture, CategoricalMixture, categorical, mixtureOf } from "em-mixtures";
import { assertClose } from "./close.js";
import reference from "./fixtures/reference/components.json" with { type: "json" };

const { carcinoma, hair } = reference;

test("CategoricalMixture finds poLCA's latent classes of the carcinoma slides", () => {
  // Linzer & Lewis (2011), poLCA: an R package for polytomous variable latent class analysis, section 5.1, and poLCA's
  // help page: log-likelihoods for two, three and four classes; for three, BIC, parameters, shares and one probability.
  const { rows, counts } = carcinoma;
  const fit = (nComponents: number) => CategoricalMixture.fit(rows, { nComponents, sampleWeight: counts });
  const [two, three, four] = [2, 3, 4].map(fit);
  assertClose(
    [two, three, four].map((model) => model.report.logLikelihood),
    [-317.2568, -293.705, -289.2858],
    3e-7,
  );
  assertClose(
    [two, three].map((model) => model.report.logLikelihood),
    carcinoma.logLikelihoods,
    1e-7,
  );
  assert.equal(three.nParameters, 23);
  assertClose(three.bic(rows, { sampleWeight: counts }), 697.1357, 1e-7);
  assertClose([...three.params.weights].sort(), [0.1817, 0.3736, 0.4447], 5e-5, "shares", 1);
  // Rater A in the class on which the raters do not agree, which is the smallest.
  const unclear = three.params.weights.indexOf(Math.min(...three.params.weights));
  assertClose(three.params.probabilities[unclear][0][1], 0.5128, 5e-5, "rater A", 1);
});

test("with two categories it is BernoulliMixture", () => {
  const { rows, counts } = carcinoma;
  const bernoulli = BernoulliMixture.fit(rows, { nComponents: 3, sampleWeight: counts });
  const { weights, probabilities } = bernoulli.params;
  const same = CategoricalMixture.from({
    weights,
    probabilities: probabilities.map((p) => p.map((pj) => [1 - pj, pj])),
  });
  assertClose(same.predictProba(rows), bernoulli.predictProba(rows), 1e-12, "responsibilities", 1);
  assert.equal(same.nParameters, bernoulli.nParameters);
});

test("missing values are left out of the density, and the maximum is SciPy's", () => {
  const rows = hair.rows.map((row) => row.map((value) => value ?? Number.NaN));
  const options = { sampleWeight: hair.counts, allowMissing: true };
  const model = CategoricalMixture.fit(rows, { nComponents: 2, ...options });
  assertClose(model.report.logLikelihood, hair.logLikelihood, 1e-8);
  // ℓ is known to about 1e-9 of itself, and where it is flat the parameters to the root of that.
  assertClose([...model.params.weights].sort(), hair.weights, 1e-3);
  const [row] = rows.filter((cells) => Number.isNaN(cells[1]));
  const sum = [0, 1, 2, 3].reduce((total, eye) => total + Math.exp(model.scoreSamples([[row[0], eye, row[2]]])[0]), 0);
  assertClose(Math.log(sum), model.scoreSamples([row], { allowMissing: true })[0], 1e-12);
  assert.deepEqual(CategoricalMixture.fromJSON(JSON.parse(JSON.stringify(model))).params, model.params);
});

test("pseudo-counts keep probabilities from 0 and 1, as rows of each category would", () => {
  const X = [
    [1, 0, 0],
    [1, 1, 0],
    [0, 1, 0],
    [0, 1, 0],
    [1, 0, 0],
  ];
  const bernoulli = BernoulliMixture.fit(X, { nComponents: 2, pseudoCount: 1 });
  assert.ok(bernoulli.params.probabilities.flat().every((p) => p > 0 && p < 1));
  assert.ok(Number.isFinite(bernoulli.scoreSamples([[1, 0, 1]])[0]));
  // With one component the shares are (n + a) / (N + 2 a) for two categories, and (n + a) / (N + C a) for C.
  const one = { nComponents: 1, pseudoCount: 1 };
  assertClose(BernoulliMixture.fit(X, one).params.probabilities, [[4 / 7, 4 / 7, 1 / 7]], 1e-14);
  assertClose(CategoricalMixture.fit([0, 1, 1, 2], one).params.probabilities, [[[2 / 7, 3 / 7, 2 / 7]]], 1e-14);
  const coins = BinomialMixture.fit([3, 3], { ...one, tosses: 3 });
  assertClose(coins.params.probabilities, [7 / 8], 1e-14);
  // The report has the log of the prior added, scores have not.
  assertClose(coins.report.logLikelihood, 6 * Math.log(7 / 8) + Math.log(7 / 8) + Math.log(1 / 8), 1e-14);
  assertClose(coins.logLikelihood([3, 3]), 6 * Math.log(7 / 8), 1e-14);
  assert.throws(() => BernoulliMixture.fit(X, { nComponents: 1, pseudoCount: -1 }), {
    name: "InputError",
    message: /^pseudoCount must be a finite number of at least 0, but is -1/,
  });
});

test("draws have the probabilities of their components", () => {
  const params = {
    weights: [0.5, 0.5],
    probabilities: [
      [
        [0.2, 0.3, 0.5],
        [1, 0],
      ],
      [
        [0.6, 0.4, 0],
        [0.5, 0.5],
      ],
    ],
  };
  const n = 20_000;
  const { samples } = CategoricalMixture.from(params).sample(n, 2);
  const share = (j: number, category: number) => samples.filter((row) => row[j] === category).length / n;
  // Five standard errors of a share.
  assertClose(
    [0, 1, 2].map((c) => share(0, c)),
    [0.4, 0.35, 0.25],
    0.018,
    "shares",
    1,
  );
  assertClose(
    [0, 1].map((c) => share(1, c)),
    [0.75, 0.25],
    0.018,
    "shares",
    1,
  );
  const fitted = CategoricalMixture.fit(samples, { init: params });
  assert.equal(fitted.nParameters, 1 + 2 * 3);
});

test("categories that no row has are told by an option, and unknown ones refused", () => {
  const X = [[1], [2], [2], [1], [3]];
  const cases: readonly [() => unknown, RegExp][] = [
    [
      () => CategoricalMixture.fit(X, { nComponents: 1 }),
      /^column 0 of X must have every category from 0 on, but is "none is 0/,
    ],
    [() => CategoricalMixture.fit([[0], [2]], { nComponents: 1 }), /^column 0 of X must have every.*none is 1/],
    [
      () => CategoricalMixture.fit([[0], [0.5]], { nComponents: 1 }),
      /^X\[1\] must be an integer of at least 0, but is 0\.5/,
    ],
    [
      () => CategoricalMixture.fit(X, { nComponents: 1, categories: [3] }),
      /^X\[4\] must be an integer from 0 to 2, but is 3/,
    ],
    [() => CategoricalMixture.fit(X, { nComponents: 1, categories: [4, 2] }), /^categories must have one entry/],
    [
      () => CategoricalMixture.from({ weights: [1], probabilities: [[[0.5, 0.4]]] }),
      /^probabilities\[0\]\[0\] must sum to 1/,
    ],
    [
      () => CategoricalMixture.from({ weights: [1], probabilities: [null] as never }),
      /^probabilities\[0\] must be an array/,
    ],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
  // A start tells how many there are, too, and a component alone holds those impossible that it does not know.
  const init = {
    weights: [1],
    probabilities: [
      [
        [0.1, 0.4, 0.5],
        [0.5, 0.5],
      ],
    ],
  };
  assert.throws(
    () =>
      CategoricalMixture.fit(
        [
          [1, 0],
          [3, 1],
        ],
        { init },
      ),
    {
      name: "InputError",
      message: /^X\[1\]\[0\] must be an integer from 0 to 2, but is 3/,
    },
  );
  assert.equal(
    CategoricalMixture.fit(
      [
        [1, 0],
        [2, 1],
      ],
      { init },
    ).params.probabilities[0][0].length,
    3,
  );
  const alone = mixtureOf(categorical()).from({ weights: [1], components: [{ probabilities: init.probabilities[0] }] });
  assert.deepEqual(alone.scoreSamples([[3, 0]]), [Number.NEGATIVE_INFINITY]);
  const model = CategoricalMixture.fit(X, { nComponents: 1, categories: [5] });
  assertClose(model.params.probabilities, [[[0, 0.4, 0.4, 0.2, 0]]], 1e-15);
  assert.deepEqual(model.scoreSamples([4]), [Number.NEGATIVE_INFINITY]);
  assert.throws(() => model.predict([5]), { name: "InputError", message: /^X\[0\] must be an integer from 0 to 4/ });
  assert.equal(mixtureOf(categorical({ categories: [5] })).fit(X, { nComponents: 1 }).nParameters, 4);
});
