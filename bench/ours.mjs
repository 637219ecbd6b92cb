// This library as a contestant: node ours.mjs 1 | 2 | plain, the number of threads or plain TypeScript.
import { normalMixture } from "em-lesson";
import { BernoulliMixture, BinomialMixture, GaussianMixture, PoissonMixture } from "em-mixtures";
import { parametersOf, serve } from "./protocol.mjs";
import { TOSSES } from "./workloads.mjs";

const kind = process.argv[2] ?? "2";
// Without WebAssembly the lib takes plain TypeScript: here it is made to look missing.
if (kind === "plain") Reflect.deleteProperty(globalThis, "WebAssembly");
const threads = kind === "plain" ? 1 : Number(kind);

serve(({ name, N, D, K, type, iterations, data, start }) => {
  if (type === "poisson" || type === "binomial" || type === "bernoulli")
    return counts(type, D, K, iterations, data, start);
  if (type === "sample" || type === "responsibilities") {
    const model = GaussianMixture.from(parametersOf(start, K, D));
    return type === "sample"
      ? () => [model.sample(N, 1, { as: "matrix" }).samples.values.length]
      : () => model.predictProba({ values: data, columns: D }, { as: "matrix" }).values.subarray(0, 1000);
  }
  const options = /** @type {const} */ ({
    init: parametersOf(start, K, D),
    covarianceType: type === "diag" ? "diag" : "full",
    // Below the rounding of any log-likelihood, so that every iteration is made.
    tol: Number.MIN_VALUE,
    maxIter: iterations,
    threads,
    allowMissing: type === "missing",
  });
  if (name === "W6L") return lesson(data, options);
  return () => {
    const { params } = GaussianMixture.fit({ values: data, columns: D }, options);
    // Whole matrices, as the peers give them, though ours has the variances alone.
    const matrices = params.covariances.map((rows) =>
      rows.map((row, i) => (typeof row === "number" ? rows.map((_, j) => (i === j ? row : 0)) : row)),
    );
    return [params.weights, params.means, matrices].flat(3);
  };
});

/**
 * @param {"poisson" | "binomial" | "bernoulli"} type @param {number} D @param {number} K @param {number} maxIter
 * @param {Float64Array} values @param {Float64Array} start
 */
function counts(type, D, K, maxIter, values, start) {
  const weights = Array.from(start.subarray(0, K));
  const rates = Array.from({ length: K }, (_, k) => Array.from(start.subarray(K + k * D, K + (k + 1) * D)));
  const loop = { tol: 0, maxIter };
  const [tosses, means] = [TOSSES, rates.flat()];
  return () => {
    if (type === "poisson") {
      const { params } = PoissonMixture.fit(values, { init: { weights, means }, ...loop });
      return [...params.weights, ...params.means];
    }
    const { params } =
      type === "binomial"
        ? BinomialMixture.fit(values, { init: { weights, probabilities: means, tosses }, tosses, ...loop })
        : BernoulliMixture.fit({ values, columns: D }, { init: { weights, probabilities: rates }, ...loop });
    return [params.weights, params.probabilities].flat(3);
  };
}

/** The lesson's function, written to be read. @param {Float64Array} data @param {{ init: ReturnType<typeof parametersOf>, tol: number, maxIter: number }} options */
function lesson(data, { init, tol, maxIter }) {
  const means = init.means.flat();
  const deviations = init.covariances.flat(2).map(Math.sqrt);
  return () => {
    const { params } = normalMixture.fit(data, { weights: init.weights, means, deviations }, { tol, maxIter });
    return [...params.weights, ...params.means, ...params.deviations.map((deviation) => deviation ** 2)];
  };
}
