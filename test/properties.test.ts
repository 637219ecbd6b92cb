// What must hold for any data, on data that fast-check draws. Each property was seen to fail on code broken for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BernoulliMixture,
  BinomialMixture,
  type BinomialParams,
  type CovarianceType,
  GaussianMixture,
  type GaussianParams,
  PoissonMixture,
} from "em-mixtures";
import fc from "fast-check";
import { assertClose } from "./close.js";

const covarianceTypes = ["full", "tied", "diag", "spherical"] as const;

/** A Gaussian problem: rows on a grid of hundredths, so that clumps and ties occur, and a start at some of them. */
interface Problem {
  readonly X: number[][];
  readonly covarianceType: CovarianceType;
  readonly init: GaussianParams<"full">;
  readonly sampleWeight: number[];
}

const problems: fc.Arbitrary<Problem> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.constantFrom(...covarianceTypes))
  .chain(([columns, components, covarianceType]) => {
    const value = fc.integer({ min: -500, max: 500 }).map((n) => n / 100);
    const row = fc.array(value, { minLength: columns, maxLength: columns });
    const identity = Array.from({ length: columns }, (_, i) =>
      Array.from({ length: columns }, (__, j) => (i === j ? 4 : 0)),
    );
    return fc.array(row, { minLength: 12, maxLength: 40 }).chain((X) =>
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: X.length, maxLength: X.length }).map((sampleWeight) => ({
        X,
        covarianceType,
        init: {
          weights: Array.from({ length: components }, () => 1 / components),
          means: X.slice(0, components),
          covariances: Array.from({ length: components }, () => identity),
        },
        sampleWeight,
      })),
    );
  })
  // A column of equal values is an error of its own; so are weights that leave too little.
  .filter(({ X, sampleWeight }) => {
    const counted = X.filter((_, row) => sampleWeight[row] > 0);
    return counted.length > 8 && counted[0].every((_, j) => new Set(counted.map((row) => row[j])).size > 4);
  });

/** Runs a property on a fixed seed: the tests are the same every day. */
const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, property), { seed: 5, numRuns: 60 });

const run = ({ X, covarianceType, init }: Problem, options: object = {}) =>
  GaussianMixture.fit(X, { covarianceType, init, maxIter: 15, tol: Number.MIN_VALUE, ...options });

/**
 * Fits of the same data in another form agree to rounding, but a run whose ℓ stands still to the last bit ends an
 * update sooner or later, and where ℓ is so flat the parameters are still on the way by the root of that rounding.
 */
const sameFit = 1e-6;

/** Whether no component came near collapse, where densities and their rounding grow without bound. */
const sound = (model: GaussianMixture, { X }: Problem) =>
  Math.max(...model.scoreSamples(X)) < 2 && model.params.weights.every((weight) => weight > 1e-2);

test("every update's log-likelihood is at least the one before, also with collapse held off, weights and gaps", () => {
  check(fc.tuple(problems, fc.boolean(), fc.boolean()), ([problem, weighted, gaps]) => {
    const X = gaps
      ? problem.X.map((row, i) => row.map((x, j) => (row.length > 1 && (i + j) % 5 === 0 ? Number.NaN : x)))
      : problem.X;
    const options = { allowMissing: gaps, maxIter: 60, ...(weighted && { sampleWeight: problem.sampleWeight }) };
    const model = run({ ...problem, X }, options);
    const { history, nearSingular } = model.report;
    // Rounding of a sum of at most 120 terms. A covariance on its way to the floor, 1e-10 of the data's variance,
    // magnifies the rounding of the distances in the density by as much as 1e10.
    const rounding = sound(model, problem) && !nearSingular ? 1e-12 : 1e-5;
    for (let t = 1; t < history.length; t++)
      assert.ok(
        history[t] >= history[t - 1] - rounding * Math.max(1, Math.abs(history[t])),
        `${history[t]} after ${history[t - 1]}`,
      );
  });
});

test("the order of the rows makes no difference", () => {
  check(problems, (problem) => {
    const model = run(problem);
    fc.pre(sound(model, problem));
    const turned = run({ ...problem, X: [...problem.X].reverse() });
    assertClose(turned.params.means, model.params.means, sameFit, "means", 1);
    assertClose(turned.params.covariances, model.params.covariances, sameFit, "covariances", 1);
  });
});

test("shifting and scaling the data shifts and scales the fit", () => {
  check(problems, (problem) => {
    const model = run(problem);
    fc.pre(sound(model, problem));
    const [shift, scale] = [1000, 8];
    const moved = run({
      ...problem,
      X: problem.X.map((row) => row.map((x) => scale * x + shift)),
      init: {
        ...problem.init,
        means: problem.init.means.map((mean) => mean.map((x) => scale * x + shift)),
        covariances: problem.init.covariances.map((matrix) => matrix.map((row) => row.map((x) => scale ** 2 * x))),
      },
    });
    const means = moved.params.means.map((mean) => mean.map((x) => (x - shift) / scale));
    assertClose(means, model.params.means, sameFit, "means", 1);
    const [rows, columns] = [problem.X.length, problem.X[0].length];
    assertClose(
      moved.report.logLikelihood + rows * columns * Math.log(scale),
      model.report.logLikelihood,
      1e-8,
      "ℓ",
      1,
    );
  });
});

