import type { Coins } from "em-lesson";
import { exercise } from "./exercise.js";

type FromMoments = (h1: number, h2: number, h3: number) => Coins;

/** The coins of given sum and product of b and c. */
function coinsOf(h1: number, total: number, product: number): Coins {
  const root = Math.sqrt(total ** 2 - 4 * product);
  const [b, c] = [(total + root) / 2, (total - root) / 2];
  return { a: (h1 - c) / (b - c), b, c };
}

const totalOf = (h1: number, h2: number, h3: number): number => (h3 - h1 * h2) / (h2 - h1 ** 2);
const right: FromMoments = (h1, h2, h3) => {
  const total = totalOf(h1, h2, h3);
  return coinsOf(h1, total, total * h1 - h2);
};

/** From the chances of one, two and three heads in a row to the coins. */
export const coinsFrom = exercise<FromMoments>({
  right,
  fixed: [[0.6, 0.45, 0.378]],
  draw(random) {
    const [a, c] = [0.2 + 0.6 * random(), 0.4 * random()];
    const b = c + 0.3 + 0.25 * random();
    const moment = (power: number) => a * b ** power + (1 - a) * c ** power;
    return [moment(1), moment(2), moment(3)];
  },
  mistakes: [
    {
      words: "b is the smaller of the two: it is to be the larger.",
      answer: (...h) => {
        const { a, b, c } = right(...h);
        return { a: 1 - a, b: c, c: b };
      },
    },
    {
      words: "b and c are swapped, and a belongs to the other order.",
      answer: (...h) => {
        const { a, b, c } = right(...h);
        return { a, b: c, c: b };
      },
    },
    {
      words: "a is the chance of the other coin: h1 = a b + (1 − a) c.",
      answer: (...h) => ({ ...right(...h), a: 1 - right(...h).a }),
    },
    {
      words: "the product has the wrong sign: it is (b + c) h1 − h2.",
      answer: (h1, h2, h3) => coinsOf(h1, totalOf(h1, h2, h3), h2 - totalOf(h1, h2, h3) * h1),
    },
    {
      words: "the root is of s² − p: it is of s² − 4 p.",
      answer: (h1, h2, h3) => {
        const total = totalOf(h1, h2, h3);
        return coinsOf(h1, total, (total * h1 - h2) / 4);
      },
    },
    {
      words: "b and c are twice what they should be: (s ± root) / 2.",
      answer: (h1, h2, h3) => {
        const { b, c } = right(h1, h2, h3);
        return { a: (h1 - 2 * c) / (2 * b - 2 * c), b: 2 * b, c: 2 * c };
      },
    },
  ],
  hint: "With the sum s and the product p of b and c, they are (s ± √(s² − 4 p)) / 2.",
});
