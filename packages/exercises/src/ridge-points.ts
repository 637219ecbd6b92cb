import type { Coins } from "em-lesson";
import { exercise } from "./exercise.js";
import { listOf } from "./random.js";

type RidgePoints = (h: number, pairs: number[][]) => Coins[];

const isProbability = ({ c }: Coins): boolean => c >= 0 && c <= 1;

/** The pairs with a c each, however it is worked out. */
const withC =
  (third: (h: number, a: number, b: number) => number): RidgePoints =>
  (h, pairs) =>
    pairs.map(([a = 0, b = 0]) => ({ a, b, c: third(h, a, b) }));

const all = withC((h, a, b) => (h - a * b) / (1 - a));
const right: RidgePoints = (h, pairs) => all(h, pairs).filter(isProbability);
const wrongC = (words: string, third: (h: number, a: number, b: number) => number) => [
  { words, answer: withC(third) },
  { words, answer: (h: number, pairs: number[][]) => withC(third)(h, pairs).filter(isProbability) },
];

/** Coins with given a and b on the ridge of h, as far as there are such. */
export const ridgePoints = exercise<RidgePoints>({
  right,
  fixed: [
    [
      0.6,
      [
        [0.1, 0.2],
        [0.3, 0.9],
        [0.5, 0.1],
        [0.5, 0.6],
        [0.6, 0.8],
        [0.8, 0.9],
        [0.9, 0.6],
      ],
    ],
  ],
  // A pair without a c below 1, one without a c above 0, and some of any kind.
  draw: (random) => [
    0.4 + 0.2 * random(),
    [[0.7, 0.1 * random()], [0.7, 0.9 + 0.1 * random()], ...listOf(5, () => [0.1 + 0.6 * random(), random()])],
  ],
  mistakes: [
    { words: "not done yet: c is h in all of them.", answer: withC((h) => h) },
    {
      words: "some of these c are no probabilities: leave out what lies below 0 or above 1.",
      answer: all,
    },
    {
      words: "c above 1 is left in: it is no probability.",
      answer: (h, pairs) => all(h, pairs).filter(({ c }) => c >= 0),
    },
    {
      words: "c below 0 is left in: it is no probability.",
      answer: (h, pairs) => all(h, pairs).filter(({ c }) => c <= 1),
    },
    {
      words: "c is cut to between 0 and 1: such coins have another h. Leave them out.",
      answer: withC((h, a, b) => Math.min(1, Math.max(0, (h - a * b) / (1 - a)))),
    },
    {
      words: "these are the pairs that have no such c: the others are asked for.",
      answer: (h, pairs) => all(h, pairs).filter((coins) => !isProbability(coins)),
    },
    ...wrongC("that is (1 − a) c: divide it by 1 − a.", (h, a, b) => h - a * b),
    ...wrongC("h − a b is divided by a: divide it by 1 − a.", (h, a, b) => (h - a * b) / a),
    ...wrongC("b is taken away whole: B makes only a of the tosses.", (h, a, b) => (h - b) / (1 - a)),
    ...wrongC("the sign is wrong: it is h − a b.", (h, a, b) => (a * b - h) / (1 - a)),
  ],
  hint: "Solve h = a b + (1 − a) c for c.",
});
