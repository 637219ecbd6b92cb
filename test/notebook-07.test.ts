// Notebook 7: the ends of EM on the fifteen numbers, and the numbers in its sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CollapseError, type NormalMixture, normalMixture } from "em-lesson";
import { eigs } from "mathjs";
import { assertClose } from "./close.js";
import { assertSays, textOf } from "./notebook-text.js";

const raw = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];
const observations = raw.map((y) => (y + 67) / 142);
const text = textOf("07-where-it-breaks");
const mixture = (w: number, means: readonly number[], deviations: readonly number[]): NormalMixture => ({
  weights: [w, 1 - w],
  means,
  deviations,
});
const heightOf = (params: NormalMixture): number => normalMixture.logLikelihood(params, observations);
const update = (params: NormalMixture): NormalMixture =>
  normalMixture.mStep(observations, normalMixture.eStep(params, observations));
const inUnits = ({ means, deviations }: NormalMixture) => [
  ...means.map((mean) => 142 * mean - 67),
  ...deviations.map((deviation) => 142 * deviation),
];
const centre = observations.reduce((sum, y) => sum + y, 0) / 15;
const spread = Math.sqrt(observations.reduce((sum, y) => sum + (y - centre) ** 2, 0) / 15);

const maxima = [
  { start: mixture(0.5, [0, 1], [1, 1]), value: 3.274, ends: [-57.5, 33.0, 9.5, 20.7], says: "left**, #: the fit" },
  {
    start: mixture(0.5, [0.6, 0.6], [0.05, 0.3]),
    value: 0.5815,
    ends: [19.7, 21.6, 8.3, 44.6],
    says: "dense middle**, #: a",
  },
  {
    start: mixture(0.2, [0.65, 0.6], [0.02, 0.3]),
    value: 0.5721,
    ends: [26.0, 19.8, 2.5, 40.2],
    says: "From 23 to 29**, #;",
  },
  {
    start: mixture(0.1, [0.52, 0.63], [0.01, 0.27]),
    value: 0.1523,
    ends: [7.0, 22.4, 1.0, 38.1],
    says: "6 and 8**, #;",
  },
  {
    start: mixture(0.1, [0.9, 0.6], [0.02, 0.3]),
    value: -0.1538,
    ends: [58.1, 17.3, 2.0, 36.2],
    says: "56 and 60**, #: a",
  },
];

/** The curvatures of the log-likelihood in μ and ln σ of both components and the weight, by differences. */
function curvatures({ weights: [w = 0], means, deviations }: NormalMixture): number[] {
  const at = [...means, 0, 0, w];
  const value = (place: readonly number[]) => {
    const [mean0 = 0, mean1 = 0, log0 = 0, log1 = 0, weight = 0] = place;
    const widths = [Math.exp(log0) * (deviations[0] ?? 0), Math.exp(log1) * (deviations[1] ?? 0)];
    return heightOf(mixture(weight, [mean0, mean1], widths));
  };
  const h = 1e-4;
  const matrix = at.map((_, i) =>
    at.map((_, k) => {
      const moved = (a: number, b: number) => value(at.map((x, n) => x + (n === i ? a : 0) + (n === k ? b : 0)));
      return (moved(h, h) - moved(h, -h) - moved(-h, h) + moved(-h, -h)) / (4 * h * h);
    }),
  );
  return (eigs(matrix).values as number[]).sort((a, b) => a - b);
}

test("the first five starts end at the maxima that are known, each of another height", () => {
  for (const { start, value, ends, says } of maxima) {
    const { params, logLikelihood } = normalMixture.fit(observations, start);
    // To the digits that are printed.
    assert.equal(logLikelihood.toFixed(4), value.toFixed(4));
    assertClose(inUnits(params), ends, 0.06, "ends", 1);
    assertSays(text, says, logLikelihood);
    assert.ok(
      curvatures(params).every((curvature) => curvature < -1e-3),
      `${says} is a maximum`,
    );
  }
  assertSays(
    text,
    "of notebook 2, whose deviations are #",
    normalMixture.fit(observations, maxima[0]?.start ?? assert.fail()).params.deviations[0] ?? 0,
  );
});

