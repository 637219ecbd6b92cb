import assert from "node:assert/strict";
import { test } from "node:test";
import { type CovarianceType, GaussianMixture, type GaussianParams, InputError, type Samples } from "em-mixtures";

const X = [
  [1, 2],
  [2, 1],
  [3, 4],
  [5, 5],
];
const fit = (samples: unknown, options: object = {}) =>
  GaussianMixture.fit(samples as Samples, { nComponents: 1, ...options });
const params: GaussianParams = {
  weights: [1],
  means: [[0, 0]],
  covariances: [
    [
      [1, 0],
      [0, 1],
    ],
  ],
};
const responsibilities = X.map(() => [1]);
const from = (change: object) => GaussianMixture.from({ ...params, ...change });

const cases: readonly [string, () => unknown, RegExp][] = [
  ["empty data", () => fit([]), /^X must not be empty, but is an array of length 0\. Give at least one entry/],
  ["an empty flat array", () => fit(new Float64Array(0)), /^X must not be empty/],
  ["no data", () => fit(undefined), /^X must be an array, but is undefined/],
  [
    "ragged rows",
    () => fit([[1, 2], [3]]),
    /^X\[1\] must be a row of 2 numbers, as the first row is, but is an array of length 1/,
  ],
  ["a number among rows", () => fit([[1, 2], 3]), /^X\[1\] must be a row of 2 numbers.* but is 3/],
  ["a row among numbers", () => fit([1, [2]]), /^X\[1\] must be a number, but is an array of length 1/],
  ["rows without columns", () => fit([[], []]), /^X\[0\] must not be empty/],
  [
    "a string",
    () =>
      fit([
        ["1", 2],
        [3, 4],
      ]),
    /^X\[0\]\[0\] must be a number, but is "1"\. Convert it/,
  ],
  ["null", () => fit([1, null]), /^X\[1\] must be a number, but is null/],
  [
    "NaN",
    () =>
      fit([
        [1, 2],
        [3, Number.NaN],
      ]),
    /^X\[1\]\[1\] must be a finite number, but is NaN.*allowMissing/,
  ],
  [
    "Infinity with missing values allowed",
    () => fit([1, Number.POSITIVE_INFINITY], { allowMissing: true }),
    /^X\[1\] .* Infinity/,
  ],
  [
    "a flat array of another length",
    () => fit({ values: new Float64Array(5), columns: 2 }),
    /^X\.values must have a length that is a multiple of its 2 columns, but is 5/,
  ],
  [
    "a flat array of other numbers",
    () => fit({ values: [1, 2, 3, 4], columns: 2 }),
    /^X\.values must be a Float64Array, but is an array of length 4/,
  ],
  [
    "columns of 0",
    () => fit({ values: new Float64Array(4), columns: 0 }),
    /^X\.columns must be an integer of at least 1, but is 0/,
  ],
  [
    "a column without values",
    () =>
      fit(
        [
          [1, Number.NaN],
          [2, Number.NaN],
        ],
        { allowMissing: true },
      ),
    /^column 1 of X must hold at least two different values, but is "empty"/,
  ],
  ["values too large for a variance", () => fit([0, 1e155, 3e155]), /^column 0 of X must have a variance .* Infinity/],
  [
    "values too small for a variance",
    () => fit([0, 1e-155, 3e-155]),
    /^column 0 of X must have a variance .* is \d\S*e-3\d\d\. Give the data another unit/,
  ],
  ["K = 0", () => fit(X, { nComponents: 0 }), /^nComponents must be an integer of at least 1, but is 0/],
  [
    "K missing",
    () => fit(X, { nComponents: undefined }),
    /^nComponents must be an integer of at least 1, but is undefined/,
  ],
  ["K > N", () => fit(X, { nComponents: 5 }), /^nComponents must be at most the rows of X, 4, but is 5/],
  ["tol below 0", () => fit(X, { tol: -1 }), /^tol must be a finite number of at least 0, but is -1/],
  ["maxIter < 0", () => fit(X, { maxIter: -1 }), /^maxIter must be an integer of at least 0, but is -1/],
  ["nInit = 0", () => fit(X, { nInit: 0 }), /^nInit must be an integer of at least 1/],
  ["a seed that is no integer", () => fit(X, { seed: 0.5 }), /^seed must be an integer of at least 0, but is 0\.5/],
  ["a negative regCovar", () => fit(X, { regCovar: -1 }), /^regCovar must be .* at least 0, but is -1/],
  ["another covariance type", () => fit(X, { covarianceType: "round" }), /^covarianceType must be .* but is "round"/],
  [
    "another start",
    () => fit(X, { init: "kmeans" }),
    /^init must be "mixed", "k-means\+\+", "random", .* but is "kmeans"/,
  ],
  ["another acceleration", () => fit(X, { acceleration: "squarem" }), /^acceleration must be .* but is "squarem"/],
  [
    "weights of another length",
    () => fit(X, { sampleWeight: [1, 2] }),
    /^sampleWeight must have 4 entries, but is an array of length 2/,
  ],
  [
    "negative weights",
    () => fit(X, { sampleWeight: [1, 1, -1, 1] }),
    /^sampleWeight\[2\] must be .* at least 0, but is -1/,
  ],
  ["weights of 0 only", () => fit(X, { sampleWeight: [0, 0, 0, 0] }), /^sampleWeight must not be 0 everywhere/],
  [
    "weights without a sum",
    () => fit(X, { sampleWeight: [1e308, 1e308, 1e308, 1e308] }),
    /^the sum of sampleWeight must be a finite number, but is Infinity/,
  ],
  [
    "a start that is none",
    () => fit(X, { nComponents: undefined, init: GaussianMixture.from(params) }),
    /^init must have weights, responsibilities or labels, but is an object \(GaussianMixture\)/,
  ],
  [
    "labels out of range",
    () => fit(X, { nComponents: 2, init: { labels: [0, 1, 2, 0] } }),
    /^labels\[2\] must be an integer from 0 to 1, but is 2/,
  ],
  ["a label that never occurs", () => fit(X, { nComponents: 2, init: { labels: [0, 0, 0, 0] } }), /component 1/],
  [
    "responsibilities of another shape",
    () => fit(X, { nComponents: 2, init: { responsibilities: [[1, 0]] } }),
    /^responsibilities must have 4 entries/,
  ],
  ["a start of another K", () => fit(X, { nComponents: 2, init: params }), /^weights must have 2 entries/],
  ["weights that do not sum to 1", () => from({ weights: [0.5] }), /^weights must sum to 1, but is 0\.5/],
  ["means of another shape", () => from({ means: [[0]] }), /^covariances\[0\] must have one entry/],
  [
    "a covariance that is not symmetric",
    () =>
      from({
        covariances: [
          [
            [1, 0.5],
            [0, 1],
          ],
        ],
      }),
    /^covariances\[0\]\[1\]\[0\] must equal its mirror image 0\.5, but is 0/,
  ],
  [
    "a covariance that is not positive definite",
    () =>
      from({
        covariances: [
          [
            [1, 2],
            [2, 1],
          ],
        ],
      }),
    /^covariances\[0\] must be positive definite/,
  ],
  [
    "a full covariance for diag",
    () =>
      GaussianMixture.from(
        {
          ...params,
          covariances: [
            [
              [1, 0.5],
              [0.5, 1],
            ],
          ],
        },
        { covarianceType: "diag" },
      ),
    /^covariances\[0\]\[0\]\[1\] must be 0, as covarianceType "diag" has it/,
  ],
  [
    "data of another width",
    () => GaussianMixture.from(params).predict([1, 2]),
    /^X must have 2 columns, as the model has, but is 1/,
  ],
  [
    "a sample of half a row",
    () => GaussianMixture.from(params).sample(0.5),
    /^n must be an integer of at least 0, but is 0\.5/,
  ],
  [
    "JSON as text",
    () => GaussianMixture.fromJSON("{}"),
    /must be an object, but is "\{\}"\. Pass what JSON\.parse returns/,
  ],
  ["JSON of something else", () => GaussianMixture.fromJSON({}), /format must be "em-mixtures", but is undefined/],
  [
    "JSON of another version",
    () => GaussianMixture.fromJSON({ ...GaussianMixture.from(params).toJSON(), version: 3 }),
    /version must be 1 or 2, but is 3/,
  ],
  [
    "JSON of another model",
    () => GaussianMixture.fromJSON({ ...GaussianMixture.from(params).toJSON(), model: "PoissonMixture" }),
    /model must be "GaussianMixture", but is "PoissonMixture"/,
  ],
  [
    "JSON without parameters",
    () => GaussianMixture.fromJSON({ ...GaussianMixture.from(params).toJSON(), params: undefined }),
    /params must be an object, but is undefined/,
  ],
  [
    "an M-step of another covariance type",
    () => GaussianMixture.mStep(X, responsibilities, { covarianceType: "round" as CovarianceType }),
    /^covarianceType must be .* but is "round"/,
  ],
  [
    "an M-step with a negative regCovar",
    () => GaussianMixture.mStep(X, responsibilities, { regCovar: -1 }),
    /^regCovar must be .* at least 0, but is -1/,
  ],
  [
    "an M-step on missing values",
    () => GaussianMixture.mStep([1, Number.NaN, 3, 4], responsibilities),
    /^X\[1\] must be a finite number, but is NaN/,
  ],
];

for (const [what, call, message] of cases)
  test(`${what}: an error that names place, rule, value and remedy`, () => {
    assert.throws(call, (error) => {
      assert.ok(error instanceof InputError, String(error));
      assert.match(error.message, message);
      assert.ok(error.place.name !== "" && error.rule !== "" && error.remedy !== "");
      return true;
    });
  });

test("an InputError tells a program what it tells a reader", () => {
  const samples = [
    [1, 2],
    [3, Number.NaN],
  ];
  assert.throws(() => fit(samples), {
    name: "InputError",
    place: { name: "X", row: 1, column: 1 },
    rule: "must be a finite number",
    value: Number.NaN,
  });
});

test("weights may miss the sum of 1 by what figures copied by hand do, and no more", () => {
  const from = (first: number) =>
    GaussianMixture.from({ weights: [first, 0.5], means: [[0], [1]], covariances: [[[1]], [[1]]] });
  assert.equal(from(0.5 + 9e-7).nComponents, 2);
  assert.throws(() => from(0.5 + 1.1e-6), /^InputError: weights must sum to 1/);
});
