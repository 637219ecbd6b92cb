import type { NormalMixture } from "em-lesson";
import { exercise } from "./exercise.js";
import { integer, listOf, shares } from "./random.js";

type InOrder = (params: NormalMixture) => NormalMixture;

const ascending = (a: number, b: number): number => a - b;

/** The components in the order of the parameter that is given, each with all that belongs to it. */
const sortedBy =
  (key: (params: NormalMixture, k: number) => number, compare: (a: number, b: number) => number = ascending): InOrder =>
  (params) => {
    const order = [...params.means.keys()].sort((i, k) => compare(key(params, i), key(params, k)));
    return taken(params, order);
  };

const taken = ({ weights, means, deviations }: NormalMixture, order: readonly number[]): NormalMixture => ({
  weights: order.map((k) => weights[k] ?? 0),
  means: order.map((k) => means[k] ?? 0),
  deviations: order.map((k) => deviations[k] ?? 0),
});

const byMean = ({ means }: NormalMixture, k: number): number => means[k] ?? 0;
const asText = (a: number, b: number): number => (String(a) < String(b) ? -1 : 1);

/** The components of a mixture in ascending order of their means. */
export const inOrder = exercise<InOrder>({
  right: sortedBy(byMean),
  fixed: [
    [{ weights: [0.8668, 0.1332], means: [0.7041, 0.0668], deviations: [0.1459, 0.0669] }],
    [{ weights: [0.2, 0.3, 0.5], means: [9, 10, -57], deviations: [3, 1, 2] }],
  ],
  draw(random) {
    const components = integer(random, 2, 4);
    return [
      {
        weights: shares(random, components),
        means: listOf(components, () => -67 + 142 * random()),
        deviations: listOf(components, () => 5 + 50 * random()),
      },
    ];
  },
  mistakes: [
    { words: "not done yet: nothing is exchanged.", answer: (params) => params },
    {
      words: "the means alone are sorted: a component's weight and deviation go with its mean.",
      answer: (params) => ({ ...params, means: params.means.toSorted(ascending) }),
    },
    {
      words: "each list is sorted for itself: a component's weight and deviation go with its mean.",
      answer: ({ weights, means, deviations }) => ({
        weights: weights.toSorted(ascending),
        means: means.toSorted(ascending),
        deviations: deviations.toSorted(ascending),
      }),
    },
    {
      words: "the largest mean comes first: the smallest should.",
      answer: sortedBy(byMean, (a, b) => b - a),
    },
    {
      words: "the means are sorted as text, which `sort` does unless it is told how: `(a, b) => a - b`.",
      answer: sortedBy(byMean, asText),
    },
    {
      words: "the components are in the order of their weights: take that of their means.",
      answer: sortedBy(({ weights }, k) => weights[k] ?? 0),
    },
    {
      words: "the components are in the order of their deviations: take that of their means.",
      answer: sortedBy(({ deviations }, k) => deviations[k] ?? 0),
    },
    {
      words: "the order is turned round whatever it is: components that are in order stay.",
      answer: (params) => taken(params, [...params.means.keys()].reverse()),
    },
    {
      words: "that is right for two components, and there may be more.",
      answer: (params) => {
        const [first = 0, second = 0] = params.means;
        const rest = [...params.means.keys()].slice(2);
        return taken(params, first > second ? [1, 0, ...rest] : [0, 1, ...rest]);
      },
    },
  ],
  hint: "First the list of the components' numbers in the order of their means; then each of the three lists in that order.",
});
