// Inputs that other mixture libraries and earlier versions of this one got wrong, each with what is right.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BernoulliMixture,
  type CovarianceType,
  em,
  emAsync,
  GaussianMixture,
  type GaussianParams,
  PoissonMixture,
  select,
} from "em-mixtures";
import { assertClose } from "./close.js";
import { uniform } from "./uniform.js";

const random = uniform(9);
const line = Array.from({ length: 100 }, () => random() + random() + random() - 1.5);
const none = undefined as never;
const nothing = null as never;

test("diagonal and spherical models of a thousand columns are small", () => {
  const X = Array.from({ length: 60 }, () => Array.from({ length: 1000 }, random));
  for (const covarianceType of ["diag", "spherical"] satisfies CovarianceType[]) {
    const model = GaussianMixture.fit(X, { nComponents: 3, covarianceType, nInit: 1, maxIter: 3 });
    assert.equal(model.params.covariances[0].length, 1000);
    assert.equal(typeof model.params.covariances[0][0], "number");
    // K weights, K × D means and K × D variances of at most some 20 letters.
    assert.ok(JSON.stringify(model).length < 3 * 2001 * 25);
  }
});

test("JSON of version 1, with whole matrices for diagonal covariances, is read", () => {
  const matrix = [
    [2, 0],
    [0, 3],
  ];
  const params = { weights: [1], means: [[0, 1]], covariances: [matrix] };
  const json = { format: "em-mixtures", version: 1, model: "GaussianMixture", params, covarianceType: "diag" };
  const model = GaussianMixture.fromJSON(json);
  assert.deepEqual(model.params.covariances, [[2, 3]]);
  assert.equal(model.toJSON().version, 2);
  assert.deepEqual(GaussianMixture.fromJSON(model.toJSON()).params, model.params);
});

test("covariances too large for the machine are an error that says how large", () => {
  const wide = Array.from({ length: 3 }, () => new Float64Array(200_000).map(random));
  assert.throws(
    () => GaussianMixture.fit(wide, { nComponents: 2 }),
    /^InputError: X must fit into memory: .* take .* GB/,
  );
  const diagonal = { nComponents: 2, covarianceType: "diag", nInit: 1, maxIter: 2 } as const;
  assert.equal(GaussianMixture.fit(wide, diagonal).nColumns, 200_000);
});

test("without a floor a component that collapses is an error, whatever rounding leaves of its variance", () => {
  const spike = Array.from({ length: 10 }, () => 10);
  const plane = [...line.map((x) => [x, random()]), ...spike.map((x) => [x, random()])];
  for (const X of [[...line, ...spike], plane])
    for (const covarianceType of ["full", "diag"] satisfies CovarianceType[])
      assert.throws(
        () => GaussianMixture.fit(X, { nComponents: 2, covarianceType, covarianceFloor: 0 }),
        /^CollapseError: Component [01] has collapsed/,
      );
  const ofOne = line.map((_, row) => [row === 0 ? 1 : 0, row === 0 ? 0 : 1]);
  assert.throws(() => GaussianMixture.mStep(line, ofOne), /^CollapseError: Component 0/);
  assert.throws(() => GaussianMixture.mStep(line, ofOne, { covarianceType: "spherical" }), /^CollapseError/);
  const missing = [...line.map((x) => [x, Number.NaN]), ...spike.map((x, i) => [x, i])];
  const options = { nComponents: 2, allowMissing: true, covarianceFloor: 0 };
  assert.throws(() => GaussianMixture.fit(missing, options), /^CollapseError/);
});

