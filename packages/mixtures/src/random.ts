import { checkInteger } from "./checks.js";

/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A seeded generator, the same on every platform: xoshiro128** on 32-bit integers, seeded by splitmix32.
 *
 * @param seed an integer of at least 0
 * @see Blackman & Vigna (2021), Scrambled linear pseudorandom number generators
 */
export function randomFrom(seed: number): Random {
  checkInteger(seed, 0, "seed");
  // Seeds above 32 bits count with their upper bits too.
  let counter = (seed ^ Math.floor(seed / 2 ** 32)) >>> 0;
  const splitmix = () => {
    counter = (counter + 0x9e3779b9) | 0;
    let z = counter;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()];
  const next = () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  // 53 bits: 27 from one draw and 26 from the next.
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}

const rotateLeft = (value: number, by: number) => (value << by) | (value >>> (32 - by));

/** A draw from the standard normal distribution, by Marsaglia's polar method. */
export function standardNormal(random: Random): number {
  for (;;) {
    const u = 2 * random() - 1;
    const v = 2 * random() - 1;
    const square = u * u + v * v;
    if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/**
 * A draw from the gamma distribution of a shape above 0: for a whole number the time of that event, at one a unit of time.
 * @see Marsaglia & Tsang (2000), A simple method for generating gamma variables
 */
export function standardGamma(shape: number, random: Random): number {
  if (shape < 1) return standardGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const z = standardNormal(random);
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log1p(-random()) < 0.5 * z * z + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** An index drawn with the chance of its share in the weights, whose sum is given. */
export function drawIndex(weights: ArrayLike<number>, sum: number, random: Random): number {
  let rest = random() * sum;
  let last = 0;
  for (let index = 0; index < weights.length; index++) {
    if (!(weights[index] > 0)) continue;
    last = index;
    rest -= weights[index];
    if (rest < 0) break;
  }
  return last;
}
