// Gaussian components with full covariances, by their whiteners W: lower triangular, W'W the inverse covariance.
import { addLanes } from "./block";
import { ROW } from "./exp";

/** deviations[j][b] = x[j][b] - mean[j] */
function centre(x: usize, D: i32, mean: usize, deviations: usize): void {
  for (let j = 0; j < D; j++) {
    const m = v128.load_splat<u64>(mean + ((<usize>j) << 3));
    const from = x + <usize>j * ROW;
    const to = deviations + <usize>j * ROW;
    for (let v: usize = 0; v < ROW; v += 32) {
      v128.store(to + v, f64x2.sub(v128.load(from + v), m));
      v128.store(to + v, f64x2.sub(v128.load(from + v, 16), m), 16);
    }
  }
}

/** L[k][b] = logScale_k - |W_k (x_b - mean_k)|^2 */
export function fullLogDensities(x: usize, D: i32, K: i32, logScales: usize, deviations: usize, L: usize): void {
  const row = (<usize>D) << 3;
  let mean = logScales + ((<usize>K) << 3);
  let whitener = mean + <usize>K * row;
  for (const end = mean; logScales < end; logScales += 8, mean += row, L += ROW) {
    centre(x, D, mean, deviations);
    const scale = v128.load_splat<u64>(logScales);
    for (let v: usize = 0; v < ROW; v += 16) v128.store(L + v, scale);
    let i = 0;
    for (; i + 4 <= D; i += 4, whitener += 4 * row) fourRows(whitener, i, row, deviations, L);
    for (; i < D; i++, whitener += row) oneRow(whitener, i, deviations, L);
  }
}

/** Subtracts the squares of rows i to i + 3 of W d from L: four rows by four observations at a time. */
function fourRows(w: usize, i: i32, w1: usize, d: usize, l: usize): void {
  const w2 = w1 << 1;
  const w3 = w1 + w2;
  const end = w + ((<usize>(i + 4)) << 3);
  for (let v: usize = 0; v < ROW; v += 32) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let e0 = a0;
    let e1 = a0;
    let e2 = a0;
    let e3 = a0;
    let from = d + v;
    for (let at = w; at < end; at += 8, from += ROW) {
      const p = v128.load(from);
      const q = v128.load(from, 16);
      let t = v128.load_splat<u64>(at);
      a0 = f64x2.add(a0, f64x2.mul(t, p));
      e0 = f64x2.add(e0, f64x2.mul(t, q));
      t = v128.load_splat<u64>(at + w1);
      a1 = f64x2.add(a1, f64x2.mul(t, p));
      e1 = f64x2.add(e1, f64x2.mul(t, q));
      t = v128.load_splat<u64>(at + w2);
      a2 = f64x2.add(a2, f64x2.mul(t, p));
      e2 = f64x2.add(e2, f64x2.mul(t, q));
      t = v128.load_splat<u64>(at + w3);
      a3 = f64x2.add(a3, f64x2.mul(t, p));
      e3 = f64x2.add(e3, f64x2.mul(t, q));
    }
    a0 = f64x2.add(f64x2.add(f64x2.mul(a0, a0), f64x2.mul(a1, a1)), f64x2.add(f64x2.mul(a2, a2), f64x2.mul(a3, a3)));
    e0 = f64x2.add(f64x2.add(f64x2.mul(e0, e0), f64x2.mul(e1, e1)), f64x2.add(f64x2.mul(e2, e2), f64x2.mul(e3, e3)));
    v128.store(l + v, f64x2.sub(v128.load(l + v), a0));
    v128.store(l + v, f64x2.sub(v128.load(l + v, 16), e0), 16);
  }
}

/** The same for one row, for the rows that are left over. */
function oneRow(w: usize, i: i32, d: usize, l: usize): void {
  const end = w + ((<usize>(i + 1)) << 3);
  for (let v: usize = 0; v < ROW; v += 64) {
    let a0 = f64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let from = d + v;
    for (let at = w; at < end; at += 8, from += ROW) {
      const t = v128.load_splat<u64>(at);
      a0 = f64x2.add(a0, f64x2.mul(t, v128.load(from)));
      a1 = f64x2.add(a1, f64x2.mul(t, v128.load(from, 16)));
      a2 = f64x2.add(a2, f64x2.mul(t, v128.load(from, 32)));
      a3 = f64x2.add(a3, f64x2.mul(t, v128.load(from, 48)));
    }
    v128.store(l + v, f64x2.sub(v128.load(l + v), f64x2.mul(a0, a0)));
    v128.store(l + v, f64x2.sub(v128.load(l + v, 16), f64x2.mul(a1, a1)), 16);
    v128.store(l + v, f64x2.sub(v128.load(l + v, 32), f64x2.mul(a2, a2)), 32);
    v128.store(l + v, f64x2.sub(v128.load(l + v, 48), f64x2.mul(a3, a3)), 48);
  }
}

