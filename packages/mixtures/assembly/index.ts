// The fused E-step and sums of Gaussian mixtures, block by block; src/gaussian has their plain twin.
//
// In memory, all float64: x is n rows of D values; `densities` is logScales (K), means (K x D), whiteners (K x D, or
// K x D x D where full), centres of the sums (K x D); `sums` is counts (K), first (K x D), second (as whiteners);
// `weights` holds n numbers, or is 0.
import { B, sums as inverses, largest, responsibilities, toColumns } from "./block";
import { diagonalLogDensities, diagonalSums } from "./diagonal";
import { ROW, UNIT } from "./exp";
import { fullLogDensities, fullSums } from "./full";
import { twoColumnLogDensities, twoColumnSums } from "./full-two-columns";

/** Where memory is free for the caller. */
export const free: usize = (__heap_base + 15) & ~15;

/** The unit in which log scales are given. Whiteners are given times sqrt(1 / (2 UNIT)), so that squares need no factor. */
export const unit: f64 = UNIT;

/** Bytes of scratch space that a pass needs for D columns and K components. */
export function scratchBytes(D: i32, K: i32): usize {
  return <usize>(3 * D + K) * ROW;
}

/** Adds to `sums` what n observations contribute; returns their log-likelihood. */
export function addRows(
  x: usize,
  n: i32,
  D: i32,
  K: i32,
  isFull: bool,
  weights: usize,
  densities: usize,
  sums: usize,
  scratch: usize,
): f64 {
  const centres = densities + ((<usize>(K * (1 + D + (isFull ? D * D : D)))) << 3);
  const first = sums + ((<usize>K) << 3);
  const columns = scratch;
  const deviations = columns + <usize>D * ROW;
  const L = deviations + <usize>(2 * D) * ROW;
  let logLikelihood: f64 = 0;
  for (; n > 0; n -= B, x += <usize>D * ROW) {
    const rows = min(B, n);
    toColumns(x, rows, D, columns);
    logDensities(columns, D, K, isFull, densities, deviations, L);
    logLikelihood += responsibilities(L, K, rows, weights, sums);
    addWeighted(columns, D, K, isFull, centres, L, deviations, first);
    if (weights !== 0) weights += ROW;
  }
  return logLikelihood;
}

function logDensities(
  columns: usize,
  D: i32,
  K: i32,
  isFull: bool,
  densities: usize,
  deviations: usize,
  L: usize,
): void {
  if (!isFull) diagonalLogDensities(columns, D, K, densities, L);
  else if (D === 2) twoColumnLogDensities(columns, K, densities, L);
  else fullLogDensities(columns, D, K, densities, deviations, L);
}

/** Adds to `first`, and what follows it, a block's sums about the centres, its responsibilities being at L. */
function addWeighted(
  columns: usize,
  D: i32,
  K: i32,
  isFull: bool,
  centres: usize,
  L: usize,
  scratch: usize,
  first: usize,
): void {
  if (!isFull) diagonalSums(columns, D, K, centres, L, first);
  else if (D === 2) twoColumnSums(columns, K, centres, L, first);
  else fullSums(columns, D, K, centres, L, scratch, scratch + <usize>D * ROW, first);
}

/** Where `eStep` leaves each observation's largest log-density, and 1 / sum of e^(log-density - largest). */
export const largestAt: usize = largest;
export const inversesAt: usize = inverses;

/** The responsibilities alone of n <= 64 observations: K rows of 64 at L. Their sums are added to `counts`. */
export function eStep(
  x: usize,
  n: i32,
  D: i32,
  K: i32,
  isFull: bool,
  densities: usize,
  L: usize,
  counts: usize,
  scratch: usize,
): void {
  toColumns(x, n, D, scratch);
  logDensities(scratch, D, K, isFull, densities, scratch + <usize>D * ROW, L);
  responsibilities(L, K, n, 0, counts);
}

/** The sums alone of n <= 64 observations, from K rows of 64 responsibilities at L, 0 past the n-th: added to `first`. */
export function weightedSums(
  x: usize,
  n: i32,
  D: i32,
  K: i32,
  isFull: bool,
  centres: usize,
  L: usize,
  first: usize,
  scratch: usize,
): void {
  toColumns(x, n, D, scratch);
  addWeighted(scratch, D, K, isFull, centres, L, scratch + <usize>D * ROW, first);
}
