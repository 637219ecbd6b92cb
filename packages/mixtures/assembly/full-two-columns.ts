// Full covariances over two columns: as full.ts, with everything of an observation in registers.
import { addLanes } from "./block";
import { ROW } from "./exp";

/** L[k][b] = logScale_k - |W_k (x_b - mean_k)|^2 */
export function twoColumnLogDensities(x: usize, K: i32, logScales: usize, L: usize): void {
  let mean = logScales + ((<usize>K) << 3);
  let whitener = mean + ((<usize>K) << 4);
  for (const end = mean; logScales < end; logScales += 8, mean += 16, whitener += 32, L += ROW) {
    const scale = v128.load_splat<u64>(logScales);
    const m0 = v128.load_splat<u64>(mean);
    const m1 = v128.load_splat<u64>(mean, 8);
    const w00 = v128.load_splat<u64>(whitener);
    const w10 = v128.load_splat<u64>(whitener, 16);
    const w11 = v128.load_splat<u64>(whitener, 24);
    for (let v: usize = 0; v < ROW; v += 16) {
      const d0 = f64x2.sub(v128.load(x + v), m0);
      const d1 = f64x2.sub(v128.load(x + v, ROW), m1);
      const y0 = f64x2.mul(w00, d0);
      const y1 = f64x2.add(f64x2.mul(w10, d0), f64x2.mul(w11, d1));
      v128.store(L + v, f64x2.sub(scale, f64x2.add(f64x2.mul(y0, y0), f64x2.mul(y1, y1))));
    }
  }
}

/** Adds sum r d and the lower triangle of sum r d d' with d = x - mean to each component's sums: K x 2, then K x 2 x 2. */
export function twoColumnSums(x: usize, K: i32, means: usize, r: usize, first: usize): void {
  let second = first + ((<usize>K) << 4);
  for (const end = second; first < end; first += 16, second += 32, means += 16, r += ROW) {
    const m0 = v128.load_splat<u64>(means);
    const m1 = v128.load_splat<u64>(means, 8);
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s00 = s0;
    let s10 = s0;
    let s11 = s0;
    for (let v: usize = 0; v < ROW; v += 16) {
      const d0 = f64x2.sub(v128.load(x + v), m0);
      const d1 = f64x2.sub(v128.load(x + v, ROW), m1);
      const weight = v128.load(r + v);
      const t0 = f64x2.mul(weight, d0);
      const t1 = f64x2.mul(weight, d1);
      s0 = f64x2.add(s0, t0);
      s1 = f64x2.add(s1, t1);
      s00 = f64x2.add(s00, f64x2.mul(t0, d0));
      s10 = f64x2.add(s10, f64x2.mul(t1, d0));
      s11 = f64x2.add(s11, f64x2.mul(t1, d1));
    }
    addLanes(first, s0);
    addLanes(first + 8, s1);
    addLanes(second, s00);
    addLanes(second + 16, s10);
    addLanes(second + 24, s11);
  }
}
