import assert from "node:assert/strict";
import { test } from "node:test";
import { BernoulliMixture, BinomialMixture, type BinomialParams, em, PoissonMixture } from "em-mixtures";
import { assertClose } from "./close.js";
import printed from "./fixtures/printed-figures.json" with { type: "json" };

const strict = { tol: 1e-15, maxIter: 5000 } as const;

// Do & Batzoglou (2008), What is the expectation maximization algorithm? Heads in five sets of ten tosses.
const heads = [5, 9, 8, 4, 7];
const coins: BinomialParams = { weights: [0.5, 0.5], probabilities: [0.6, 0.5], tosses: 10 };
/** Σ log C(10, x): the paper leaves the constant out. */
const constant = [252, 10, 45, 210, 120].reduce((sum, choices) => sum + Math.log(choices), 0);

test("BinomialMixture's steps with fixed weights run Do & Batzoglou's example", () => {
  const seen: (readonly number[])[] = [];
  const { params, logLikelihood } = em(
    coins,
    (current) => {
      const responsibilities = BinomialMixture.eStep(current, heads);
      const next = BinomialMixture.mStep(heads, responsibilities, { tosses: 10 });
      const given = BinomialMixture.from(current).logLikelihood(heads);
      return { params: { ...next, weights: current.weights }, logLikelihood: given };
    },
    { tol: 1e-14, onIteration: ({ params: { probabilities } }) => seen.push(probabilities) },
  );
  const responsibilities = BinomialMixture.eStep(coins, heads).map(([first]) => first);
  assertClose(responsibilities, [0.449149, 0.804986, 0.733467, 0.352156, 0.647215], 1e-6);
  assertClose(seen[1], [0.713012235401, 0.581339308314], 1e-11);
  assertClose(seen[10], [0.796744149475, 0.519658662204], 1e-11);
  // At the limit ℓ is flat: 1e-14 in ℓ leaves some 1e-7 in the parameters.
  assertClose(params.probabilities, [0.796789066923, 0.519583120145], 1e-6);
  assertClose(logLikelihood - constant, -31.570200235997, 1e-12);
});

test("BinomialMixture.fit with free weights goes on from there", () => {
  const { params, report } = BinomialMixture.fit(heads, {
    tosses: 10,
    init: coins,
    ...strict,
    acceleration: "anderson",
  });
  assertClose(report.logLikelihood - constant, -31.568694899973, 1e-12);
  assertClose(params.weights[0], 0.5227513169, 1e-5);
  assertClose(params.probabilities, [0.7933676496, 0.5139165912], 1e-5);
  // From starts of its own it finds the same, in ascending order.
  const own = BinomialMixture.fit(heads, { tosses: 10, nComponents: 2, ...strict, acceleration: "anderson" });
  assertClose(own.params.probabilities, [0.5139165912, 0.7933676496], 1e-5);
});

test("BinomialMixture on triples of tosses: a good start, and one that sticks", () => {
  const triples = [3, 0, 3, 0, 3];
  const fit = (a: number, b: number, c: number) =>
    BinomialMixture.fit(triples, {
      tosses: 3,
      init: { weights: [a, 1 - a], probabilities: [b, c], tosses: 3 },
      ...strict,
    });
  const good = fit(0.3, 0.3, 0.6);
  assertClose(good.params.weights[0], 0.4, 1e-6);
  assertClose(good.params.probabilities, [0, 1], 1e-6, "probabilities", 1);
  assertClose(good.report.logLikelihood, -3.365058, 1e-6);
  const stuck = fit(0.3, 0.5, 0.5);
  assertClose(stuck.params.probabilities, [0.6, 0.6], 1e-12);
  assertClose(stuck.report.logLikelihood, -10.095, 1e-4);
});

test("BernoulliMixture's own starts have no probability of 0 or 1, which no update could leave", () => {
  const rows = [0, 0, 1, 1].map((bit) => [bit, 1 - bit]);
  const { params } = BernoulliMixture.fit(rows, { nComponents: 2, maxIter: 0 });
  assert.ok(params.probabilities.flat().every((probability) => probability > 0 && probability < 1));
});

test("BernoulliMixture with one column is the three coins", () => {
  const { tosses } = printed.three_coins;
  const init = { weights: [0.4, 0.6], probabilities: [[0.6], [0.7]] };
  const { params } = BernoulliMixture.fit(tosses, { init });
  // The ridge keeps the odds of the start: the fractions are exact (three-coins.test.ts), so the tolerance is rounding.
  assertClose([params.weights[0], ...params.probabilities.flat()], [76 / 187, 51 / 95, 119 / 185], 1e-15);
});

