// Gaussian components with diagonal covariances; one dimension is the case D = 1.
import { addLanes } from "./block";
import { ROW } from "./exp";

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