test("own starts do not depend on the columns' units", () => {
  check(fc.tuple(problems, fc.constantFrom("k-means++", "random")), ([{ X, covarianceType }, init]) => {
    // Whole numbers, one column times 4 and plus 1024: rounding is the same, so ties between distances stay ties.
    const whole = X.map((row) => row.map((x) => Math.round(100 * x)));
    const start = (rows: number[][]) =>
      GaussianMixture.fit(rows, { nComponents: 2, covarianceType, maxIter: 0, nInit: 1, init }).params.means;
    const moved = start(whole.map(([x, ...rest]) => [4 * x + 1024, ...rest]));
    const back = moved.map(([x, ...rest]) => [(x - 1024) / 4, ...rest]);
    assertClose(back, start(whole), 1e-8, "means", 100);
  });
});

test("integer weights equal repeated rows", () => {
  check(problems, (problem) => {
    const { X, sampleWeight } = problem;
    const weighted = run(problem, { sampleWeight });
    fc.pre(sound(weighted, problem));
    const repeated = X.flatMap((row, index) => Array.from({ length: sampleWeight[index] }, () => row));
    const plain = run({ ...problem, X: repeated });
    assertClose(weighted.report.logLikelihood, plain.report.logLikelihood, 1e-8, "ℓ", 1);
    assertClose(weighted.params.covariances, plain.params.covariances, sameFit, "covariances", 1);
  });
});

test("K = 1 is the mean and the covariance of the data", () => {
  check(problems, ({ X, covarianceType }) => {
    const columns = X[0].map((_, j) => X.map((row) => row[j]));
    const mean = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / X.length);
    const full = columns.map((a, i) =>
      columns.map((b, j) => a.reduce((sum, x, row) => sum + (x - mean[i]) * (b[row] - mean[j]), 0) / X.length),
    );
    const average = full.reduce((sum, row, i) => sum + row[i], 0) / full.length;
    const whole = covarianceType === "full" || covarianceType === "tied";
    const expected = whole ? full : full.map((row, i) => (covarianceType === "diag" ? row[i] : average));
    const { params } = GaussianMixture.fit(X, { nComponents: 1, covarianceType });
    assertClose(params.means[0], mean, 1e-12, "mean", 1);
    assertClose(params.covariances[0], expected, 1e-10, "covariance", 1);
  });
});

test("fromJSON(toJSON) is the identity, through text", () => {
  check(problems, (problem) => {
    const model = run(problem);
    const again = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(model)));
    assert.deepEqual(again.params, model.params);
    assert.equal(again.covarianceType, model.covarianceType);
    assert.deepEqual(again.scoreSamples(problem.X), model.scoreSamples(problem.X));
  });
  const same = <P>(kind: { from(params: P): { params: P }; fromJSON(json: unknown): { params: P } }, params: P) =>
    assert.deepEqual(kind.fromJSON(JSON.parse(JSON.stringify(kind.from(params)))).params, params);
  same(BernoulliMixture, {
    weights: [0.25, 0.75],
    probabilities: [
      [0, 0.5],
      [1, 1 / 3],
    ],
  });
  same<BinomialParams>(BinomialMixture, { weights: [0.25, 0.75], probabilities: [0.1, 0.9], tosses: 7 });
  same(PoissonMixture, { weights: [0.25, 0.75], means: [1, Math.PI] });
});

test("a run that is stopped and resumed equals one that is not", () => {
  check(fc.tuple(problems, fc.integer({ min: 0, max: 15 })), ([problem, t]) => {
    const whole = run(problem);
    fc.pre(whole.report.iterations === 15);
    const first = run(problem, { maxIter: t });
    const second = run({ ...problem, init: first.params }, { maxIter: 15 - t });
    assert.deepEqual(second.params, whole.params);
    assert.deepEqual([...first.report.history, ...second.report.history.slice(1)], whole.report.history);
  });
});

test("count mixtures climb and keep to their range", () => {
  const counts = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 5, maxLength: 30 });
  check(fc.tuple(counts, fc.integer({ min: 1, max: 3 })), ([X, nComponents]) => {
    const options = { nComponents, nInit: 2, maxIter: 40, tol: 1e-12 };
    const bits = X.map((count) => [count & 1, (count >> 1) & 1, count >> 2]);
    for (const model of [
      PoissonMixture.fit(X, options),
      BinomialMixture.fit(X, { ...options, tosses: 6 }),
      BernoulliMixture.fit(bits, options),
    ]) {
      const { history } = model.report;
      for (let t = 1; t < history.length; t++)
        assert.ok(history[t] >= history[t - 1] - 1e-10 * Math.max(1, Math.abs(history[t])), `${history}`);
      assertClose(
        model.params.weights.reduce((sum, weight) => sum + weight, 0),
        1,
        1e-12,
      );
    }
  });
});
