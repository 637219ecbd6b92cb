import type { NormalMixture } from "em-lesson";
import { exercise } from "./exercise.js";
import { integer, listOf, type Random, shares } from "./random.js";

type MStep = (observations: number[], r: number[][], floor: number) => NormalMixture;

/** The M-step with its deviations made of the variances in another way, and the weights of those that changed. */
const withDeviation =
  (
    deviation: (variance: number, floor: number) => number,
    weightBelow: (weight: number) => number = (weight) => weight,
  ): MStep =>
  (observations, r, floor) => {
    const fits = (r[0] ?? []).map((_, k) => {
      const ofK = r.map((row) => row[k] ?? 0);
      const total = ofK.reduce((sum, entry) => sum + entry, 0);
      const average = (f: (y: number) => number) =>
        ofK.reduce((part, entry, j) => part + entry * f(observations[j] ?? 0), 0) / total;
      const mean = average((y) => y);
      const variance = average((y) => (y - mean) ** 2);
      const weight = total / observations.length;
      const below = variance < floor ** 2;
      return { weight: below ? weightBelow(weight) : weight, mean, deviation: deviation(variance, floor) };
    });
    return {
      weights: fits.map(({ weight }) => weight),
      means: fits.map(({ mean }) => mean),
      deviations: fits.map(({ deviation }) => deviation),
    };
  };

const held = (variance: number, floor: number): number => Math.max(Math.sqrt(variance), floor);

/** Responsibilities under which component 0 has one observation alone. */
const alone = (random: Random, count: number): number[][] => [
  [1, 0, 0],
  ...listOf(count - 1, () => [0, ...shares(random, 2)]),
];

/** The M-step with a floor under its deviations. */
export const flooredMStep = exercise<MStep>({
  right: withDeviation(held),
  fixed: [
    [
      [0, 0.5, 1],
      [
        [1, 0],
        [0, 1],
        [0, 1],
      ],
      0.1,
    ],
  ],
  draw(random) {
    const count = integer(random, 4, 6);
    const r = random() < 0.5 ? alone(random, count) : listOf(count, () => shares(random, 3));
    return [listOf(count, () => 4 * random()), r, 0.2 + 0.8 * random()];
  },
  mistakes: [
    {
      words:
        "not done yet: component 0 has one observation alone, and gets the deviation 0. That is the singularity; now put the floor under it.",
      answer: withDeviation(Math.sqrt),
    },
    {
      words: "the floor is put under the variances: it is one for deviations.",
      answer: withDeviation((variance, floor) => Math.sqrt(Math.max(variance, floor))),
    },
    {
      words: "the floor is added to the deviations: those above it stay as they are.",
      answer: withDeviation((variance, floor) => Math.sqrt(variance) + floor),
    },
    {
      words: "the floor's square is added to the variances: those above it stay as they are.",
      answer: withDeviation((variance, floor) => Math.sqrt(variance + floor ** 2)),
    },
    {
      words: "that is a ceiling: take the larger of deviation and floor.",
      answer: withDeviation((variance, floor) => Math.min(Math.sqrt(variance), floor)),
    },
    {
      words: "these are variances: take their roots, and then compare with the floor.",
      answer: withDeviation((variance, floor) => Math.max(variance, floor)),
    },
    {
      words: "these are variances, held up by the floor's square: take their roots.",
      answer: withDeviation((variance, floor) => held(variance, floor) ** 2),
    },
    {
      words: "all deviations are the floor: only those below it are to be raised.",
      answer: withDeviation((_, floor) => floor),
    },
    {
      words: "a component at the floor has lost its weight: the floor changes its deviation alone.",
      answer: withDeviation(held, () => 0),
    },
  ],
  hint: "The deviation is the larger of two numbers; weights and means are as without a floor.",
});
