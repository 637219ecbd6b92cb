// The memory that 50 iterations over 10,000,000 observations in one dimension take, two threads, in a process of its own.
import { GaussianMixture } from "em-mixtures";
import { normal, uniform } from "./workloads.mjs";

const rows = 1e7;
const iterations = 50;
const before = process.memoryUsage().rss;
const gauss = normal(uniform(7));
const values = new Float64Array(rows);
for (let row = 0; row < rows; row++) values[row] = gauss() + (row % 2) * 3;
const init = { weights: [0.5, 0.5], means: [[0.5], [2.5]], covariances: [[[1]], [[1]]] };
const begin = performance.now();
GaussianMixture.fit(values, { init, tol: Number.MIN_VALUE, maxIter: iterations, threads: 2 });
const seconds = (performance.now() - begin) / 1000;
const megabytes = (/** @type {number} */ bytes) => Math.round(bytes / 1e6);
const extra = process.resourceUsage().maxRSS * 1024 - before;
console.log(
  JSON.stringify({ rows, iterations, seconds, dataMegabytes: megabytes(8 * rows), extraMegabytes: megabytes(extra) }),
);
