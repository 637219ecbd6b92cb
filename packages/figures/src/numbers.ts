// Compact numbers for figures: no more digits than a screen can show.

/** Rounds values to so many significant digits of the largest among them. */
export function compact(values: readonly number[], digits = 4): number[] {
  const largest = Math.max(extremes(values.map(Math.abs))[1], Number.MIN_VALUE);
  const decimals = Math.min(Math.max(digits - 1 - Math.floor(Math.log10(largest)), 0), 100);
  return values.map((value) => Number(value.toFixed(decimals)));
}

/** The least and the greatest, of any number of values: a call has not room for all as arguments. */
export function extremes(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** A regular grid, as plotly.js takes it: the x of point i is x0 + i·dx. */
export interface Grid {
  readonly x0: number;
  readonly dx: number;
  readonly count: number;
}

export function gridOver(from: number, to: number, count: number): Grid {
  return { x0: from, dx: (to - from) / (count - 1), count };
}

/** The values of a function on a grid. */
export function valuesOn(grid: Grid, f: (x: number) => number): number[] {
  return Array.from({ length: grid.count }, (_, i) => f(grid.x0 + i * grid.dx));
}

/** At most so many entries: the first, the last, and some evenly between them. */
export function thinned<T>(entries: readonly T[], most: number): readonly T[] {
  if (entries.length <= most) return entries;
  return Array.from({ length: most }, (_, i) => entries[Math.round((i * (entries.length - 1)) / (most - 1))]);
}
