import type { Coins } from "em-lesson";
import { exercise } from "./exercise.js";
import { integer, listOf } from "./random.js";

type MStep = (heads: number[], tosses: number[], ofB: number[]) => Coins;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const dot = (one: readonly number[], other: readonly number[]): number =>
  sum(one.map((value, j) => value * (other[j] ?? 0)));
const rest = (ofB: readonly number[]): number[] => ofB.map((r) => 1 - r);

const right: MStep = (heads, tosses, ofB) => ({
  a: sum(ofB) / heads.length,
  b: dot(ofB, heads) / dot(ofB, tosses),
  c: dot(rest(ofB), heads) / dot(rest(ofB), tosses),
});

/** Draws of several tosses with one coin, each of its own length. */
export const unequalMStep = exercise<MStep>({
  right,
  fixed: [
    [
      [5, 18, 2],
      [10, 20, 5],
      [0.5, 1, 0.25],
    ],
  ],
  draw(random) {
    const tosses = listOf(integer(random, 3, 5), () => integer(random, 4, 20));
    return [tosses.map((n) => integer(random, 0, n)), tosses, tosses.map(() => 0.05 + 0.9 * random())];
  },
  mistakes: [
    {
      words:
        "the fractions of heads of the draws are averaged: a draw of twenty tosses counts twice as much as one of ten.",
      answer: (heads, tosses, ofB) => {
        const fractions = heads.map((h, j) => h / (tosses[j] ?? 1));
        return {
          a: sum(ofB) / heads.length,
          b: dot(ofB, fractions) / sum(ofB),
          c: dot(rest(ofB), fractions) / sum(rest(ofB)),
        };
      },
    },
    {
      words: "b and c are divided by draws: divide by the tosses that the coin is responsible for.",
      answer: (heads, _, ofB) => ({
        a: sum(ofB) / heads.length,
        b: dot(ofB, heads) / sum(ofB),
        c: dot(rest(ofB), heads) / sum(rest(ofB)),
      }),
    },
    {
      words: "b and c are divided by all tosses: divide by those that the coin is responsible for.",
      answer: (heads, tosses, ofB) => ({
        a: sum(ofB) / heads.length,
        b: dot(ofB, heads) / sum(tosses),
        c: dot(rest(ofB), heads) / sum(tosses),
      }),
    },
    {
      words: "a counts tosses: coin A is tossed once a draw.",
      answer: (heads, tosses, ofB) => ({ ...right(heads, tosses, ofB), a: dot(ofB, tosses) / sum(tosses) }),
    },
    {
      words: "b and c are swapped.",
      answer: (heads, tosses, ofB) => {
        const { a, b, c } = right(heads, tosses, ofB);
        return { a, b: c, c: b };
      },
    },
    {
      words: "each draw goes to one coin as a whole: a responsibility is a part of a draw.",
      answer: (heads, tosses, ofB) => right(heads, tosses, ofB.map(Math.round)),
    },
  ],
  hint: "All heads that the coin is responsible for, over all tosses that it is responsible for.",
});
