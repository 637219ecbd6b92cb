import { columnMoments, scalesOf } from "../column-moments.js";
import type { WeightedRows } from "../component.js";
import type { Data } from "../data.js";
import { InputError } from "../errors.js";
import { floorDefaults, usualVariances } from "../gaussian/floor.js";
import { liftEigenvalues, whiten } from "../linear-algebra.js";
import { type Random, standardNormal } from "../random.js";
import { dataOf } from "../weighted-rows.js";

/** A symmetric positive definite matrix, D × D. */
export type SquareMatrix = readonly (readonly number[])[];

const flat = (matrix: SquareMatrix): Float64Array => Float64Array.from(matrix.flat());

const nested = (matrix: Float64Array, size: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from(matrix.subarray(i * size, (i + 1) * size)));

/** Distances from a mean in units of a scale S. */
export interface Ellipsoid {
  /** −½ log det S; NaN where S is not positive definite. */
  readonly logScale: number;
  /** (x − mean)ᵀ S⁻¹ (x − mean) */
  squareOf(x: Float64Array): number;
}

export function ellipsoid(mean: readonly number[], scale: SquareMatrix): Ellipsoid {
  const size = mean.length;
  const whitener = new Float64Array(size * size);
  const logScale = whiten(flat(scale), whitener, size);
  return {
    logScale,
    squareOf(x) {
      let square = 0;
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let j = 0; j <= i; j++) sum += whitener[i * size + j] * (x[j] - mean[j]);
        square += sum * sum;
      }
      return square;
    },
  };
}

/**
 * The mean and the covariance of weighted rows, by further weights u of each, whose sum divides: for t distributions that
 * is faster than to divide by the sum of the weights, and climbs as well. Not below the floor that the data give.
 */
export function momentsOf(
  rows: WeightedRows,
  u: (x: Float64Array) => number,
): { readonly mean: number[]; readonly scale: number[][] } {
  const D = rows.columns;
  let total = 0;
  const mean = new Float64Array(D);
  rows.forEach((x, weight) => {
    const w = weight * u(x);
    total += w;
    for (let j = 0; j < D; j++) mean[j] += w * x[j];
  });
  for (let j = 0; j < D; j++) mean[j] /= total;
  const scale = new Float64Array(D * D);
  rows.forEach((x, weight) => {
    const share = (weight * u(x)) / total;
    for (let i = 0; i < D; i++)
      for (let j = 0; j <= i; j++) scale[i * D + j] += share * (x[i] - mean[i]) * (x[j] - mean[j]);
  });
  for (let i = 0; i < D; i++) for (let j = 0; j < i; j++) scale[j * D + i] = scale[i * D + j];
  const least = floorsOf(rows.all);
  const free = Float64Array.from(scale);
  if (liftEigenvalues(scale, least)) {
    // On the floor the divisor is the sum of the weights: only then are lifted eigenvalues the M-step's maximum, and the
    // divisor that is faster elsewhere may lower the likelihood.
    scale.set(free.map((entry) => (entry * total) / rows.totalWeight));
    liftEigenvalues(scale, least);
  }
  return { mean: Array.from(mean), scale: nested(scale, D) };
}

/** Where most rows are, whatever the others: the columns' medians, and their spreads about these as a diagonal scale. */
export function middleOf(rows: WeightedRows): { readonly mean: number[]; readonly scale: number[][] } {
  const values: number[][] = [];
  const weights: number[] = [];
  rows.forEach((x, weight) => {
    values.push(Array.from(x));
    weights.push(weight);
  });
  const floors = floorsOf(rows.all);
  const columns = Array.from({ length: rows.columns }, (_, j) => values.map((x) => x[j]));
  const mean = columns.map((column) => weightedMedian(column, weights));
  const spreads = columns.map((column, j) =>
    weightedMedian(
      column.map((value) => Math.abs(value - mean[j])),
      weights,
    ),
  );
  return {
    mean,
    scale: spreads.map((spread, j) => spreads.map((_, i) => (i === j ? Math.max(spread ** 2, floors[j]) : 0))),
  };
}

const middles = new WeakMap<WeightedRows, ReturnType<typeof middleOf>>();

/** Rows further from the middle than this many spreads are seen by their logarithm. */
const far = 30;

/**
 * A row in units of the spreads about the middle of all rows, far ones by their logarithm: so starts see the groups as well
 * as outliers, and these close together.
 */
export function nearOrFar(x: Float64Array, all: WeightedRows): number[] {
  const { mean, scale } = middles.get(all) ?? middleOf(all);
  if (!middles.has(all)) middles.set(all, { mean, scale });
  return mean.map((m, j) => far * Math.asinh((x[j] - m) / Math.sqrt(scale[j][j]) / far));
}

function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const half = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  let below = 0;
  for (const row of order) {
    below += weights[row];
    if (below >= half) return values[row];
  }
  return values[order[order.length - 1]];
}

/** Whether a scale lies on the floor that the data give. */
export const isOnFloor = (scale: SquareMatrix, all: WeightedRows): boolean =>
  liftEigenvalues(flat(scale), floorsOf(all));

const floors = new WeakMap<WeightedRows, Float64Array>();

/** The least variance of each column, as GaussianMixture has it. */
export function floorsOf(all: WeightedRows): Float64Array {
  let least = floors.get(all);
  if (least === undefined) {
    checkVariances(dataOf(all));
    least = usualVariances(scalesOf(dataOf(all))).map((variance) => floorDefaults.covarianceFloor * variance);
    floors.set(all, least);
  }
  return least;
}

/** A matrix that makes draws of the scale S from standard normal ones: its Cholesky factor L, S = L Lᵀ. */
export function drawOffset(scale: SquareMatrix, random: Random): number[] {
  const size = scale.length;
  const factor = new Float64Array(size * size);
  const z = scale.map(() => standardNormal(random));
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = scale[i][j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      factor[i * size + j] = i === j ? Math.sqrt(sum) : sum / factor[j * size + j];
    }
  return z.map((_, i) => z.reduce((sum, zj, j) => (j <= i ? sum + factor[i * size + j] * zj : sum), 0));
}

/** @throws InputError for a column without variance, in which every component would collapse */
export function checkVariances(data: Data): void {
  for (const [column, variance] of columnMoments(data).variances.entries())
    if (!(variance > 0 && variance < Number.POSITIVE_INFINITY)) {
      const rule = "must hold at least two different values, of which the squares are numbers";
      const found = variance === 0 ? "constant" : variance;
      throw new InputError(`column ${column} of ${data.name}`, rule, found, "Remove the column, or change its unit.");
    }
}
