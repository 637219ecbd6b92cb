/** A source of uniform numbers in [0, 1). */
export type Random = () => number;

/** A linear congruential generator: what an exercise is checked on is the same every time. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const listOf = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

/** An integer from `least` to `most`. */
export const integer = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1));

/** Positive numbers that sum to 1. */
export function shares(random: Random, count: number): number[] {
  const parts = listOf(count, () => 0.1 + random());
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}