test("three pairs of neighbours have a top each, too", () => {
  const pairs = [
    [14, 16],
    [23, 24],
    [28, 29],
  ] as const;
  const values = pairs.map(([one, other]) => {
    const mean = ((one + other) / 2 + 67) / 142;
    const { params, logLikelihood } = normalMixture.fit(
      observations,
      mixture(2 / 15, [mean, 0.619], [(other - one) / 284, 0.257]),
    );
    assert.ok(Math.abs((params.means[0] ?? 0) - mean) < 1e-3 && curvatures(params).every((curvature) => curvature < 0));
    return logLikelihood;
  });
  assertSays(text, "a top each as well, at #,", values[0] ?? 0);
  assertSays(text, "at 0.0653, # and", values[1] ?? 0);
  assertSays(text, "1.1494 and #.", values[2] ?? 0);
});

test("the sixth start stops with a weight near 0, and collapses where it goes on", () => {
  const { params, logLikelihood, iterations } = normalMixture.fit(
    observations,
    mixture(0.4, [0.85, 0.35], [0.09, 0.02]),
  );
  assert.equal(iterations, 2);
  assertSays(text, "Weight near 0**, #", logLikelihood);
  assertSays(text, "with a weight of # in $10^{12}$", (params.weights[1] ?? 0) * 1e12);
  const weights: number[] = [];
  const goOn = () =>
    normalMixture.fit(observations, params, {
      tol: 0,
      onIteration: (iteration) => void weights.push(iteration.params.weights[1] ?? 0),
    });
  assert.throws(goOn, CollapseError);
  assert.ok(weights.length > 3 && weights.every((weight, t) => t === 0 || weight > (weights[t - 1] ?? 0)));
});

test("the seventh start has the deviation 0 in two updates", () => {
  const start = mixture(0.1, [1, 0.6], [0.02, 0.25]);
  const first = update(start);
  assert.throws(() => update(first), CollapseError);
  assertSays(text, "After one update the deviation is #,", first.deviations[0] ?? 0);
  assertSays(text, "promises, from # to", heightOf(start));
  assertSays(text, "−0.74 to #.", heightOf(first));
  const neighbour = observations[13] ?? 0;
  assertSays(text, "nearest other observation, #,", neighbour);
  assertSays(text, "0.894, is # deviations", (1 - neighbour) / 0.02);
  assert.ok((normalMixture.eStep(start, observations)[13]?.[0] ?? 1) < 9e-6, "a few millionths");
  assert.ok((normalMixture.eStep(first, observations)[13]?.[0] ?? 1) === 0, "0 to the last digit");
});

test("the ladder of deviations to the singularity at 75", () => {
  const rung = (sigma: number) => heightOf(mixture(0.1, [1, centre], [sigma, spread]));
  const top = normalMixture.fit(observations, mixture(0.5, [0, 1], [1, 1])).logLikelihood;
  assert.deepEqual(
    [1e-2, 1e-4, 1e-6].map((sigma) => rung(sigma).toFixed(2)),
    ["-0.21", "4.28", "8.89"],
  );
  assertSays(text, "for $\\sigma_0 = 0.01$, $\\ell$ is #.", rung(1e-2));
  assertSays(text, "It is at #, and", rung(1e-4));
  assertSays(text, "row back: $# -", rung(1e-6));
  assertSays(text, "8.8859 - # =", top);
  assertSays(text, "3.2740 = #$", 8.8859 - 3.274);
  assertSays(text, "e^{5.6119} = #$", Math.exp(5.6119));
  assertSays(text, "$10^{-6}$, about #,", 1e-6 * Math.exp(rung(1e-6) - top));
  assertSays(text, "a deviation of # on the number 75", 142e-6 * Math.exp(rung(1e-6) - top));
  assertSays(text, "$\\ln 10 = #$", Math.log(10));
  // ln 10 but for the density of component 1 at 75, a ten-thousandth of that of component 0.
  assertClose(rung(1e-6) - rung(1e-5), Math.log(10), 1e-4);
});

test("exchanged names: the same height, and an average that is hopeless", () => {
  const { params } = normalMixture.fit(observations, mixture(0.5, [0, 1], [1, 1]));
  const exchanged = {
    weights: params.weights.toReversed(),
    means: params.means.toReversed(),
    deviations: params.deviations.toReversed(),
  };
  assertClose(heightOf(exchanged), heightOf(params), 1e-14);
  const halfway = (key: keyof NormalMixture) => params[key].map((value, k) => (value + (exchanged[key][k] ?? 0)) / 2);
  const average = { weights: halfway("weights"), means: halfway("means"), deviations: halfway("deviations") };
  assertSays(text, "their average is hopeless: #.", heightOf(average));
  assertSays(text, "Both its means are at #,", average.means[0] ?? 0);
  const middle = normalMixture.fit(observations, maxima[1]?.start ?? assert.fail()).params.means;
  assertSays(text, "whose means are # and", middle[0] ?? 0);
  assertSays(text, "whose means are 0.61 and #,", middle[1] ?? 0);
});

