import type { Coins } from "em-lesson";
import { exercise } from "./exercise.js";
import { integer, listOf } from "./random.js";

type MStep = (tosses: number[], counts: number[], responsibilities: number[]) => Coins;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The M-step with a weight for each toss, for coin B and for coin C. */
function withWeights(tosses: number[], ofB: number[], ofC: number[], total: number): Coins {
  const heads = (weights: number[]) => sum(weights.map((weight, j) => weight * (tosses[j] ?? 0)));
  return { a: sum(ofB) / total, b: heads(ofB) / sum(ofB), c: heads(ofC) / sum(ofC) };
}

const right: MStep = (tosses, counts, r) => {
  const ofB = counts.map((count, j) => count * (r[j] ?? 0));
  const ofC = counts.map((count, j) => count * (1 - (r[j] ?? 0)));
  return withWeights(tosses, ofB, ofC, sum(counts));
};

/** Tosses that are counted: the M-step of the three coins with a count for each result. */
export const countedMStep = exercise<MStep>({
  right,
  fixed: [
    [
      [1, 0],
      [6, 4],
      [4 / 11, 8 / 17],
    ],
  ],
  draw(random) {
    const length = integer(random, 3, 6);
    return [
      [1, 0, ...listOf(length - 2, () => integer(random, 0, 1))],
      listOf(length, () => integer(random, 1, 9)),
      listOf(length, () => 0.05 + 0.9 * random()),
    ];
  },
  mistakes: [
    {
      words: "the counts have no part in it: each result counts once.",
      answer: (tosses, counts, r) =>
        right(
          tosses,
          counts.map(() => 1),
          r,
        ),
    },
    {
      words: "a is divided by the number of results: divide by the number of tosses, the sum of the counts.",
      answer: (tosses, counts, r) => {
        const coins = right(tosses, counts, r);
        return { ...coins, a: (coins.a * sum(counts)) / counts.length };
      },
    },
    {
      words: "b and c are divided by all tosses: divide by those that the coin is responsible for.",
      answer: (tosses, counts, r) => {
        const { a, b, c } = right(tosses, counts, r);
        return { a, b: b * a, c: c * (1 - a) };
      },
    },
    {
      words: "b and c are swapped.",
      answer: (tosses, counts, r) => {
        const { a, b, c } = right(tosses, counts, r);
        return { a, b: c, c: b };
      },
    },
    {
      words: "c is made of B's responsibilities: C's are 1 minus those.",
      answer: (tosses, counts, r) => {
        const { a, b } = right(tosses, counts, r);
        return { a, b, c: b };
      },
    },
    {
      words: "each toss goes to one coin as a whole: a responsibility is a part of a toss.",
      answer: (tosses, counts, r) => right(tosses, counts, r.map(Math.round)),
    },
  ],
  hint: "Six equal heads count as one head does, six times.",
});
