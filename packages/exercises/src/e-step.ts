import type { NormalMixture } from "em-lesson";
import { exercise } from "./exercise.js";
import { integer, listOf, shares } from "./random.js";

type EStep = (params: NormalMixture, observations: number[]) => number[][];

const root = Math.sqrt(2 * Math.PI);
const density = (y: number, mean: number, deviation: number): number =>
  Math.exp(-0.5 * ((y - mean) / deviation) ** 2) / (deviation * root);

/** The E-step with other weighted densities, each row divided by its sum. */
const withHeights =
  (height: (y: number, weight: number, mean: number, deviation: number) => number): EStep =>
  ({ weights, means, deviations }, observations) =>
    observations.map((y) =>
      normalised(weights.map((weight, k) => height(y, weight, means[k] ?? 0, deviations[k] ?? 1))),
    );

const normalised = (row: readonly number[]): number[] => {
  const total = row.reduce((sum, entry) => sum + entry, 0);
  return row.map((entry) => entry / total);
};

const right = withHeights((y, weight, mean, deviation) => weight * density(y, mean, deviation));

/** The E-step of a mixture of any number of normal distributions. */
export const eStep = exercise<EStep>({
  right,
  fixed: [[{ weights: [0.5, 0.5], means: [0, 1], deviations: [1, 1] }, [0, 0.5, 1]]],
  draw(random) {
    const components = integer(random, 2, 4);
    return [
      {
        weights: shares(random, components),
        means: listOf(components, (k) => k + random()),
        deviations: listOf(components, () => 0.4 + random()),
      },
      listOf(5, () => 4 * random()),
    ];
  },
  mistakes: [
    {
      words: "not done yet: all components get 1.",
      answer: ({ weights }, observations) => observations.map(() => weights.map(() => 1)),
    },
    {
      words: "the weights have no part in it: a component that is rare explains less.",
      answer: withHeights((y, _, mean, deviation) => density(y, mean, deviation)),
    },
    {
      words: "these are the weighted densities: divide each row by its sum.",
      answer: ({ weights, means, deviations }, observations) =>
        observations.map((y) => weights.map((weight, k) => weight * density(y, means[k] ?? 0, deviations[k] ?? 1))),
    },
    {
      words: "each column sums to 1: the responsibilities of one observation, a row, must.",
      answer: (params, observations) => {
        const rows = observations.map((y) =>
          params.weights.map((weight, k) => weight * density(y, params.means[k] ?? 0, params.deviations[k] ?? 1)),
        );
        const sums = params.weights.map((_, k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0));
        return rows.map((row) => row.map((entry, k) => entry / (sums[k] ?? 1)));
      },
    },
    {
      words: "each observation goes to one component as a whole: give each component its part.",
      answer: (params, observations) =>
        right(params, observations).map((row) => row.map((entry) => (entry === Math.max(...row) ? 1 : 0))),
    },
    {
      words: "the deviation stands where the variance belongs: divide the square by 2 s², not by 2 s.",
      answer: withHeights((y, weight, mean, s) => (weight * Math.exp(-((y - mean) ** 2) / (2 * s))) / s),
    },
    {
      words: "the exponent has the wrong sign: far from its mean a density is small.",
      answer: withHeights((y, weight, mean, s) => (weight * Math.exp(0.5 * ((y - mean) / s) ** 2)) / s),
    },
    {
      words: "the factor 1 / s is missing: a narrow density is high.",
      answer: withHeights((y, weight, mean, s) => weight * Math.exp(-0.5 * ((y - mean) / s) ** 2)),
    },
    {
      words: "the factor ½ in the exponent is missing.",
      answer: withHeights((y, weight, mean, s) => (weight * Math.exp(-(((y - mean) / s) ** 2))) / s),
    },
    {
      words: "these are logarithms of responsibilities: take exp of them.",
      answer: (params, observations) => right(params, observations).map((row) => row.map(Math.log)),
    },
    {
      words: "the responsibilities stand in columns: a row for each observation is asked for.",
      answer: (params, observations) => {
        const rows = right(params, observations);
        return params.weights.map((_, k) => rows.map((row) => row[k] ?? 0));
      },
    },
  ],
  hint: "First the weighted densities of one observation; then each of them over their sum.",
});
