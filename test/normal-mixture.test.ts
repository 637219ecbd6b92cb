import assert from "node:assert/strict";
import { test } from "node:test";
import { CollapseError, InputError, type NormalMixture, normalDensity, normalMixture } from "em-lesson";
import { assertClose } from "./close.js";
import printed from "./fixtures/printed-figures.json" with { type: "json" };

const { observations: raw, printed: rows } = printed.gaussian_mixture;
const low = Math.min(...raw);
const range = Math.max(...raw) - low;
const observations = raw.map((y) => (y - low) / range);
const start: NormalMixture = { weights: [0.5, 0.5], means: [0, 1], deviations: [1, 1] };
// The original's sums run in another order; 19 updates let the last digit grow.
const rounding = 1e-12;

/** Parameters for the normalised observations. */
const mixture = (means: number[], deviations: number[], weights: number[]): NormalMixture => ({
  weights,
  means,
  deviations,
});

test("normalMixture.fit gives the original's 120 printed parameters", () => {
  const seen: NormalMixture[] = [];
  normalMixture.fit(observations, start, { maxIter: 19, onIteration: ({ params }) => seen.push(params) });
  assert.equal(seen.length, rows.length);
  for (const [t, row] of rows.entries()) {
    assertClose(seen[t].means, row.mu.map(Number), rounding, `means after ${t}`);
    assertClose(seen[t].deviations, row.sigma.map(Number), rounding, `deviations after ${t}`);
    assertClose(seen[t].weights, row.alpha.map(Number), rounding, `weights after ${t}`);
  }
});

test("normalMixture's steps give the original's 19 printed figures, which are no log-likelihoods", () => {
  // Σ_k Σ_j ζ_jk log N(y_j | μ_k, σ_k) + N², ζ from before the update and μ, σ from after it.
  let params = start;
  for (const { iteration, loglikelihood_printed: figure } of rows.slice(1)) {
    const responsibilities = normalMixture.eStep(params, observations);
    params = normalMixture.mStep(observations, responsibilities);
    let sum = observations.length ** 2;
    for (const [j, y] of observations.entries())
      for (const k of [0, 1])
        sum += responsibilities[j][k] * Math.log(normalDensity(y, params.means[k], params.deviations[k]));
    // Some last digits were cut by a line break: agree to half a unit of the last one printed.
    const digits = figure.split(".")[1].length;
    assertClose(sum, Number(figure), Math.max(rounding, 10 ** -digits / Number(figure)), `after ${iteration}`);
  }
});

test("normalMixture.eStep gives the original's labels, which name component 0 by 1", () => {
  const { params } = normalMixture.fit(observations, start, { maxIter: 20 });
  const labels = normalMixture.eStep(params, observations).map(([first, second]) => (first > second ? 1 : 0));
  assert.deepEqual(labels, printed.gaussian_mixture.labels_printed);
});

test("normalMixture.fit converges on the original's data after 24 updates", () => {
  const { params, history, iterations, reason, logLikelihood } = normalMixture.fit(observations, start, { tol: 1e-10 });
  assert.deepEqual([iterations, reason], [24, "tolerance"]);
  assertClose(logLikelihood, 3.274043999302, 1e-12);
  assertClose(params.means, [0.0668234, 0.70411892], 1e-6);
  assertClose(params.deviations, [0.06690136, 0.14593927], 1e-6);
  assertClose(params.weights, [0.13317228, 0.86682772], 1e-6);
  // Computed twice by independent code when the lesson was designed; the digits given are the tolerance.
  const ladder = [
    -16.111033166, -0.757510138, -0.443113268, 0.248247538, 0.836271207, 0.988444254, 1.07169897, 1.140440084,
    1.199329637, 1.250484024, 1.295630224, 1.336476297, 1.374854897, 1.412847455, 1.453050172, 1.499165097, 1.557306276,
    1.639144894, 1.770892743, 2.025560482, 2.618538218, 3.267541918, 3.274043993, 3.274043999298, 3.274043999302,
  ];
  assert.equal(history.length, ladder.length);
  for (const [t, expected] of ladder.entries()) assertClose(history[t], expected, 1e-9, `after ${t}`, 1);
});

test("normalMixture.fit in the original's units: same fit, log-likelihood lower by 15 ln 142", () => {
  const { params, logLikelihood } = normalMixture.fit(raw, {
    weights: start.weights,
    means: start.means.map((m) => low + range * m),
    deviations: start.deviations.map((s) => range * s),
  });
  assertClose(logLikelihood, -71.0633618647, 1e-11);
  assertClose(params.means, [-57.5110768564, 32.984887323], 1e-7);
  assertClose(params.deviations, [9.499994, 20.723377], 1e-6);
});

test("normalMixture.fit takes the raw observations from the start 0, 1; 1, 1, where plain densities underflow", () => {
  const plain = raw.map((y) => normalDensity(y, 0, 1) + normalDensity(y, 1, 1));
  assert.ok(plain.filter((density) => density === 0).length > 5);
  const { params, iterations, converged } = normalMixture.fit(raw, start);
  assert.deepEqual([iterations, converged], [4, true]);
  assert.ok([...params.weights, ...params.means, ...params.deviations].every(Number.isFinite));
});

