// What all passes share: a block of 64 observations and the step from log-densities to responsibilities.
import { exponentials, ROW, UNIT } from "./exp";
import { log } from "./log";

/** Observations a block. */
export const B = 64;

/** For each observation of the last block its largest log-density, and weight / sum of e^(log-density - largest). */
export const largest = memory.data(B * 8, 16);
export const sums = memory.data(B * 8, 16);

/** The two lanes' sum. */
function laneSum(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** Adds the two lanes' sum to a number in memory. */
export function addLanes(to: usize, a: v128): void {
  store<f64>(to, load<f64>(to) + laneSum(a));
}

/** Copies n <= 64 observations of D values each, row-major, to D columns of 64; the rest of a column becomes 0. */
export function toColumns(x: usize, n: i32, D: i32, columns: usize): void {
  const step = (<usize>D) << 3;
  let b = 0;
  if (D === 1) {
    memory.copy(columns, x, (<usize>n) << 3);
    b = n;
  }
  for (; b + 2 <= n; b += 2, x += 2 * step) {
    let to = columns + ((<usize>b) << 3);
    let j = 0;
    // Two by two: the rows' pairs become the columns' pairs.
    for (; j + 2 <= D; j += 2, to += 2 * ROW) {
      const p = v128.load(x + ((<usize>j) << 3), 0, 8);
      const q = v128.load(x + step + ((<usize>j) << 3), 0, 8);
      v128.store(to, v128.shuffle<f64>(p, q, 0, 2));
      v128.store(to + ROW, v128.shuffle<f64>(p, q, 1, 3));
    }
    if (j < D) {
      store<f64>(to, load<f64>(x + ((<usize>j) << 3)));
      store<f64>(to, load<f64>(x + step + ((<usize>j) << 3)), 8);
    }
  }
  for (; b < B; b++, x += step)
    for (let j = 0; j < D; j++)
      store<f64>(columns + <usize>j * ROW + ((<usize>b) << 3), b < n ? load<f64>(x + ((<usize>j) << 3)) : 0);
}

/**
 * Turns log w_k p(x_b | k) at L[k][b] into responsibilities, times the observation's weight where `weights` is not 0,
 * adds their sums to `counts` and returns the block's log-likelihood. The largest of each column is subtracted first, so
 * nothing can underflow to 0 / 0, however far an observation lies from every component.
 */
export function responsibilities(L: usize, K: i32, n: i32, weights: usize, counts: usize): f64 {
  const end = L + <usize>K * ROW;
  for (let v: usize = 0; v < ROW; v += 64) {
    let m0 = v128.load(L + v);
    let m1 = v128.load(L + v, 16);
    let m2 = v128.load(L + v, 32);
    let m3 = v128.load(L + v, 48);
    for (let l = L + v + ROW; l < end; l += ROW) {
      m0 = f64x2.pmax(m0, v128.load(l));
      m1 = f64x2.pmax(m1, v128.load(l, 16));
      m2 = f64x2.pmax(m2, v128.load(l, 32));
      m3 = f64x2.pmax(m3, v128.load(l, 48));
    }
    v128.store(largest + v, m0);
    v128.store(largest + v, m1, 16);
    v128.store(largest + v, m2, 32);
    v128.store(largest + v, m3, 48);
  }
  memory.fill(sums, 0, ROW);
  for (let l = L; l < end; l += ROW) exponentials(l, largest, sums);
  let logLikelihood: f64 = 0;
  if (n === B && weights === 0) {
    let maxima = f64x2.splat(0);
    // 32 factors a lane, each between 1 and K: far from overflow. One logarithm then serves them all.
    let product = f64x2.splat(1);
    for (let v: usize = 0; v < ROW; v += 16) {
      const s = v128.load(sums + v);
      maxima = f64x2.add(maxima, v128.load(largest + v));
      product = f64x2.mul(product, s);
      v128.store(sums + v, f64x2.div(f64x2.splat(1), s));
    }
    logLikelihood = UNIT * laneSum(maxima);
    logLikelihood += log(f64x2.extract_lane(product, 0)) + log(f64x2.extract_lane(product, 1));
  } else {
    for (let b = 0; b < B; b++) {
      const at = (<usize>b) << 3;
      const weight: f64 = b >= n ? 0 : weights === 0 ? 1 : load<f64>(weights + at);
      const s = load<f64>(sums + at);
      if (weight !== 0) logLikelihood += weight * (UNIT * load<f64>(largest + at) + log(s));
      store<f64>(sums + at, weight / s);
    }
  }
  for (let l = L; l < end; l += ROW, counts += 8) {
    let a = f64x2.splat(0);
    let b = a;
    for (let v: usize = 0; v < ROW; v += 32) {
      const r = f64x2.mul(v128.load(l + v), v128.load(sums + v));
      const s = f64x2.mul(v128.load(l + v, 16), v128.load(sums + v, 16));
      v128.store(l + v, r);
      v128.store(l + v, s, 16);
      a = f64x2.add(a, r);
      b = f64x2.add(b, s);
    }
    addLanes(counts, f64x2.add(a, b));
  }
  return logLikelihood;
}
