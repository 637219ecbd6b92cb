// The Gaussian mixtures of npm, one a process: node npm.mjs PACKAGE. They stand in an environment of the bench's own.
import { createRequire } from "node:module";
import { path } from "../../scripts/set-up/project.mjs";
import { parametersOf, serve } from "../protocol.mjs";

/** @typedef {import("../protocol.mjs").Task} Task */
/** Packages of the bench's own environment, which the project's compiler does not see. @type {(name: string) => any} */
const load = createRequire(path("build", "bench", "npm", "package.json"));

/** @param {Float64Array} flat @param {number} rows @param {number} columns */
const matrix = (flat, rows, columns) =>
  Array.from({ length: rows }, (_, i) => Array.from(flat.subarray(i * columns, (i + 1) * columns)));

/** @type {Record<string, (task: Task) => () => number[]>} */
const contestants = {
  // One dimension only; its E-step omits the weights. A negative tolerance keeps it from stopping early.
  "gaussian-mixture": ({ D, K, iterations, data, start }) => {
    if (D > 1) throw new Error("one dimension only");
    const Mixture = load("gaussian-mixture");
    const observations = Array.from(data);
    const { weights, means, covariances } = parametersOf(start, K, 1);
    return () => {
      const model = new Mixture(K, [...weights], means.flat(), covariances.flat(2));
      model.optimize(observations, iterations, -1);
      return [...model.weights, ...model.means, ...model.vars];
    };
  },
  // Full covariances, responsibilities in float32.
  "gaussian-mixture-model": ({ N, D, K, type, iterations, data, start }) => {
    if (type !== "full") throw new Error("full covariances only");
    const Mixture = load("gaussian-mixture-model").default;
    const rows = matrix(data, N, D);
    const given = { ...parametersOf(start, K, D), bufferSize: N };
    return () => {
      const model = new Mixture(given);
      for (const row of rows) model.addPoint(row);
      model.runEM(iterations);
      return [model.weights, model.means, model.covariances].flat(3);
    };
  },
  // It starts from random responsibilities and stops by itself. Its numeric library is told to return the start's
  // responsibilities for the random ones, and a change of 0 after the iterations wanted.
  "expectation-maximization": ({ N, D, K, type, iterations, data, start }) => {
    if (type !== "full") throw new Error("full covariances only");
    const fit = load("expectation-maximization");
    const numeric = load("numeric");
    const Gaussian = load("multivariate-gaussian");
    const rows = matrix(data, N, D);
    const { weights, means, covariances } = parametersOf(start, K, D);
    const groups = means.map((mu, k) => new Gaussian({ mu, sigma: covariances[k] }));
    return () => {
      const densities = rows.map((row) => groups.map((group, k) => Number(weights[k]) * group.density(row)));
      let steps = 0;
      numeric.random = () =>
        numeric.transpose(densities.map((line) => line.map((p) => p / line.reduce((a, b) => a + b, 0))));
      numeric.norminf = () => (++steps < iterations ? 1 : 0);
      /** @type {{ weight: number, mu: number[], sigma: number[][] }[]} */
      const found = fit(rows, K);
      return [found.map((group) => group.weight), found.map(({ mu }) => mu), found.map(({ sigma }) => sigma)].flat(3);
    };
  },
};

const contestant = contestants[process.argv[2] ?? ""];
if (!contestant) throw new Error(`node npm.mjs ${Object.keys(contestants).join(" | ")}`);
serve(contestant);
