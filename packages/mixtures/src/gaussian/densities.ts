import type { Data } from "../data.js";
import { CollapseError } from "../errors.js";
import { whiten } from "../linear-algebra.js";
import { type Random, standardNormal } from "../random.js";
import type { ParameterVector } from "./parameters.js";
import type { GaussianDensities } from "./passes.js";

export function emptyDensities({ components: K, columns: D, shape }: ParameterVector): GaussianDensities {
  return {
    components: K,
    columns: D,
    shape,
    logScales: new Float64Array(K),
    means: new Float64Array(K * D),
    whiteners: new Float64Array(shape === "full" ? K * D * D : K * D),
  };
}

/**
 * The densities at θ, written into given ones: to make new arrays for few rows takes as long as a pass over them.
 *
 * @throws CollapseError for a covariance that is not positive definite
 */
export function densitiesAt(
  vector: ParameterVector,
  theta: Float64Array,
  into = emptyDensities(vector),
): GaussianDensities {
  const { components: K, columns: D, shape, covarianceAt, varianceAt } = vector;
  const { logScales, means, whiteners } = into;
  for (let i = 0; i < K * D; i++) means[i] = theta[K + i];
  for (let k = 0; k < K; k++) {
    let logDeterminant = 0;
    if (shape === "full") logDeterminant = whiten(theta, whiteners, D, covarianceAt(k), k * D * D);
    else
      for (let j = 0; j < D; j++) {
        const variance = theta[varianceAt(k, j)];
        whiteners[k * D + j] = 1 / Math.sqrt(variance);
        logDeterminant -= 0.5 * Math.log(variance);
      }
    if (!Number.isFinite(logDeterminant))
      throw new CollapseError(k, "Try another start, fewer components, or a floor under the variances.");
    logScales[k] = Math.log(theta[k]) + logDeterminant - 0.5 * D * Math.log(2 * Math.PI);
  }
  return into;
}

/** Draws mean + L z, z standard normal and L = W⁻¹ the Cholesky factor of the covariance, into one array. */
export function gaussianSampler({ columns: D, shape, means, whiteners }: GaussianDensities) {
  const offsets = new Float64Array(D);
  const x = new Float64Array(D);
  return (k: number, random: Random): Float64Array => {
    for (let i = 0; i < D; i++) offsets[i] = standardNormal(random);
    for (let i = 0; i < D; i++) {
      const row = shape === "full" ? (k * D + i) * D : k * D;
      if (shape === "full") for (let j = 0; j < i; j++) offsets[i] -= whiteners[row + j] * offsets[j];
      offsets[i] /= whiteners[row + i];
      x[i] = means[k * D + i] + offsets[i];
    }
    return x;
  };
}

/** The component with the least |W (x − m)| for a row so far away that the squares are no numbers. Missing values count for nothing. */
export function nearestComponent(
  { components: K, columns: D, shape, logScales, means, whiteners }: GaussianDensities,
  { values }: Data,
  row: number,
): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let k = 0; k < K; k++) {
    if (logScales[k] === Number.NEGATIVE_INFINITY) continue;
    const offsets = Array.from({ length: D }, (_, j) => values[row * D + j] - means[k * D + j] || 0);
    const scale = Math.max(...offsets.map(Math.abs));
    const whitened = offsets.map((offset, i) => {
      if (shape === "diagonal") return (offset / scale) * whiteners[k * D + i];
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += whiteners[(k * D + i) * D + j] * (offsets[j] / scale);
      return sum;
    });
    const distance = Math.log(scale) + Math.log(Math.hypot(...whitened));
    if (distance < least) [best, least] = [k, distance];
  }
  return best;
}
