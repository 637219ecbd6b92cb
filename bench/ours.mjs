// This library as a contestant: node ours.mjs 1 | 2 | plain, the number of threads or plain TypeScript.
import { normalMixture } from "em-lesson";
import { GaussianMixture } from "em-mixtures";
import { parametersOf, serve } from "./protocol.mjs";

const kind = process.argv[2] ?? "2";
// Without WebAssembly the lib takes plain TypeScript: here it is made to look missing.
if (kind === "plain") Reflect.deleteProperty(globalThis, "WebAssembly");
const threads = kind === "plain" ? 1 : Number(kind);

serve(({ name, D, K, type, iterations, data, start }) => {
  const options = /** @type {const} */ ({
    init: parametersOf(start, K, D),
    covarianceType: type === "diag" ? "diag" : "full",
    // Below the rounding of any log-likelihood, so that every iteration is made.
    tol: Number.MIN_VALUE,
    maxIter: iterations,
    threads,
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

/** The lesson's function, written to be read. @param {Float64Array} data @param {{ init: ReturnType<typeof parametersOf>, tol: number, maxIter: number }} options */
function lesson(data, { init, tol, maxIter }) {
  const means = init.means.flat();
  const deviations = init.covariances.flat(2).map(Math.sqrt);
  return () => {
    const { params } = normalMixture.fit(data, { weights: init.weights, means, deviations }, { tol, maxIter });
    return [...params.weights, ...params.means, ...params.deviations.map((deviation) => deviation ** 2)];
  };
}
