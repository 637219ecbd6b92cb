import { exercise } from "./exercise.js";
import { integer, listOf } from "./random.js";

type LogSumExp = (logs: number[]) => number;

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** ln Σ e^u with something taken out of the sum first, and added again at the end. */
const without =
  (out: (logs: readonly number[]) => number): LogSumExp =>
  (logs) =>
    out(logs) + Math.log(total(logs.map((u) => Math.exp(u - out(logs)))));

const greatest = (logs: readonly number[]): number => Math.max(...logs);
const right = without(greatest);

/** The logarithm of a sum, from the logarithms of its terms. */
export const logSumExp = exercise<LogSumExp>({
  right,
  fixed: [
    [[-2246.112, -2313.612]],
    [[-1, -2, -3]],
    [[-20, -2312, 5]],
    [[-800, 5]],
    // A component whose weight is 0.
    [[Number.NEGATIVE_INFINITY, -1.5]],
  ],
  draw(random) {
    const shift = [0, -1500, 900][integer(random, 0, 2)] ?? 0;
    return [listOf(integer(random, 2, 6), () => shift + 3 * random())];
  },
  mistakes: [
    {
      words: "of logarithms such as -2246 exp is 0, and of 900 it is Infinity: take the greatest out first.",
      answer: without(() => 0),
    },
    {
      words: "the greatest is taken out, and not added again at the end.",
      answer: (logs) => right(logs) - greatest(logs),
    },
    {
      words: "the first is taken out. Where another is far above it, exp becomes Infinity: take out the greatest.",
      answer: without(([first = 0]) => first),
    },
    {
      words: "the least is taken out, so that exp of the others may become Infinity: take out the greatest.",
      answer: without((logs) => Math.min(...logs)),
    },
    { words: "this is the greatest alone: the other terms add to it.", answer: greatest },
    { words: "only two terms are added: there may be any number of them.", answer: (logs) => right(logs.slice(0, 2)) },
    { words: "adding logarithms multiplies: the sum of the terms is asked for, not their product.", answer: total },
    {
      words: "this is the logarithm of a sum of logarithms: take exp of each first.",
      answer: (logs) => Math.log(total(logs)),
    },
    { words: "this is the sum itself: its logarithm is asked for.", answer: (logs) => Math.exp(right(logs)) },
    {
      words: "this is the logarithm of the average: do not divide by the number of terms.",
      answer: (logs) => right(logs) - Math.log(logs.length),
    },
    { words: "these are logarithms to the base 10: log is natural here.", answer: (logs) => right(logs) / Math.LN10 },
  ],
  hint: "Take the greatest out, add up exp of what is left, take the logarithm, add the greatest again.",
});