test("rows that are impossible under all components get −∞ and the nearest component, and spoil no other", () => {
  const bernoulli = BernoulliMixture.from({
    weights: [0.5, 0.5],
    probabilities: [
      [0, 0.5, 0.1],
      [0.5, 0, 0],
    ],
  });
  // Of the second component the row breaks two rules, of the first one.
  assert.deepEqual(bernoulli.predict([[1, 1, 1]]), [0]);
  const rows = [
    [1, 1, 1],
    [0, 0, 0],
  ];
  assert.equal(bernoulli.scoreSamples(rows)[0], Number.NEGATIVE_INFINITY);
  assertClose(bernoulli.scoreSamples(rows)[1], Math.log(0.5 * 0.5 * 0.9 + 0.5 * 0.5), 1e-14);
  assert.deepEqual(bernoulli.predictProba(rows)[0], [1, 0]);
  const poisson = PoissonMixture.from({ weights: [0.5, 0.5], means: [0, 0] });
  assert.equal(poisson.score([0, 3]), Number.NEGATIVE_INFINITY);
  const gaussian = GaussianMixture.from({
    weights: [0.5, 0.5],
    means: [
      [0, 0],
      [5, 5],
    ],
    covariances: [
      [1, 1],
      [4, 4],
    ],
  });
  // The wider component is the nearer one, in its own deviations.
  assert.deepEqual(gaussian.predict([[1e160, 1]]), [1]);
  assert.deepEqual(gaussian.scoreSamples([[1e160, 1]]), [Number.NEGATIVE_INFINITY]);
});

test("parameters may be typed arrays, and are copied", () => {
  const given = {
    weights: Float64Array.of(1),
    means: [Float64Array.of(5, 6)],
    covariances: [[Float64Array.of(1, 0), Float64Array.of(0, 1)]],
  };
  const model = GaussianMixture.from(given as unknown as GaussianParams);
  given.means[0][0] = 77;
  assertClose(model.scoreSamples([[5, 6]])[0], -Math.log(2 * Math.PI), 1e-15);
  const identity = [
    [1, 0],
    [0, 1],
  ];
  assert.deepEqual(JSON.parse(JSON.stringify(model)).params, {
    weights: [1],
    means: [[5, 6]],
    covariances: [identity],
  });
  const coins = BernoulliMixture.from({ weights: [1], probabilities: [Float64Array.of(0.5, 0.2) as never] });
  assert.deepEqual(coins.toJSON().params.probabilities, [[0.5, 0.2]]);
});

test("em warns of a fall, makes exactly maxIter updates with tol 0, and ends as stopped on false", () => {
  const fall = (n: number) => ({ params: n + 1, logLikelihood: [0, 3, 1, 2][n] });
  const { warnings } = em(0, fall, { maxIter: 3 });
  assert.deepEqual(warnings[0].iterations, [2]);
  const still = () => ({ params: 0, logLikelihood: 1 });
  assert.deepEqual([em(0, still, { tol: 0, maxIter: 5 }).iterations, em(0, still).iterations], [5, 1]);
  const stopped = em(0, still, { onIteration: ({ iteration }) => iteration < 1 });
  assert.deepEqual([stopped.reason, stopped.converged], ["stopped", false]);
  assert.equal(GaussianMixture.fit(line, { nComponents: 2, nInit: 1, tol: 0, maxIter: 7 }).report.iterations, 7);
});

test("emAsync runs an asynchronous step", async () => {
  const { params } = await emAsync(1, async (x) => ({ params: x / 2 + 1, logLikelihood: -((x - 2) ** 2) }));
  assertClose(params, 2, 1e-4);
});

