import { exercise } from "./exercise.js";
import { listOf, shares } from "./random.js";

type Divergence = (q: number[][], r: number[][]) => number;

/** The sum of a term over all observations and components. */
const summed =
  (term: (q: number, r: number) => number): Divergence =>
  (q, r) =>
    q.reduce((total, row, j) => row.reduce((sum, entry, k) => sum + term(entry, r[j]?.[k] ?? 0), total), 0);

const right = summed((q, r) => (q > 0 ? q * Math.log(q / r) : 0));

/** The divergence D(q, r) of given responsibilities from the right ones. */
export const divergence = exercise<Divergence>({
  right,
  fixed: [
    [[[0.5, 0.5]], [[0.25, 0.75]]],
    [
      [
        [1, 0],
        [0, 1],
      ],
      [
        [0.4, 0.6],
        [0.9, 0.1],
      ],
    ],
  ],
  draw: (random) => [listOf(4, () => shares(random, 3)), listOf(4, () => shares(random, 3))],
  mistakes: [
    {
      words: "0 times log 0 is NaN to a computer: leave out the terms where q is 0.",
      answer: summed((q, r) => q * Math.log(q / r)),
    },
    {
      words: "it has the other sign: D is never below 0.",
      answer: summed((q, r) => (q > 0 ? q * Math.log(r / q) : 0)),
    },
    { words: "the sum is weighted by r: weight it by q.", answer: summed((q, r) => (q > 0 ? r * Math.log(q / r) : 0)) },
    { words: "that is D(r, q): q and r are swapped.", answer: summed((q, r) => (r > 0 ? r * Math.log(r / q) : 0)) },
    {
      words: "the logarithms are not weighted: each counts q times.",
      answer: summed((q, r) => (q > 0 ? Math.log(q / r) : 0)),
    },
    { words: "it is divided by the number of observations: D is the sum.", answer: (q, r) => right(q, r) / q.length },
    { words: "these are logarithms to the base 2: log is natural here.", answer: (q, r) => right(q, r) / Math.LN2 },
  ],
  hint: "For each observation and component q log(q / r), where q is above 0.",
});