/** Adds sum r d and the lower triangle of sum r d d' with d = x - mean to each component's sums: K x D, then K x D x D. */
export function fullSums(
  x: usize,
  D: i32,
  K: i32,
  means: usize,
  r: usize,
  deviations: usize,
  weighted: usize,
  first: usize,
): void {
  const row = (<usize>D) << 3;
  let second = first + <usize>K * row;
  for (const end = second; first < end; r += ROW) {
    const depth = <usize>D * ROW;
    for (let at: usize = 0; at < depth; at += ROW, means += 8, first += 8) {
      const m = v128.load_splat<u64>(means);
      let a0 = f64x2.splat(0);
      let a1 = a0;
      for (let v: usize = 0; v < ROW; v += 32) {
        let d = f64x2.sub(v128.load(x + at + v), m);
        let t = f64x2.mul(d, v128.load(r + v));
        v128.store(deviations + at + v, d);
        v128.store(weighted + at + v, t);
        a0 = f64x2.add(a0, t);
        d = f64x2.sub(v128.load(x + at + v, 16), m);
        t = f64x2.mul(d, v128.load(r + v, 16));
        v128.store(deviations + at + v, d, 16);
        v128.store(weighted + at + v, t, 16);
        a1 = f64x2.add(a1, t);
      }
      addLanes(first, f64x2.add(a0, a1));
    }
    let i = 0;
    for (; i + 4 <= D; i += 4, second += 4 * row)
      for (let j = 0; j < i + 4; j += 2)
        fourByTwo(weighted + <usize>i * ROW, deviations + <usize>j * ROW, second + ((<usize>j) << 3), row);
    for (; i < D; i++, second += row)
      for (let j = 0; j <= i; j++)
        oneByOne(weighted + <usize>i * ROW, deviations + <usize>j * ROW, second + ((<usize>j) << 3));
  }
}

/** Adds the products of four rows of r with two rows of d, summed over the block. */
function fourByTwo(r: usize, d: usize, out: usize, step: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let e0 = a0;
  let e1 = a0;
  let e2 = a0;
  let e3 = a0;
  for (const end = r + ROW; r < end; r += 16, d += 16) {
    const p = v128.load(d);
    const q = v128.load(d, ROW);
    let t = v128.load(r);
    a0 = f64x2.add(a0, f64x2.mul(t, p));
    e0 = f64x2.add(e0, f64x2.mul(t, q));
    t = v128.load(r, ROW);
    a1 = f64x2.add(a1, f64x2.mul(t, p));
    e1 = f64x2.add(e1, f64x2.mul(t, q));
    t = v128.load(r, 2 * ROW);
    a2 = f64x2.add(a2, f64x2.mul(t, p));
    e2 = f64x2.add(e2, f64x2.mul(t, q));
    t = v128.load(r, 3 * ROW);
    a3 = f64x2.add(a3, f64x2.mul(t, p));
    e3 = f64x2.add(e3, f64x2.mul(t, q));
  }
  addPair(out, a0, e0);
  addPair(out + step, a1, e1);
  addPair(out + 2 * step, a2, e2);
  addPair(out + 3 * step, a3, e3);
}

function addPair(out: usize, a: v128, e: v128): void {
  const sums = f64x2.add(v128.shuffle<f64>(a, e, 0, 2), v128.shuffle<f64>(a, e, 1, 3));
  v128.store(out, f64x2.add(v128.load(out, 0, 8), sums), 0, 8);
}

function oneByOne(r: usize, d: usize, out: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  for (const end = r + ROW; r < end; r += 32, d += 32) {
    a0 = f64x2.add(a0, f64x2.mul(v128.load(r), v128.load(d)));
    a1 = f64x2.add(a1, f64x2.mul(v128.load(r, 16), v128.load(d, 16)));
  }
  addLanes(out, f64x2.add(a0, a1));
}
