import { exercise } from "./exercise.js";
import { integer, listOf } from "./random.js";

type Splits = (ys: number[]) => number[];

const mean = (ys: readonly number[]): number => ys.reduce((sum, y) => sum + y, 0) / ys.length;
const median = (ys: readonly number[]): number => ((ys[(ys.length - 1) >> 1] ?? 0) + (ys[ys.length >> 1] ?? 0)) / 2;

/** The splits whose border, between the centres of the two groups, lies between the groups. */
const splitsBy =
  (centre: (ys: readonly number[]) => number): Splits =>
  (ys) =>
    ys
      .map((_, n) => n)
      .slice(1)
      .filter((n) => {
        const border = (centre(ys.slice(0, n)) + centre(ys.slice(n))) / 2;
        return (ys[n - 1] ?? 0) < border && border < (ys[n] ?? 0);
      });

const right = splitsBy(mean);

/** The splits of ascending numbers in two groups at which k-means stands still. */
export const fixedSplits = exercise<Splits>({
  right,
  fixed: [[[0, 0.1, 1, 1.1]], [[0, 0.5, 1, 4, 4.2, 9]]],
  draw(random) {
    const gaps = listOf(integer(random, 5, 9), () => random() ** 3);
    let y = 0;
    return [
      gaps.map((gap) => {
        y += gap;
        return y;
      }),
    ];
  },
  mistakes: [
    { words: "not done yet: there is such a split.", answer: () => [] },
    {
      words: "these are the places of the last numbers of the first group: `n` is how many it has.",
      answer: (ys) => right(ys).map((n) => n - 1),
    },
    { words: "the border is halfway between the medians: k-means takes the means.", answer: splitsBy(median) },
    {
      words: "these are all splits: of most of them k-means changes something.",
      answer: (ys) => ys.map((_, n) => n).slice(1),
    },
    { words: "that is the best split: k-means may stand still at others, too.", answer: (ys) => right(ys).slice(0, 1) },
    {
      words: "these are the numbers themselves: give how many there are in the first group.",
      answer: (ys) => right(ys).map((n) => ys[n] ?? 0),
    },
  ],
  hint: "A split is fixed if the border, halfway between the means of its groups, lies between the groups.",
});
