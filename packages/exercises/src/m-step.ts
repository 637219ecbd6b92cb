import type { NormalMixture } from "em-lesson";
import { exercise } from "./exercise.js";
import { integer, listOf, shares } from "./random.js";

type MStep = (observations: number[], r: number[][], old: NormalMixture) => NormalMixture;

/** The M-step with another centre for the squares, and another divisor of each sum. */
export function withParts(
  observations: readonly number[],
  r: readonly number[][],
  centre: (k: number, mean: number) => number = (_, mean) => mean,
  divisor: (total: number) => number = (total) => total,
): NormalMixture {
  const fits = (r[0] ?? []).map((_, k) => {
    const ofK = r.map((row) => row[k] ?? 0);
    const total = ofK.reduce((sum, entry) => sum + entry, 0);
    const sum = (f: (y: number) => number) => ofK.reduce((part, entry, j) => part + entry * f(observations[j] ?? 0), 0);
    const mean = sum((y) => y) / divisor(total);
    const variance = sum((y) => (y - centre(k, mean)) ** 2) / divisor(total);
    return { weight: total / observations.length, mean, deviation: Math.sqrt(variance) };
  });
  return {
    weights: fits.map(({ weight }) => weight),
    means: fits.map(({ mean }) => mean),
    deviations: fits.map(({ deviation }) => deviation),
  };
}

const right: MStep = (observations, r) => withParts(observations, r);

/** An M-step with a fault to find. */
export const mStep = exercise<MStep>({
  right,
  fixed: [
    [
      [0, 0.5, 1],
      [
        [1, 0],
        [0.5, 0.5],
        [0.25, 0.75],
      ],
      { weights: [0.5, 0.5], means: [0, 1], deviations: [1, 1] },
    ],
  ],
  draw(random) {
    const components = integer(random, 2, 3);
    return [
      listOf(6, () => 4 * random()),
      listOf(6, () => shares(random, components)),
      {
        weights: shares(random, components),
        means: listOf(components, (k) => k + random()),
        deviations: listOf(components, () => 0.5 + random()),
      },
    ];
  },
  mistakes: [
    {
      // The fault that the exercise hides: to name it would give the answer away.
      words: "not done yet: the fault is still in it.",
      answer: (observations, r, old) => withParts(observations, r, (k) => old.means[k] ?? 0),
    },
    {
      words: "these are the variances: take their roots.",
      answer: (observations, r, old) => {
        const params = right(observations, r, old);
        return { ...params, deviations: params.deviations.map((deviation) => deviation ** 2) };
      },
    },
    {
      words: "means and variances are divided by N: divide by the sum of the component's responsibilities.",
      answer: (observations, r) => withParts(observations, r, undefined, () => observations.length),
    },
    {
      words: "the weights are sums: divide them by the number of observations.",
      answer: (observations, r, old) => {
        const params = right(observations, r, old);
        return { ...params, weights: params.weights.map((weight) => weight * observations.length) };
      },
    },
    {
      words: "the weights are those of before: they are to be estimated, too.",
      answer: (observations, r, old) => ({ ...right(observations, r, old), weights: old.weights }),
    },
    {
      words: "the components are in another order.",
      answer: (observations, r, old) => {
        const { weights, means, deviations } = right(observations, r, old);
        return { weights: weights.toReversed(), means: means.toReversed(), deviations: deviations.toReversed() };
      },
    },
    {
      words: "each observation goes to one component as a whole: weight it by its responsibilities.",
      answer: (observations, r) =>
        withParts(
          observations,
          r.map((row) => row.map((entry) => (entry === Math.max(...row) ? 1 : 0))),
        ),
    },
    { words: "nothing is estimated: these are the old parameters.", answer: (_, __, old) => old },
  ],
  hint: "Compare it with the derivation, part by part.",
});