test("BernoulliMixture.fit separates two kinds of rows", () => {
  const truth = BernoulliMixture.from({
    weights: [0.3, 0.7],
    probabilities: [
      [0.1, 0.2, 0.9, 0.1, 0.8],
      [0.8, 0.9, 0.2, 0.7, 0.1],
    ],
  });
  const { samples } = truth.sample(20000, 1);
  const { params, report } = BernoulliMixture.fit(samples, { nComponents: 2, acceleration: "anderson" });
  // Five standard errors of a proportion among 6000 rows, a little more for the overlap.
  assertClose(params.weights, truth.params.weights, 0.025, "weights", 1);
  assertClose(params.probabilities, truth.params.probabilities, 0.035, "probabilities", 1);
  assert.ok(report.logLikelihood >= truth.logLikelihood(samples));
});

// Hasselblad (1969), Estimation of finite mixtures of distributions from the exponential family: death notices of
// women of 80 and over in The Times on single days, 1910 to 1912: so many days with 0, 1, … 9 of them.
const days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1];
const counts = days.map((_, count) => count);
const hasselblad = { sampleWeight: days, init: { weights: [0.3, 0.7], means: [1, 2.5] }, tol: 1e-15, maxIter: 10000 };

test("PoissonMixture.fit finds Hasselblad's two components, accelerated in far fewer steps", () => {
  const { params, report } = PoissonMixture.fit(counts, { ...hasselblad, acceleration: "anderson" });
  assertClose(report.logLikelihood, -1989.945859883, 1e-12);
  assertClose(params.weights[0], 0.3598853969849, 1e-7);
  assertClose(params.means, [1.2560951012243, 2.6634043566324], 1e-7);
  assert.ok(report.evaluations < 60, `${report.evaluations} evaluations`);
  // Plain EM needs 1986 steps until an update moves no parameter by more than 1e-7.
  let steps = 0;
  let last: readonly number[] = [];
  PoissonMixture.fit(counts, {
    ...hasselblad,
    onIteration: ({ iteration, params: { weights, means } }) => {
      const now = [weights[0], ...means];
      steps = iteration;
      const moved = iteration === 0 || now.some((value, index) => Math.abs(value - last[index]) > 1e-7);
      last = now;
      return moved;
    },
  });
  assert.equal(steps, 1986);
});

test("PoissonMixture.fit on weights is the fit on repeated rows", () => {
  const repeated = days.flatMap((times, count) => Array<number>(times).fill(count));
  const weighted = PoissonMixture.fit(counts, { ...hasselblad, maxIter: 50 });
  const plain = PoissonMixture.fit(repeated, { ...hasselblad, sampleWeight: repeated.map(() => 1), maxIter: 50 });
  assertClose(weighted.params.means, plain.params.means, 1e-12);
  assertClose(weighted.report.logLikelihood, plain.report.logLikelihood, 1e-12);
  const options = { sampleWeight: days };
  assertClose(weighted.bic(counts, options), plain.bic(repeated), 1e-12);
  assertClose(weighted.icl(counts, options), plain.icl(repeated), 1e-12);
  assertClose(weighted.score(counts, options), plain.score(repeated), 1e-12);
});

test("PoissonMixture scores counts beyond the reach of factorials", () => {
  const model = PoissonMixture.from({ weights: [1], means: [1e6] });
  // At its mean a Poisson density is 1 / √(2π m), to a relative 1 / 12m; ℓ is a difference of terms of 1.4e7.
  assertClose(model.scoreSamples([1e6])[0], -0.5 * Math.log(2 * Math.PI * 1e6) - 1 / 12e6, 1e-8);
  assertClose(
    PoissonMixture.from({ weights: [1], means: [2] }).scoreSamples([16])[0],
    16 * Math.log(2) - 2 - 30.671860106080672,
    1e-14,
  );
});

test("draws have the means of their distributions", () => {
  const n = 1e5;
  const mean = (samples: number[][]) => samples.reduce((sum, [x]) => sum + x, 0) / samples.length;
  // Five standard errors.
  const poisson = PoissonMixture.from({ weights: [0.25, 0.75], means: [1, 9] }).sample(n, 1);
  assertClose(mean(poisson.samples), 7, (5 * Math.sqrt(7 + 12)) / Math.sqrt(n) / 7);
  const binomial = BinomialMixture.from({ weights: [1], probabilities: [0.3], tosses: 12 }).sample(n, 1);
  assertClose(mean(binomial.samples), 3.6, (5 * Math.sqrt(2.52)) / Math.sqrt(n) / 3.6);
});

