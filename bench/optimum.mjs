// Slow problems to the same optimum: plain EM, accelerated EM, and scikit-learn, which goes plain EM's way.
import { readFileSync, writeFileSync } from "node:fs";
import { GaussianMixture, PoissonMixture } from "em-mixtures";
import { path } from "../scripts/set-up/project.mjs";
import { contestants, startContestant } from "./contestants.mjs";
import { parametersOf } from "./protocol.mjs";
import { draw } from "./workloads.mjs";

/**
 * @typedef {{ problem: string, way: string, evaluations?: number, seconds?: number, shortfall?: number, missing?: string }} Outcome
 * shortfall: how far the log-likelihood reached is below the optimum
 */

/** A fit has arrived once its total log-likelihood is this close to the optimum. */
const CLOSE = 1e-6;

/** Hasselblad (1969): how often each count from 0 to 9 was seen. */
const deaths = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1];

/** @returns {Promise<Outcome[]>} */
export async function measureOptimum() {
  /** @type {Outcome[]} */
  const outcomes = [];
  const counts = deaths.map((_, count) => count);
  const poissons = { weights: [0.3, 0.7], means: [1, 2.5] };
  outcomes.push(
    ...compare("Hasselblad's two Poissons", (options) =>
      PoissonMixture.fit(counts, { init: poissons, sampleWeight: deaths, ...options }),
    ),
    { problem: "Hasselblad's two Poissons", way: "scikit-learn", missing: "has no Poisson mixtures" },
  );
  for (const { problem, values, columns, K, start } of gaussianProblems()) {
    const init = parametersOf(start, K, columns);
    const data = { values, columns };
    const ours = compare(problem, (options) => GaussianMixture.fit(data, { init, threads: 1, ...options }));
    outcomes.push(...ours, await scikitLearn(problem, values, columns, K, start, ours[0]));
  }
  return outcomes;
}

/** @returns {{ problem: string, values: Float64Array, columns: number, K: number, start: Float64Array }[]} */
function gaussianProblems() {
  const overlapping = draw({ name: "", title: "", N: 20_000, D: 2, K: 2, type: "full", iterations: 0, spread: 0.8 });
  const { rows } = JSON.parse(readFileSync(path("test", "fixtures", "reference", "faithful.json"), "utf8"));
  const axes = [0.1, 0, 0, 30];
  const start = Float64Array.of(1 / 3, 1 / 3, 1 / 3, 2, 55, 3.8, 75, 4.4, 82, ...axes, ...axes, ...axes);
  return [
    {
      problem: "overlapping Gaussians, N = 20,000, D = 2, K = 2",
      values: overlapping.data,
      columns: 2,
      K: 2,
      start: overlapping.start,
    },
    { problem: "Old Faithful, K = 3", values: Float64Array.from(rows.flat()), columns: 2, K: 3, start },
  ];
}

/** @typedef {{ logLikelihood: number, evaluations: number, iterations: number }} Report */

/**
 * Fits from one start with and without acceleration until the optimum is reached, which fits far beyond it have found
 * before.
 * @param {string} problem
 * @param {(options: { tol: number, maxIter: number, acceleration: "none" | "anderson",
 *   onIteration?: (seen: { logLikelihood: number }) => boolean }) => { report: Report }} fit
 */
function compare(problem, fit) {
  const ways = /** @type {const} */ (["none", "anderson"]);
  const beyond = { tol: 1e-15, maxIter: 100_000 };
  const optimum = Math.max(...ways.map((acceleration) => fit({ ...beyond, acceleration }).report.logLikelihood));
  return ways.map((acceleration) => {
    const onIteration = (/** @type {{ logLikelihood: number }} */ seen) => seen.logLikelihood < optimum - CLOSE;
    const { seconds, result } = middleOfFive(() => fit({ ...beyond, acceleration, onIteration }).report);
    const way = acceleration === "none" ? "em-mixtures, plain EM" : "em-mixtures, Anderson acceleration";
    return {
      problem,
      way,
      evaluations: result.evaluations,
      seconds,
      shortfall: optimum - result.logLikelihood,
      optimum,
    };
  });
}

/** @template T @param {() => T} work */
function middleOfFive(work) {
  const runs = Array.from({ length: 5 }, () => {
    const begin = performance.now();
    const result = work();
    return { seconds: (performance.now() - begin) / 1000, result };
  });
  return /** @type {{ seconds: number, result: T }} */ (runs.sort((a, b) => a.seconds - b.seconds)[2]);
}

/**
 * scikit-learn from the same start, for as many updates as plain EM needed: both take the same steps.
 * @param {string} problem @param {Float64Array} values @param {number} D @param {number} K @param {Float64Array} start
 * @param {Outcome & { optimum: number }} plain @returns {Promise<Outcome>}
 */
async function scikitLearn(problem, values, D, K, start, plain) {
  const way = "scikit-learn";
  const peer = contestants(2).find(({ name }) => name === way);
  if (!peer || peer.missing) return { problem, way, missing: peer?.missing ?? "not found" };
  const evaluations = Number(plain.evaluations);
  const stem = path("build", "bench", "optimum");
  writeFileSync(`${stem}.data`, values);
  writeFileSync(`${stem}.start`, start);
  const running = startContestant(peer);
  const answer = await running.ask(
    `optimum ${values.length / D} ${D} ${K} full ${evaluations - 1} ${stem}.data ${stem}.start`,
  );
  running.stop();
  if (typeof answer === "string") return { problem, way, missing: answer };
  const model = GaussianMixture.from(parametersOf(Float64Array.from(answer.parameters), K, D));
  const shortfall = plain.optimum - model.logLikelihood({ values, columns: D });
  return { problem, way, evaluations, seconds: answer.seconds, shortfall };
}