const chunks = [Float64Array.of(1, 2, 3, 10, 11, 12.5)];
const two = { nComponents: 2 };
const refused: readonly [string, () => unknown, RegExp][] = [
  [
    "a misspelt option",
    () => GaussianMixture.fit(line, { ...two, regCoVar: 1 } as object),
    /"regCoVar"\..* regCovar\?/,
  ],
  [
    "scikit-learn's spelling",
    () => GaussianMixture.fit(line, { ...two, covariance_type: "diag" } as object),
    /mean covarianceType\?/,
  ],
  [
    "an option of Poisson's that is none",
    () => PoissonMixture.fit([1, 2], { ...two, n_init: 3 } as object),
    /mean nInit\?/,
  ],
  [
    "an option of predict that is none",
    () => GaussianMixture.from(one).predict([1], { allowmissing: true } as object),
    /mean allowMissing\?/,
  ],
  [
    "an option of select that is none",
    () => select(line, { nComponents: [1], criterium: "aic" } as never),
    /mean criterion\?/,
  ],
  ["no options", () => GaussianMixture.fit(line, none), /^options must be an object, but is undefined/],
  ["options null", () => GaussianMixture.fit(line, nothing), /^options must be an object, but is null/],
  ["select without options", () => select(line, none), /^options must be an object/],
  ["no parameters", () => GaussianMixture.from(none), /^params must be an object, but is undefined/],
  ["no parameters of coins", () => BernoulliMixture.from({ weights: [1] } as never), /^probabilities must be an array/],
  [
    "a row of probabilities null",
    () => BernoulliMixture.from({ weights: [1], probabilities: [nothing] }),
    /^probabilities\[0\] must be an array, but is null/,
  ],
  [
    "responsibilities null",
    () => GaussianMixture.mStep(line, nothing),
    /^responsibilities must be an array, but is null/,
  ],
  [
    "a row of them null",
    () => GaussianMixture.mStep([1], [nothing]),
    /^responsibilities\[0\] must be an array, but is null/,
  ],
  ["a start null", () => GaussianMixture.fit(line, { ...two, init: nothing }), /^init must be "mixed".* but is null/],
  [
    "means alone for a start",
    () => GaussianMixture.fit(line, { ...two, init: { means: [[0], [1]] } as never }),
    /^init must have weights/,
  ],
  [
    "a component without a label",
    () => GaussianMixture.fit(line, { ...two, init: { labels: line.map(() => 0) } }),
    /^labels must give every component .* component 1/,
  ],
  [
    "an empty component of responsibilities",
    () =>
      GaussianMixture.mStep(
        line,
        line.map(() => [1, 0]),
      ),
    /^the responsibilities of component 1 must not all be 0/,
  ],
  [
    "onIteration that is no function",
    () => GaussianMixture.fit(line, { ...two, onIteration: 3 as never }),
    /^onIteration must be a function, but is 3/,
  ],
  ["nComponents null", () => GaussianMixture.fit(line, { nComponents: nothing }), /but is null/],
  ["bigints", () => GaussianMixture.fit([1n, 2n] as never, two), /^X\[0\] must be a number, but is 1n/],
  [
    "values whose squares are no numbers",
    () =>
      GaussianMixture.fit(
        line.map((x) => x * 1e-200),
        two,
      ),
    /^column 0 of X must have a variance in the range of numbers/,
  ],
  [
    "one row that outweighs all",
    () => GaussianMixture.fit(line, { ...two, sampleWeight: line.map((_, i) => (i === 3 ? 1 : 0)) }),
    /^sampleWeight must leave column 0 of X a variance/,
  ],
  ["a step that returns nothing", () => em(1, (() => {}) as never), /^the step's result must be an object/],
  [
    "a step without parameters",
    () => em(1, (() => ({ logLikelihood: 1 })) as never),
    /^the step's result must have the next params/,
  ],
  ["a step that is asynchronous", () => em(1, (async () => ({ params: 1, logLikelihood: 1 })) as never), /emAsync/],
  [
    "weights for chunks",
    () => GaussianMixture.fitChunks(chunks, { ...two, sampleWeight: [1] } as never),
    /"sampleWeight"/,
  ],
  [
    "a start by name for chunks",
    () => GaussianMixture.fitChunks(chunks, { ...two, init: "k-means++" } as never),
    /^init must be an object/,
  ],
  ["chunks null", () => GaussianMixture.fitChunks(nothing, two), /^chunks must be iterable, but is null/],
  [
    "a chunk null",
    () => GaussianMixture.fitChunks([nothing], two),
    /^chunk 0\.values must be a Float64Array, but is null/,
  ],
];
const one = { weights: [1], means: [[0]], covariances: [[[1]]] };

for (const [name, call, message] of refused)
  test(`${name}: an InputError that names it`, async () => {
    await assert.rejects(async () => call(), { name: "InputError", message });
  });
