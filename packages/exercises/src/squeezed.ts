import type { NormalMixture } from "em-lesson";
import { exercise } from "./exercise.js";
import { integer, listOf, shares } from "./random.js";

type Squeezed = (params: NormalMixture) => NormalMixture;

/** Parameters in other units, where means and deviations become something else. */
const withUnits =
  (mean: (mu: number) => number, deviation: (sigma: number) => number): Squeezed =>
  ({ weights, means, deviations }) => ({ weights, means: means.map(mean), deviations: deviations.map(deviation) });

/** Parameters of y as those of (y + 67) / 142. */
export const squeezed = exercise<Squeezed>({
  right: withUnits(
    (mu) => (mu + 67) / 142,
    (sigma) => sigma / 142,
  ),
  fixed: [[{ weights: [0.5695, 0.4305], means: [27.42, 12.36], deviations: [16.3759, 52.653] }]],
  draw(random) {
    const components = integer(random, 1, 3);
    return [
      {
        weights: shares(random, components),
        means: listOf(components, () => -67 + 142 * random()),
        deviations: listOf(components, () => 5 + 50 * random()),
      },
    ];
  },
  mistakes: [
    { words: "not done yet: nothing is changed.", answer: (params) => params },
    {
      words: "the deviations are moved as well: adding 67 to everything changes no distance.",
      answer: withUnits(
        (mu) => (mu + 67) / 142,
        (sigma) => (sigma + 67) / 142,
      ),
    },
    {
      words: "the deviations are left as they were: they are distances, and shrink with the data.",
      answer: withUnits(
        (mu) => (mu + 67) / 142,
        (sigma) => sigma,
      ),
    },
    {
      words: "the deviations are divided twice, as variances would be.",
      answer: withUnits(
        (mu) => (mu + 67) / 142,
        (sigma) => sigma / 142 ** 2,
      ),
    },
    {
      words: "the means are divided, but not moved: an observation is both.",
      answer: withUnits(
        (mu) => mu / 142,
        (sigma) => sigma / 142,
      ),
    },
    {
      words: "the means are moved the wrong way: 67 is added.",
      answer: withUnits(
        (mu) => (mu - 67) / 142,
        (sigma) => sigma / 142,
      ),
    },
    {
      words: "that is the way back, from the squeezed data to y.",
      answer: withUnits(
        (mu) => 142 * mu - 67,
        (sigma) => 142 * sigma,
      ),
    },
  ],
  hint: "A mean moves as an observation does; a deviation is a distance; a weight has no unit.",
});
