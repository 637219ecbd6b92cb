import type { Coins } from "em-lesson";
import { exercise } from "./exercise.js";

const right: Coins = { a: 76 / 187, b: 51 / 95, c: 119 / 185 };

/** The three coins after the first update, as fractions. */
export const landing = exercise<() => Coins>({
  right: () => right,
  fixed: [[]],
  mistakes: [
    { words: "not done yet.", answer: () => ({ a: 1 / 2, b: 1 / 2, c: 1 / 2 }) },
    { words: "these are the coins before the update.", answer: () => ({ a: 0.4, b: 0.6, c: 0.7 }) },
    {
      words: "a is the number of tosses that B is responsible for: divide it by the ten tosses.",
      answer: () => ({ ...right, a: 760 / 187 }),
    },
    { words: "b and c are swapped.", answer: () => ({ ...right, b: right.c, c: right.b }) },
    {
      words: "b and c are divided by ten tosses: divide by those that the coin is responsible for.",
      answer: () => ({ a: right.a, b: 24 / 110, c: 42 / 110 }),
    },
    {
      words: "a is the coin that shows C: it is the fraction of tosses that B is responsible for.",
      answer: () => ({ ...right, a: 111 / 187 }),
    },
  ],
  hint: "B is responsible for 760/187 tosses of ten; of the six heads for 24/11.",
});
