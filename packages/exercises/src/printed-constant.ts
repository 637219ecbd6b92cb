import { exercise } from "./exercise.js";

/** What the original's figure has too much: N², of 15 observations. */
export const printedConstant = exercise<() => number>({
  right: () => 225,
  fixed: [[]],
  mistakes: [
    { words: "not done yet.", answer: () => 0 },
    { words: "that is N: how often is `sum(ofK)` added?", answer: () => 15 },
    { words: "that is 2 N: the sums of both components together are N, and they are added N times.", answer: () => 30 },
    { words: "the constant has the other sign: the printed figure is the larger.", answer: () => -225 },
    { words: "that is 2 N²: the sums of the two components add up to N, not each of them.", answer: () => 450 },
  ],
  hint: "How often is `sum(ofK)` added, and what do those of all components add up to?",
});