test("normalMixture.fit reaches each of the known endings", () => {
  const endings: readonly [NormalMixture, number][] = [
    [mixture([0.6, 0.6], [0.05, 0.3], [0.5, 0.5]), 0.5815],
    [mixture([0.65, 0.6], [0.02, 0.3], [0.2, 0.8]), 0.5721],
    [mixture([0.52, 0.63], [0.01, 0.27], [0.1, 0.9]), 0.1523],
    [mixture([0.9, 0.6], [0.02, 0.3], [0.1, 0.9]), -0.1538],
    // Identical components: a saddle that EM never leaves.
    [mixture([0.5, 0.5], [0.3, 0.3], [0.5, 0.5]), -0.8918],
  ];
  // Four printed decimals.
  for (const [from, expected] of endings)
    assertClose(normalMixture.fit(observations, from).logLikelihood, expected, 5e-5, JSON.stringify(from), 1);
});

test("normalMixture.fit names the component that collapses, and minDeviation holds it up", () => {
  const singular = mixture([1, 0.6], [0.02, 0.25], [0.1, 0.9]);
  assert.throws(
    () => normalMixture.fit(observations, singular),
    (error) => error instanceof CollapseError && error.component === 0,
  );
  const { params } = normalMixture.fit(observations, singular, { minDeviation: 0.02 });
  assertClose(params.deviations[0], 0.02, rounding);
});

test("normalMixture.mStep names the component whose deviation is 0", () => {
  const ofOne = [1, 0, 0].map((first) => [first, 1 - first]);
  assert.throws(
    () => normalMixture.mStep([3, 4, 5], ofOne),
    (error) => error instanceof CollapseError && error.component === 0,
  );
  assertClose(normalMixture.mStep([3, 4, 5], ofOne, { minDeviation: 0.1 }).deviations, [0.1, 0.5], rounding);
});

test("normalMixture.fit shares nothing with its start", () => {
  const given = structuredClone(start);
  const { params } = normalMixture.fit(observations, given, { maxIter: 0 });
  (given.means as number[])[0] = 7;
  assert.deepEqual(params, start);
});

test("normalMixture.density is the weighted sum of normal densities", () => {
  const params = mixture([0, 2], [1, 0.5], [0.25, 0.75]);
  assertClose(
    normalMixture.density(0.3, params),
    0.25 * normalDensity(0.3, 0, 1) + 0.75 * normalDensity(0.3, 2, 0.5),
    rounding,
  );
  const expected = observations.reduce((sum, y) => sum + Math.log(normalMixture.density(y, params)), 0);
  assertClose(normalMixture.logLikelihood(params, observations), expected, rounding);
});

test("normalDensity has its height at the mean and its value one deviation off", () => {
  assertClose(normalDensity(3, 3, 2), 1 / (2 * Math.sqrt(2 * Math.PI)), rounding);
  assertClose(normalDensity(5, 3, 2), Math.exp(-0.5) / (2 * Math.sqrt(2 * Math.PI)), rounding);
});

test("normalMixture names the place, the value and the rule of bad input", () => {
  const cases: readonly [() => unknown, RegExp][] = [
    [() => normalMixture.fit([], start), /^observations must not be empty/],
    [() => normalMixture.eStep(start, [1, Number.NaN]), /^observations\[1\] must be a finite number, but is NaN/],
    [() => normalMixture.eStep(start, [Number.POSITIVE_INFINITY]), /^observations\[0\] must be a finite.* Infinity/],
    [() => normalMixture.fit([[1, 2]] as never, start), /^observations\[0\] must be a finite number/],
    // An array with holes.
    [
      () => normalMixture.fit(new Array(3) as never, start),
      /^observations\[0\] must be a finite number, but is undefined/,
    ],
    [() => normalMixture.eStep(null as never, raw), /^parameters must be an object, but is null/],
    [() => normalMixture.mStep(raw, [null] as never), /^responsibilities must have 15 entries/],
    [() => normalMixture.mStep([1], [null] as never), /^responsibilities\[0\] must be an array, but is null/],
    [
      () => normalMixture.fit(raw, start, { minDevation: 1 } as object),
      /^options must be among.* Did you mean minDeviation\?/,
    ],
    [() => normalMixture.mStep(raw, [], { floor: 1 } as object), /^options must be among minDeviation/],
    [() => normalMixture.fit([1], start), /^observations must be at least as many as the 2 components, but is 1/],
    [() => normalMixture.fit(raw, { ...start, weights: [0.5, 0.6] }), /^weights must sum to 1, but is 1\.1/],
    [() => normalMixture.fit(raw, { ...start, weights: [1.5, -0.5] }), /^weights\[0\] must be a probability.* 1\.5/],
    [() => normalMixture.fit(raw, { ...start, deviations: [1, 0] }), /^deviations\[1\] must be .* above 0, but is 0/],
    [
      () => normalMixture.eStep({ ...start, deviations: [1e-170, 1e-170] }, raw),
      /^observations\[0\] must have a density/,
    ],
    [() => normalMixture.fit(raw, { ...start, means: [1] }), /^means must have 2 entries, but is an array of length 1/],
    [
      () =>
        normalMixture.mStep(
          raw,
          raw.map(() => [0.7, 0.7]),
        ),
      /^responsibilities\[0\] must sum to 1, but is 1\.4/,
    ],
    [
      () =>
        normalMixture.mStep(
          raw,
          raw.map(() => [1, 0]),
        ),
      /^the responsibilities of component 1 must not all be 0/,
    ],
    [() => normalDensity(0, 0, -1), /^deviation must be .* above 0, but is -1/],
  ];
  for (const [call, message] of cases)
    assert.throws(call, (error) => error instanceof InputError && message.test(error.message), String(message));
});
