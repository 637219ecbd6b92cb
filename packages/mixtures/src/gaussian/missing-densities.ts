import type { LogJoint } from "../family.js";
import type { ParameterVector } from "./parameters.js";
import type { AddRow, GaussianSums } from "./passes.js";

/** The parameters as an E-step with missing values reads them. */
export interface MissingDensities {
  readonly logWeights: Float64Array;
  /** K × D */
  readonly means: Float64Array;
  /** K × D × D, or K × D where they are diagonal. */
  readonly covariances: Float64Array;
}

/** θ as an E-step with missing values reads it: with all covariances, also where they are one. */
export function missingDensities(vector: ParameterVector, theta: Float64Array): MissingDensities {
  const { components: K, columns: D, shape, meansOf, covarianceAt, varianceAt } = vector;
  const size = shape === "full" ? D * D : D;
  const covariances = new Float64Array(K * size);
  for (let k = 0; k < K; k++)
    for (let at = 0; at < size; at++)
      covariances[k * size + at] = theta[shape === "full" ? covarianceAt(k) + at : varianceAt(k, at)];
  return { logWeights: theta.subarray(0, K).map(Math.log), means: meansOf(theta), covariances };
}

/** The E-step at certain parameters, by rows. */
export interface RowParts {
  readonly logJoint: LogJoint;
  /** Adds rows to sums about the given centres. */
  addTo(sums: GaussianSums, centres: Float64Array): AddRow;
}
