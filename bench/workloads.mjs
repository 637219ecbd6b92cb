// The workloads: what is fitted, from which start, for how many iterations. Data and starts go to files of float64
// numbers, so that every contestant reads the very same bits.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { path } from "../scripts/set-up/project.mjs";

/**
 * What is to be done: a fit of normal components with full or diagonal covariances, or of those with a share of the values
 * missing, or of counts; or, with 0 iterations, draws and responsibilities from the start itself.
 * @typedef {"full" | "diag" | "missing" | "poisson" | "binomial" | "bernoulli" | "sample" | "responsibilities"} Type
 * @typedef {{ name: string, title: string, N: number, D: number, K: number, type: Type, iterations: number,
 *   observations?: readonly number[], spread?: number, tilt?: number, share?: number, who?: RegExp, alone?: boolean }} Workload
 * who: the contestants that do such a thing, all unless given; alone: on one thread each, by the processor's time
 */

// Li Hang, Statistical Learning Methods, exercise 9.3: the observations that the lesson fits.
const lesson = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];

const fifteen = /** @type {const} */ ({ N: 15, D: 1, K: 2, type: "full", iterations: 20, observations: lesson });

const square = /** @type {const} */ ({ N: 2e4, D: 8, K: 8, iterations: 10, alone: true });
const wide = /** @type {const} */ ({ type: "full", iterations: 10, who: /^em-m|^scikit|^numpy|^C / });
const counts = /** @type {const} */ ({ N: 1e6, D: 1, K: 2, iterations: 10, who: /^em-m|^numpy/, alone: true });
const large = /** @type {const} */ ({ N: 1e6, D: 4, K: 4, iterations: 0, who: /^em-m|^scikit/, alone: true });
const ours = /^em-m/;

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
  { name: "P1", title: "1,000,000 counts, Poisson, K = 2, 10 iterations", type: "poisson", ...counts },
  { name: "P2", title: "1,000,000 × 10 tosses, binomial, K = 2, 10 iterations", type: "binomial", ...counts },
  {
    name: "P3",
    title: "20,000 × 784 of 0 and 1, K = 10, 10 iterations",
    N: 2e4,
    D: 784,
    K: 10,
    type: "bernoulli",
    iterations: 10,
    who: /^em-m|^numpy/,
    alone: true,
  },
  { name: "M0", title: "20,000 × 8, full, K = 8, 10 iterations", type: "full", who: /^em-m|^scikit|^numpy/, ...square },
  { name: "M1", title: "the same, 0.1 % of the values missing", type: "missing", share: 0.001, who: ours, ...square },
  { name: "M2", title: "the same, 5 % missing", type: "missing", share: 0.05, who: ours, ...square },
  { name: "M3", title: "the same, 30 % missing", type: "missing", share: 0.3, who: ours, ...square },
  { name: "D1", title: "5,000 × 100, full, K = 4, 10 iterations", N: 5000, D: 100, K: 4, tilt: 0.03, ...wide },
  { name: "D2", title: "4,000 × 256, full, K = 3, 10 iterations", N: 4000, D: 256, K: 3, tilt: 0.02, ...wide },
  { name: "D3", title: "the same, ill-conditioned", N: 4000, D: 256, K: 3, ...wide },
  { name: "S1", title: "1,000,000 draws of 4 columns, K = 4", type: "sample", ...large },
  { name: "S2", title: "their responsibilities", type: "responsibilities", ...large },
];

/** The number of tosses that a binomial workload's numbers count the heads of. */
export const TOSSES = 10;

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
 * mixed by a random triangular matrix, with entries of deviation `tilt`, where the type is not diagonal. The start is near the truth, so that all contestants
 * stay on one path: means moved by 0.3, unit covariances, equal weights.
 * @param {Workload} workload @returns {{ data: Float64Array, start: Float64Array }}
 */
export function draw({ N, D, K, type, observations, spread = 3, tilt = 0.3, share = 0 }) {
  if (type === "poisson" || type === "binomial" || type === "bernoulli") return drawCounts(N, D, K, type);
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
    return i === j ? 0.5 + random() : type !== "diag" && j < i ? tilt * gauss() : 0;
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
      data[n * D + i] = share > 0 && random() < share ? Number.NaN : x;
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
 * Draws counts from a mixture; the start has its means or probabilities moved by a tenth.
 * @param {number} N @param {number} D @param {number} K @param {"poisson" | "binomial" | "bernoulli"} type
 */
function drawCounts(N, D, K, type) {
  const random = uniform(1000 * D + K);
  const heads = (/** @type {number} */ tosses, /** @type {number} */ rate) => {
    let count = 0;
    for (let toss = 0; toss < tosses; toss++) if (random() < rate) count++;
    return count;
  };
  const events = (/** @type {number} */ mean) => {
    let count = 0;
    let time = -Math.log1p(-random());
    while (time <= mean) {
      time -= Math.log1p(-random());
      count++;
    }
    return count;
  };
  const rates = Float64Array.from({ length: K * D }, (_, at) =>
    type === "poisson" ? 2 + 6 * at : D === 1 ? 0.3 + 0.4 * at : 0.02 + 0.96 * random(),
  );
  const data = new Float64Array(N * D);
  for (let n = 0; n < N; n++) {
    const k = Math.floor(K * random());
    for (let j = 0; j < D; j++) {
      const rate = Number(rates[k * D + j]);
      data[n * D + j] = type === "poisson" ? events(rate) : heads(type === "binomial" ? TOSSES : 1, rate);
    }
  }
  return { data, start: Float64Array.from([...Array(K).fill(1 / K), ...rates.map((rate) => 0.9 * rate + 0.05)]) };
}

/**
 * Writes a workload's data and start, once, and returns the task line that every contestant reads from its input:
 * name, N, D, K, type, iterations, data file, start file (weights, means or
 * rates, covariances where there are any, row-major).
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
