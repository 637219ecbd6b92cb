import type { Data } from "./data.js";

export interface ColumnMoments {
  /** D entries */
  readonly means: Float64Array;
  /** D entries: Σ v (x − mean)² / Σ v, in squared units; exactly 0 for a column of equal values. */
  readonly variances: Float64Array;
}

/** What the columns of the data are like: D entries each, in units of the data. */
export interface ColumnScales extends ColumnMoments {
  /** Spreads by medians, which far outliers do not change. */
  readonly spreads: Float64Array;
}

/** Weighted mean and variance of each column over the values that are there, by sums about the first such value. */
export function columnMoments({ values, columns, rows, weights }: Data): ColumnMoments {
  const origins = new Float64Array(columns).fill(Number.NaN);
  const counts = new Float64Array(columns);
  const first = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    if (weight === 0) continue;
    for (let j = 0; j < columns; j++) {
      const value = values[row * columns + j];
      if (Number.isNaN(value)) continue;
      if (Number.isNaN(origins[j])) origins[j] = value;
      counts[j] += weight;
      first[j] += weight * (value - origins[j]);
    }
  }
  const means = origins.map((origin, j) => origin + first[j] / counts[j]);
  const second = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    for (let j = 0; j < columns; j++) {
      const offset = values[row * columns + j] - means[j];
      if (!Number.isNaN(offset)) second[j] += weight * offset * offset;
    }
  }
  return { means, variances: second.map((sum, j) => sum / counts[j]) };
}

/** How many rows the spread of a column is taken from. */
const spreadRows = 10_000;

/**
 * The spread of each column that far outliers do not change, in the column's units: the median of the distances from the
 * median, of those above 0. Of a large data set it is taken from evenly spaced rows.
 */
export function columnSpreads({ values, columns, rows, weights }: Data): Float64Array {
  const step = Math.max(1, rows / spreadRows);
  const seen = new Float64Array(Math.min(rows, spreadRows + 1));
  return Float64Array.from({ length: columns }, (_, j) => {
    let count = 0;
    for (let at = 0; at < rows; at += step) {
      const row = Math.floor(at);
      const value = values[row * columns + j];
      if (!Number.isNaN(value) && (weights === undefined || weights[row] > 0)) seen[count++] = value;
    }
    const centre = median(seen, count);
    let apart = 0;
    for (let i = 0; i < count; i++) {
      const distance = Math.abs(seen[i] - centre);
      if (distance > 0) seen[apart++] = distance;
    }
    return median(seen, apart);
  });
}

/**
 * The upper median of the first numbers of an array, whose order it changes; NaN of no numbers.
 * @see Hoare (1961), Algorithm 65: find
 */
function median(numbers: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  const rank = count >> 1;
  let [first, last] = [0, count - 1];
  while (first < last) {
    const pivot = numbers[(first + last) >> 1];
    let [i, j] = [first, last];
    while (i <= j) {
      while (numbers[i] < pivot) i++;
      while (numbers[j] > pivot) j--;
      if (i > j) break;
      const number = numbers[i];
      numbers[i++] = numbers[j];
      numbers[j--] = number;
    }
    if (j < rank) first = i;
    if (i > rank) last = j;
  }
  return numbers[rank];
}

/** The data with missing values at their column's mean, good enough to start from. */
export function withoutMissing(data: Data): Data {
  if (!data.missing) return data;
  const { means } = columnMoments(data);
  const values = data.values.map((value, index) => (Number.isNaN(value) ? means[index % data.columns] : value));
  return { ...data, values, missing: false };
}

/** What the columns of the data are like. */
export const scalesOf = (data: Data): ColumnScales => ({ ...columnMoments(data), spreads: columnSpreads(data) });
