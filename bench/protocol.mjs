// What the JavaScript contestants share: a task line in, a line of JSON out.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/**
 * @typedef {{ name: string, N: number, D: number, K: number, type: string, iterations: number, data: Float64Array, start: Float64Array }} Task
 * start: weights (K), means (K x D), covariances (K x D x D)
 */

/** A file of float64 numbers. @param {string} file */
function readNumbers(file) {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
}

/**
 * Answers each task line (workloads.mjs says what is in one) with the seconds that `prepare(task)()` takes and the
 * parameters that it returns: weights, means, covariances. Work that copies data into other forms belongs to `prepare`.
 * @param {(task: Task) => () => ArrayLike<number>} prepare
 */
export function serve(prepare) {
  createInterface({ input: process.stdin }).on("line", (line) => {
    const [, N = 0, D = 0, K = 0, , iterations = 0] = line.split(" ").map(Number);
    const [name = "", , , , type = "", , dataFile = "", startFile = ""] = line.split(" ");
    const work = prepare({
      name,
      N,
      D,
      K,
      type,
      iterations,
      data: readNumbers(dataFile),
      start: readNumbers(startFile),
    });
    const { seconds, cpuSeconds, result } = medianSeconds(work);
    const peakMegabytes = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ seconds, cpuSeconds, parameters: Array.from(result), peakMegabytes }));
  });
}

/** Parameters as the lib takes them, from a flat array. @param {Float64Array} flat weights, means, covariances @param {number} K @param {number} D */
export function parametersOf(flat, K, D) {
  const rows = Array.from({ length: K + K * D }, (_, i) => Array.from(flat.subarray(K + i * D, K + (i + 1) * D)));
  return {
    weights: Array.from(flat.subarray(0, K)),
    means: rows.slice(0, K),
    covariances: Array.from({ length: K }, (_, k) => rows.slice(K + k * D, K + (k + 1) * D)),
  };
}

/**
 * Runs work again and again for about a second, and at least once: the median. So a turn after a pause, when caches are
 * cold, says little. And the least time on all processors, to which other work on the machine only adds. @template T @param {() => T} work
 */
function medianSeconds(work) {
  const times = [];
  const cpuTimes = [];
  let total = 0;
  for (;;) {
    const begin = performance.now();
    const cpu = process.cpuUsage();
    const result = work();
    const time = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    times.push(time);
    cpuTimes.push((user + system) / 1e6);
    total += time;
    if (total < 1) continue;
    times.sort((a, b) => a - b);
    return { seconds: /** @type {number} */ (times[times.length >> 1]), cpuSeconds: Math.min(...cpuTimes), result };
  }
}
