// How the time of a fit grows with the rows, the components, the columns and the threads; and the memory of a long one.
import { spawnSync } from "node:child_process";
import { GaussianMixture } from "em-mixtures";
import { path } from "../scripts/set-up/project.mjs";
import { parametersOf } from "./protocol.mjs";
import { draw } from "./workloads.mjs";

/**
 * @typedef {{ axis: "N" | "K" | "D" | "threads", fixed: string, sizes: number[], seconds: number[], exponent: number }} Growth
 * @typedef {{ rows: number, iterations: number, dataMegabytes: number, extraMegabytes: number, seconds: number }} Memory
 */

/** @typedef {{ N: number, D: number, K: number, threads: number, iterations: number }} Size */

/** @type {readonly { axis: Growth["axis"], fixed: string, sizes: readonly number[], at: (size: number) => Size }[]} */
const series = [
  {
    axis: "N",
    fixed: "D = 1, K = 2, 10 iterations, 1 thread",
    sizes: [1e4, 1e5, 1e6, 1e7],
    at: (N) => ({ N, D: 1, K: 2, threads: 1, iterations: 10 }),
  },
  {
    axis: "N",
    fixed: "D = 2 full, K = 2, 10 iterations, 1 thread",
    sizes: [1e4, 1e5, 1e6, 1e7],
    at: (N) => ({ N, D: 2, K: 2, threads: 1, iterations: 10 }),
  },
  {
    axis: "K",
    fixed: "N = 100,000, D = 2 full, 10 iterations, 1 thread",
    sizes: [2, 4, 8, 16, 32, 64],
    at: (K) => ({ N: 1e5, D: 2, K, threads: 1, iterations: 10 }),
  },
  {
    axis: "D",
    fixed: "N = 20,000, K = 4 full, 10 iterations, 1 thread",
    sizes: [1, 2, 4, 8, 16, 32, 64],
    at: (D) => ({ N: 2e4, D, K: 4, threads: 1, iterations: 10 }),
  },
  {
    axis: "threads",
    fixed: "N = 1,000,000, D = 2 full, K = 8, 20 iterations",
    sizes: [1, 2],
    at: (threads) => ({ N: 1e6, D: 2, K: 8, threads, iterations: 20 }),
  },
];

/** @returns {{ series: Growth[], memory: Memory }} */
export function measureGrowth() {
  const grown = series.map(({ axis, fixed, sizes, at }) => {
    const seconds = sizes.map((size) => medianFit(at(size)));
    return { axis, fixed, sizes: [...sizes], seconds, exponent: slope(sizes.map(Math.log), seconds.map(Math.log)) };
  });
  const { stdout } = spawnSync(process.execPath, [path("bench", "memory.mjs")], { encoding: "utf8" });
  return { series: grown, memory: JSON.parse(stdout) };
}

/** The median time of five fits. @param {Size} size */
function medianFit({ N, D, K, threads, iterations }) {
  const { data, start } = draw({ name: "growth", title: "", N, D, K, type: "full", iterations });
  const init = parametersOf(start, K, D);
  const times = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    GaussianMixture.fit({ values: data, columns: D }, { init, tol: Number.MIN_VALUE, maxIter: iterations, threads });
    return (performance.now() - begin) / 1000;
  });
  return Number(times.sort((a, b) => a - b)[2]);
}

/** The slope of the straight line through points, by least squares. @param {number[]} x @param {number[]} y */
function slope(x, y) {
  const mean = (/** @type {number[]} */ v) => v.reduce((sum, value) => sum + value, 0) / v.length;
  const [centreX, centreY] = [mean(x), mean(y)];
  const products = x.map((value, i) => (value - centreX) * (Number(y[i]) - centreY));
  return mean(products) / mean(x.map((value) => (value - centreX) ** 2));
}