/** The notebook's random starts. */
function randomStarts(count: number): NormalMixture[] {
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  return Array.from({ length: count }, () => {
    const w = random();
    const means = [random(), random()];
    const deviations = [0.01 + random() / 2, 0.01 + random() / 2];
    return mixture(w, means, deviations);
  });
}

test("the best of 500 starts is what the floor makes of it", () => {
  const starts = randomStarts(500);
  const best = (minDeviation: number) =>
    starts
      .map((start) => normalMixture.fit(observations, start, { minDeviation }))
      .reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  for (const floor of [0.05, 0.02, 0.01]) assert.equal(best(floor).logLikelihood.toFixed(4), "3.2740", `${floor}`);
  assert.ok(best(0.1).logLikelihood < 3.1);
  const low = [0.003, 0.0001].map(best);
  for (const { params } of low) assert.ok(Math.min(...params.deviations) <= 0.003);
  assertSays(text, "its log-likelihood, # or", low[0]?.logLikelihood ?? 0);
  assertSays(text, "3.6594 or #,", low[1]?.logLikelihood ?? 0);
});

test("where two thousand starts end", () => {
  const ends = randomStarts(2000).map((start) => {
    try {
      return normalMixture.fit(observations, start).logLikelihood.toFixed(3);
    } catch (error) {
      assert.ok(error instanceof CollapseError);
      return "collapse";
    }
  });
  const count = (end: string) => ends.filter((other) => other === end).length;
  assert.ok(count("3.274") / 2000 > 0.75 && count("3.274") / 2000 < 0.8, "almost four in five");
  assertSays(text, "find it, and # collapse", count("collapse"));
  assert.deepEqual(["0.065", "1.149", "1.182"].map(count), [2, 1, 1]);
  assertSays(text, "with $P = #$, three", count("3.274") / 2000);
  assert.equal((0.22 ** 3).toFixed(2), "0.01");
  assertSays(text, "With $P = 0.05$ it takes # starts", Math.ceil(Math.log(0.01) / Math.log(0.95)));
});

test("twins stand on a saddle, which the tolerance takes for a top", () => {
  const twins = mixture(0.5, [centre, centre], [spread, spread]);
  assertSays(text, "of a single curve, #.", heightOf(twins));
  const all = curvatures(twins);
  // Falls in three directions, is level in the weight, and climbs in one.
  assert.deepEqual(
    all.map((value) => `${Math.round(value)}`),
    ["-114", "-27", "-15", "0", "31"],
  );
  const [top = 0] = all.slice(-1);
  assertSays(text, "of $\\ell$ is $+#$ in the steepest", top);
  const apart = mixture(0.5, [0.5, 0.5 + 1e-6], [1, 1]);
  assert.equal(normalMixture.fit(observations, apart).iterations, 2);
  const values: number[] = [];
  normalMixture.fit(observations, apart, {
    tol: 0,
    maxIter: 48,
    onIteration: ({ logLikelihood }) => void values.push(logLikelihood),
  });
  assert.equal(values[12]?.toFixed(6), values[6]?.toFixed(6), "without a trace for a dozen updates");
  assert.equal(values[48]?.toFixed(6), "3.274044");
});

test("a run that is moved a little comes back to a top, and not to a saddle or a plain", () => {
  const movedOn = ({ weights: [w = 0], means, deviations }: NormalMixture) => {
    const [mean0 = 0, mean1 = 0] = means;
    const [s0 = 0, s1 = 0] = deviations;
    const moved = w > 0.5 ? 0.9 * w : w + 0.1 * (1 - w);
    const from = mixture(moved, [mean0 - 0.1 * s0, mean1 + 0.1 * s1], [1.1 * s0, s1]);
    return normalMixture.fit(observations, from, { minDeviation: 1e-3 }).logLikelihood;
  };
  for (const { start } of maxima) {
    const { params, logLikelihood } = normalMixture.fit(observations, start);
    assert.ok(Math.abs(movedOn(params) - logLikelihood) < 1e-6, `${logLikelihood}`);
  }
  const plain = normalMixture.fit(observations, mixture(0.4, [0.85, 0.35], [0.09, 0.02])).params;
  for (const flat of [mixture(0.5, [centre, centre], [spread, spread]), plain])
    assert.ok(movedOn(flat) > heightOf(flat) + 0.1);
});
