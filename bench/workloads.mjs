// The workloads: what is fitted, from which start, for how many iterations. Data and starts go to files of float64
// numbers, so that every contestant reads the very same bits.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { path } from "../scripts/set-up/project.mjs";

/**
 * @typedef {"full" | "diag"} Type
 * @typedef {{ name: string, title: string, N: number, D: number, K: number, type: Type, iterations: number,
 *   observations?: readonly number[], spread?: number }} Workload
 */

// Li Hang, Statistical Learning Methods, exercise 9.3: the observations that the lesson fits.
const lesson = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];

const fifteen = /** @type {const} */ ({ N: 15, D: 1, K: 2, type: "full", iterations: 20, observations: lesson });

/** @type {readonly Workload[]} */
export const workloads = [
  { name: "W1", title: "1,000,000 numbers, K = 2, 50 iterations", N: 1e6, D: 1, K: 2, type: "full", iterations: 50 },
  { name: "W2", title: "1,000,000 numbers, K = 8, 20 iterations", N: 1e6, D: 1, K: 8, type: "full", iterations: 20 },
  { name: "W3", title: "200,000 × 2, full, K = 3, 50 iterations", N: 2e5, D: 2, K: 3, type: "full", iterations: 50 },
  { name: "W4", title: "100,000 × 8, full, K = 8, 20 iterations", N: 1e5, D: 8, K: 8, type: "full", iterations: 20 },
  { name: "W5", title: "20,000 × 32, full, K = 16, 10 iterations", N: 2e4, D: 32, K: 16, type: "full", iterations: 10 },
  { name: "W6", title: "the lesson's 15 numbers, K = 2, 20 iterations", ...fifteen },
  { name: "W6L", title: "the same, ours by the lesson's own function", ...fifteen },
  {
    name: "W7",
    title: "100,000 × 16, diagonal, K = 8, 20 iterations",
    N: 1e5,
    D: 16,
    K: 8,
    type: "diag",
    iterations: 20,
  },
];

/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32). @param {number} seed */
export function uniform(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers (Box and Muller). @param {() => number} random */
export const normal = (random) => () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Draws from a mixture of K Gaussians whose means have deviation `spread` from their centre (3, in all) and whose axes have deviations from 0.5 to 1.5,
 * mixed by a random triangular matrix where the type is full. The start is near the truth, so that all contestants
 * stay on one path: means moved by 0.3, unit covariances, equal weights.
 * @param {Workload} workload @returns {{ data: Float64Array, start: Float64Array }}
 */
export function draw({ N, D, K, type, observations, spread = 3 }) {
  const random = uniform(1000 * D + K);
  const gauss = normal(random);
  const start = new Float64Array(K + K * D + K * D * D);
  if (observations) {
    // As the lesson does: brought to [0, 1], started from means 0 and 1 and unit deviations.
    const low = Math.min(...observations);
    const range = Math.max(...observations) - low;
    start.set([0.5, 0.5, 0, 1, 1, 1]);
    return { data: Float64Array.from(observations, (x) => (x - low) / range), start };
  }
  const means = Float64Array.from({ length: K * D }, () => (spread / Math.sqrt(D)) * gauss());
  const axes = Float64Array.from({ length: K * D * D }, (_, at) => {
    const [i, j] = [Math.floor(at / D) % D, at % D];
    return i === j ? 0.5 + random() : type === "full" && j < i ? 0.3 * gauss() : 0;
  });
  const data = new Float64Array(N * D);
  const z = new Float64Array(D);
  for (let n = 0; n < N; n++) {
    const k = Math.floor(K * random());
    for (let i = 0; i < D; i++) {
      z[i] = gauss();
      let x = /** @type {number} */ (means[k * D + i]);
      for (let j = 0; j <= i; j++)
        x += /** @type {number} */ (axes[(k * D + i) * D + j]) * /** @type {number} */ (z[j]);
      data[n * D + i] = x;
    }
  }
  start.fill(1 / K, 0, K);
  for (let at = 0; at < K * D; at++) {
    start[K + at] = /** @type {number} */ (means[at]) + 0.3 * gauss();
    start[K + K * D + at * D + (at % D)] = 1;
  }
  return { data, start };
}

/**
 * Writes a workload's data and start, once, and returns the task line that every contestant reads from its input:
 * name, N, D, K, type, iterations, data file, start file (weights, means, covariances, row-major).
 * @param {Workload} workload
 */
export function taskLine(workload) {
  const { name, N, D, K, type, iterations } = workload;
  const stem = path("build", "bench", `${name}-${N}-${D}-${K}-${type}`);
  if (!existsSync(`${stem}.start`)) {
    mkdirSync(path("build", "bench"), { recursive: true });
    const { data, start } = draw(workload);
    writeFileSync(`${stem}.data`, data);
    writeFileSync(`${stem}.start`, start);
  }
  return `${name} ${N} ${D} ${K} ${type} ${iterations} ${stem}.data ${stem}.start`;
}
