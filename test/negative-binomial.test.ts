// Negative binomial components, and binomial ones with own numbers of tosses, beside SciPy's maxima found without EM.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BinomialMixture, NegativeBinomialMixture, PoissonMixture } from "em-mixtures";
import { digammaRise, logFactorial, logGammaRatio } from "../packages/mixtures/src/families/log-gamma.js";
import { fallThrough } from "../packages/mixtures/src/families/root.js";
import { assertClose } from "./close.js";
import reference from "./fixtures/reference/components.json" with { type: "json" };

const { negativeBinomial: visits, binomial: rats } = reference;
const strict = { tol: 1e-14, maxIter: 5000, acceleration: "anderson" } as const;

test("NegativeBinomialMixture finds SciPy's maximum, for one component and two", () => {
  const { values, counts: sampleWeight } = visits;
  const one = NegativeBinomialMixture.fit(values, { nComponents: 1, sampleWeight });
  assertClose(one.report.logLikelihood, visits.single.logLikelihood, 1e-12);
  // SciPy's minimiser stops where ℓ changes by 1e-9 of itself, and there the parameters are known to the root of it.
  assertClose(one.params.means, [visits.single.mean], 1e-6);
  assertClose(one.params.dispersions, [visits.single.dispersion], 1e-6);
  const two = NegativeBinomialMixture.fit(values, { nComponents: 2, sampleWeight, ...strict });
  assertClose(two.report.logLikelihood, visits.logLikelihood, 1e-10);
  assertClose(two.params.weights, visits.weights, 1e-3);
  assertClose(two.params.means, visits.means, 1e-4);
  assertClose(two.params.dispersions, visits.dispersions, 3e-3);
  assert.equal(two.nParameters, 5);
  assert.deepEqual(NegativeBinomialMixture.fromJSON(JSON.parse(JSON.stringify(two))).params, two.params);
});

test("without more variance than rare events have, a component is Poisson's, and near that it comes near", () => {
  const regular = [3, 4, 3, 4, 4, 3, 3];
  const fit = NegativeBinomialMixture.fit(regular, { nComponents: 1 });
  const poisson = PoissonMixture.fit(regular, { nComponents: 1 });
  assert.deepEqual(fit.params.dispersions, [0]);
  assertClose(fit.scoreSamples([0, 3, 40]), poisson.scoreSamples([0, 3, 40]), 1e-14);
  for (const dispersion of [1e-9, 1e-6]) {
    const near = NegativeBinomialMixture.from({ ...poisson.params, dispersions: [dispersion] });
    // The first term of log f in the dispersion: ((x − m)² − x) / 2 at x = 40, besides rounding.
    const change = (dispersion * ((40 - poisson.params.means[0]) ** 2 - 40)) / 2;
    assertClose(near.scoreSamples([40])[0] - poisson.scoreSamples([40])[0], change, 1e-2, "change", 1e-9);
  }
});

test("draws have the mean and the variance of the distribution, also far from Poisson's", () => {
  const n = 40_000;
  for (const [mean, dispersion] of [
    [4, 0],
    [4, 0.5],
    [30, 3],
  ]) {
    const { samples } = NegativeBinomialMixture.from({ weights: [1], means: [mean], dispersions: [dispersion] }).sample(
      n,
    );
    const variance = mean + dispersion * mean ** 2;
    const mean1 = samples.reduce((sum, [x]) => sum + x / n, 0);
    const variance1 = samples.reduce((sum, [x]) => sum + (x - mean) ** 2 / n, 0);
    // Five standard errors; the excess kurtosis of the distribution is 6 a + 1 / variance.
    assert.ok(Math.abs(mean1 - mean) < 5 * Math.sqrt(variance / n), `mean ${mean1}`);
    const spread = Math.sqrt((2 + 6 * dispersion + 1 / variance) / n);
    assert.ok(Math.abs(variance1 / variance - 1) < 5 * spread, `variance ${variance1}, not ${variance}`);
  }
});

