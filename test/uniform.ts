/**
 * Numbers in [0, 1) from the linear congruential generator of scripts/reference/figures.py: data that other programs
 * can draw, too, and that do not depend on the lib's own generator.
 */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