test("count mixtures name what is no count", () => {
  const cases: readonly [() => unknown, RegExp][] = [
    [
      () =>
        BernoulliMixture.fit(
          [
            [0, 1],
            [1, 0.5],
          ],
          { nComponents: 1 },
        ),
      /^X\[1\]\[1\] must be 0 or 1, but is 0\.5/,
    ],
    [
      () => BinomialMixture.fit([3, 11], { nComponents: 1, tosses: 10 }),
      /^heads\[1\] must be an integer from 0 to 10, but is 11/,
    ],
    [
      () => BinomialMixture.fit([3], { nComponents: 1, tosses: 0 }),
      /^tosses must be an integer of at least 1, but is 0/,
    ],
    [() => PoissonMixture.fit([3, -1], { nComponents: 1 }), /^counts\[1\] must be an integer of at least 0, but is -1/],
    [
      () => PoissonMixture.fit([3, Number.NaN], { nComponents: 1, allowMissing: true }),
      /^counts\[1\] must be an integer/,
    ],
    [
      () => PoissonMixture.from({ weights: [1], means: [-2] }),
      /^means\[0\] must be a finite number of at least 0, but is -2/,
    ],
    [
      () => BernoulliMixture.from({ weights: [1], probabilities: [[0.5, 2]] }),
      /^probabilities\[0\]\[1\] must be a probability/,
    ],
    [
      () => BinomialMixture.from({ weights: [1, 0], probabilities: [0.5], tosses: 3 }),
      /^probabilities must have 2 entries/,
    ],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
});

test("large counts are drawn in a moment, and by the same law as small ones", () => {
  const n = 20_000;
  /** Five standard errors about the mean, the variance and the chance of a count up to the mean. */
  const check = (model: BinomialMixture | PoissonMixture, mean: number, variance: number): void => {
    const counts = model.sample(n, 1).samples.map(([count]) => count);
    const mean1 = counts.reduce((sum, count) => sum + count / n, 0);
    assert.ok(Math.abs(mean1 - mean) < 5 * Math.sqrt(variance / n), `mean ${mean1}, not ${mean}`);
    const variance1 = counts.reduce((sum, count) => sum + (count - mean) ** 2 / n, 0);
    assert.ok(Math.abs(variance1 / variance - 1) < 5 * Math.sqrt(3 / n), `variance ${variance1}, not ${variance}`);
    const reach = Math.ceil(10 * Math.sqrt(variance));
    const below = Array.from({ length: Math.min(reach, mean) + 1 }, (_, down) => mean - down);
    const chance = model.scoreSamples(below).reduce((sum, logProbability) => sum + Math.exp(logProbability), 0);
    const share = counts.filter((count) => count <= mean).length / n;
    assert.ok(Math.abs(share - chance) < 2.5 / Math.sqrt(n), `${share} up to the mean, not ${chance}`);
  };
  for (const mean of [50, 100, 1000, 1_000_000])
    check(PoissonMixture.from({ weights: [1], means: [mean] }), mean, mean);
  for (const [tosses, p] of [
    [60, 0.5],
    [100, 0.02],
    [1000, 0.3],
    [1_000_000, 0.9],
  ])
    check(BinomialMixture.from({ weights: [1], probabilities: [p], tosses }), tosses * p, tosses * p * (1 - p));
  for (const [[count]] of [
    PoissonMixture.from({ weights: [1], means: [1e18] }).sample(1).samples,
    BinomialMixture.from({ weights: [1], probabilities: [0.5], tosses: 2e18 }).sample(1).samples,
  ])
    assert.ok(Math.abs(count - 1e18) < 1e11, `${count}`);
  const sure = { weights: [0.5, 0.5], probabilities: [0, 1], tosses: 1000 };
  const { samples, labels } = BinomialMixture.from(sure).sample(20);
  assert.deepEqual(
    samples.flat(),
    labels.map((label) => 1000 * label),
  );
});

test("rows of weight 0 may be impossible: the fit is the one without them", () => {
  const { params, report } = PoissonMixture.fit([0, 0, 0, 5], { nComponents: 1, sampleWeight: [1, 1, 1, 0] });
  assert.deepEqual(params.means, [0]);
  assert.equal(report.logLikelihood, 0);
  assert.deepEqual(PoissonMixture.from(params).scoreSamples([0, 5]), [0, Number.NEGATIVE_INFINITY]);
});

test("acceleration keeps the weights' sum, however far it goes", () => {
  // At the edge of the parameter space, where steps are stretched again and again.
  const bits =
    "111 010 011 101 110 111 101 001 001 000 101 101 010 100 110 101 000 000 100 011 100 001 001 110 010 101 011 011 100 110 " +
    "111 111 110 101 011 100 110 110 101 000 111 001 011 011 101 010 110 101 100 100 100 111 010 111 100 010 011 100 011 010";
  const X = bits.split(" ").map((row) => Array.from(row, Number));
  const options = { nComponents: 2, nInit: 1, seed: 1928, tol: 1e-12, maxIter: 300, acceleration: "anderson" } as const;
  const { history } = BernoulliMixture.fit(X, options).report;
  // Rounding of some 60 logarithms.
  for (const [t, logLikelihood] of history.entries())
    assert.ok(t === 0 || logLikelihood >= history[t - 1] - 1e-11, `fell at update ${t}`);
});