test("ratios of gamma functions keep their digits, small and large", () => {
  // Γ(z + n) / Γ(z) is the product z (z + 1) … (z + n − 1), and the digamma function rises by the sum of reciprocals.
  for (const z of [1e-3, 0.7, 3, 15.9, 16, 200.5, 1e8, 1e15])
    for (const n of [0, 1, 7, 30]) {
      const terms = Array.from({ length: n }, (_, i) => z + i);
      const log = terms.reduce((sum, term) => sum + Math.log(term), 0);
      assertClose(logGammaRatio(z, n), log, 1e-13, `Γ at ${z}`, 1);
      assertClose(
        digammaRise(z, n),
        terms.reduce((sum, term) => sum + 1 / term, 0),
        1e-12,
        `ψ at ${z}`,
        1e-3,
      );
    }
  // Γ(½) = √π.
  assertClose(logGammaRatio(0.5, 0.5), -0.5 * Math.log(Math.PI), 1e-13);
  assertClose(logFactorial(20), logGammaRatio(1, 20), 1e-14);
});

test("fallThrough finds where a function falls through 0, from any guess, or the bound it points to", () => {
  const f = (x: number) => Math.log(2 / x) * (1 + 0.1 * x);
  for (const guess of [1e-6, 0.3, 2, 1000]) assertClose(fallThrough(f, guess, 1e-9, 1e9), 2, 1e-12);
  assert.equal(fallThrough(f, 1, 1e-9, 0.5), 0.5);
  assert.equal(fallThrough(f, 1, 5, 9), 5);
});

test("BinomialMixture takes each row's own number of tosses, and finds SciPy's maximum", () => {
  const { params, report } = BinomialMixture.fit(rats.rows, { nComponents: 2, ...strict });
  assertClose(report.logLikelihood, rats.logLikelihood, 1e-11);
  assertClose(params.weights, rats.weights, 1e-6);
  assertClose(params.probabilities, rats.probabilities, 1e-6);
  // With ten tosses each it is the model with `tosses`.
  const heads = [5, 9, 8, 4, 7];
  const rows = heads.map((x) => [x, 10]);
  const own = BinomialMixture.fit(rows, { nComponents: 2, maxIter: 50 });
  const shared = BinomialMixture.fit(heads, { nComponents: 2, maxIter: 50, tosses: 10 });
  assertClose(own.report.logLikelihood, shared.report.logLikelihood, 1e-12);
  assertClose(own.predictProba(rows), shared.predictProba(heads), 1e-9, "responsibilities", 1);
  assert.deepEqual(BinomialMixture.from(own.params).params, own.params);
  assert.deepEqual(Object.keys(own.params), ["weights", "probabilities"]);
});

test("heads and tosses that cannot be are refused, when fitting and when scoring", () => {
  const model = BinomialMixture.fit(rats.rows, { nComponents: 2 });
  const cases: readonly [() => unknown, RegExp][] = [
    [
      () => BinomialMixture.fit([[3, 2]], { nComponents: 1 }),
      /^heads\[0\] must have at most as many heads as tosses, but is "\[3, 2\]"/,
    ],
    [
      () =>
        model.predict([
          [1, 4],
          [5, 4],
        ]),
      /^X\[1\] must have at most/,
    ],
    [
      () => BinomialMixture.fit([[0, 0]], { nComponents: 1 }),
      /^heads\[0\]\[1\] must be an integer of at least 1, but is 0/,
    ],
    [
      () => BinomialMixture.fit([[-1, 3]], { nComponents: 1 }),
      /^heads\[0\]\[0\] must be an integer from 0 to its row's/,
    ],
    [() => BinomialMixture.fit([3, 4], { nComponents: 1 }), /^heads must have 2 columns.* Give `tosses`, or rows of/],
    [
      () => BinomialMixture.fit([[3, 4]], { nComponents: 1, tosses: 4 }),
      /^heads must have 1 columns.* With `tosses`, give/,
    ],
    [() => model.sample(3), /^tosses must be known to draw heads/],
    [() => NegativeBinomialMixture.fit([1.5], { nComponents: 1 }), /^counts\[0\] must be an integer of at least 0/],
    [
      () => NegativeBinomialMixture.from({ weights: [1], means: [2], dispersions: [-1] }),
      /^dispersions\[0\] must be a finite number of at least 0, but is -1/,
    ],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
});
