// Gaussian components with diagonal covariances; one dimension is the case D = 1.
import { addLanes, B, laneSum } from "./block";
import { exponentials, ROW, UNIT } from "./exp";

const zeros = memory.data(B * 8, 16);
const unused = memory.data(B * 8, 16);

/** L[k][b] = logScale_k - sum_j ((x_bj - mean_kj) whitener_kj)^2 */
export function diagonalLogDensities(x: usize, D: i32, K: i32, logScales: usize, L: usize): void {
  let mean = logScales + ((<usize>K) << 3);
  const whiteners = (<usize>(K * D)) << 3;
  for (const end = logScales + ((<usize>K) << 3); logScales < end; logScales += 8, L += ROW) {
    const scale = v128.load_splat<u64>(logScales);
    const next = mean + ((<usize>D) << 3);
    for (let v: usize = 0; v < ROW; v += 64) {
      let q0 = f64x2.splat(0);
      let q1 = q0;
      let q2 = q0;
      let q3 = q0;
      let column = x + v;
      for (let at = mean; at < next; at += 8, column += ROW) {
        const m = v128.load_splat<u64>(at);
        const w = v128.load_splat<u64>(at + whiteners);
        let y = f64x2.mul(f64x2.sub(v128.load(column), m), w);
        q0 = f64x2.add(q0, f64x2.mul(y, y));
        y = f64x2.mul(f64x2.sub(v128.load(column, 16), m), w);
        q1 = f64x2.add(q1, f64x2.mul(y, y));
        y = f64x2.mul(f64x2.sub(v128.load(column, 32), m), w);
        q2 = f64x2.add(q2, f64x2.mul(y, y));
        y = f64x2.mul(f64x2.sub(v128.load(column, 48), m), w);
        q3 = f64x2.add(q3, f64x2.mul(y, y));
      }
      v128.store(L + v, f64x2.sub(scale, q0));
      v128.store(L + v, f64x2.sub(scale, q1), 16);
      v128.store(L + v, f64x2.sub(scale, q2), 32);
      v128.store(L + v, f64x2.sub(scale, q3), 48);
    }
    mean = next;
  }
}

/** Adds sum r d and sum r d^2 with d = x - mean to each component's sums, K x D of the first kind, K x D of the second. */
export function diagonalSums(x: usize, D: i32, K: i32, means: usize, r: usize, first: usize): void {
  const second = (<usize>(K * D)) << 3;
  for (const end = first + second; first < end; r += ROW) {
    const last = first + ((<usize>D) << 3);
    for (let column = x; first < last; first += 8, means += 8, column += ROW) {
      const m = v128.load_splat<u64>(means);
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let s0 = a0;
      let s1 = a0;
      for (let v: usize = 0; v < ROW; v += 32) {
        let d = f64x2.sub(v128.load(column + v), m);
        let t = f64x2.mul(d, v128.load(r + v));
        a0 = f64x2.add(a0, t);
        s0 = f64x2.add(s0, f64x2.mul(t, d));
        d = f64x2.sub(v128.load(column + v, 16), m);
        t = f64x2.mul(d, v128.load(r + v, 16));
        a1 = f64x2.add(a1, t);
        s1 = f64x2.add(s1, f64x2.mul(t, d));
      }
      addLanes(first, f64x2.add(a0, a1));
      addLanes(first + second, f64x2.add(s0, s1));
    }
  }
}

/**
 * The responsibilities r[k][b] of two components in one dimension, for a full block without weights, and the block's
 * log-likelihood; adds the sums of the r to counts. With t the difference of the two log-densities they are q / (1 + q) and 1 / (1 + q), q = e^t, so that
 * one exponential serves both. Short loops, because the compiler has no registers for long ones.
 */
export function twoResponsibilities(x: usize, logScales: usize, r: usize, counts: usize): f64 {
  const c0 = v128.load_splat<u64>(logScales);
  const c1 = v128.load_splat<u64>(logScales, 8);
  const m0 = v128.load_splat<u64>(logScales, 16);
  const m1 = v128.load_splat<u64>(logScales, 24);
  const w0 = v128.load_splat<u64>(logScales, 32);
  const w1 = v128.load_splat<u64>(logScales, 40);
  // log(e^l0 + e^l1) = (l0 + l1 + |t|) / 2 - log max(r0, r1), and 2 max(r0, r1) = 1 + |r0 - r1|.
  const limit = f64x2.splat(600 / UNIT);
  let twice = f64x2.splat(0);
  for (let v: usize = 0; v < ROW; v += 16) {
    const value = v128.load(x + v);
    const y0 = f64x2.mul(f64x2.sub(value, m0), w0);
    const y1 = f64x2.mul(f64x2.sub(value, m1), w1);
    const l0 = f64x2.sub(c0, f64x2.mul(y0, y0));
    const l1 = f64x2.sub(c1, f64x2.mul(y1, y1));
    const t = f64x2.sub(l0, l1);
    v128.store(r + v, f64x2.pmin(t, limit));
    twice = f64x2.add(twice, f64x2.add(f64x2.add(l0, l1), f64x2.abs(t)));
  }
  exponentials(r, zeros, unused);
  const one = f64x2.splat(1);
  let product = one;
  let n0 = f64x2.splat(0);
  let n1 = n0;
  for (let v: usize = 0; v < ROW; v += 16) {
    const q = v128.load(r + v);
    const r1 = f64x2.div(one, f64x2.add(one, q));
    const r0 = f64x2.mul(q, r1);
    v128.store(r + v, r0);
    v128.store(r + v, r1, ROW);
    product = f64x2.mul(product, f64x2.add(one, f64x2.abs(f64x2.sub(r0, r1))));
    n0 = f64x2.add(n0, r0);
    n1 = f64x2.add(n1, r1);
  }
  addLanes(counts, n0);
  addLanes(counts + 8, n1);
  const logs = Math.log(f64x2.extract_lane(product, 0) * f64x2.extract_lane(product, 1));
  return 0.5 * UNIT * laneSum(twice) - logs + B * Math.LN2;
}
