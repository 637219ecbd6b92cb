import { checkDistribution, checkFinite, checkLength } from "../checks.js";
import { InputError } from "../errors.js";
import { whiten } from "../linear-algebra.js";
import type { MatrixShape } from "./passes.js";

/**
 * What covariances the components may have. full: each its own; tied: one for all; diag: each its own, diagonal;
 * spherical: each its own, the same variance in every direction.
 */
export type CovarianceType = "full" | "tied" | "diag" | "spherical";

/** The parameters of a mixture of K normal distributions over D columns. */
export interface GaussianParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K × D, in the units of the data. */
  readonly means: readonly (readonly number[])[];
  /** K × D × D whatever the covariance type, in squared units. */
  readonly covariances: readonly (readonly (readonly number[])[])[];
}

/** Where what stands in the parameter vector θ: K weights, K × D means, then as many covariances as the type has. */
export interface ParameterVector {
  readonly shape: MatrixShape;
  /** The length of θ. */
  readonly size: number;
  /** The length of one covariance: D × D, D, or 1. */
  readonly covarianceSize: number;
  readonly freeParameters: number;
  meansOf(theta: Float64Array): Float64Array;
  /** Where component k's covariance begins. */
  covarianceAt(k: number): number;
  /** Where the variance of column j under component k stands. */
  varianceAt(k: number, j: number): number;
  covarianceOf(theta: Float64Array, k: number, i: number, j: number): number;
  pack(params: GaussianParams): Float64Array;
  unpack(theta: Float64Array): GaussianParams;
}

/** Figures that a caller computed or copied may differ this much, relative, where they should be equal. */
const roundingOfGivenFigures = 1e-9;

export function gaussianParameters(
  components: number,
  columns: number,
  covarianceType: CovarianceType,
): ParameterVector {
  if (!["full", "tied", "diag", "spherical"].includes(covarianceType)) {
    const rule = 'must be "full", "tied", "diag" or "spherical"';
    throw new InputError("covarianceType", rule, covarianceType, "Choose one of them.");
  }
  const [K, D] = [components, columns];
  const covariancesAt = K + K * D;
  const tied = covarianceType === "tied";
  const spherical = covarianceType === "spherical";
  // With one column all types are diagonal ones.
  const shape = D > 1 && (covarianceType === "full" || tied) ? "full" : "diagonal";
  const covarianceSize = shape === "full" ? D * D : spherical ? 1 : D;
  const blocks = tied ? 1 : K;
  const size = covariancesAt + blocks * covarianceSize;

  const covarianceAt = (k: number) => covariancesAt + (tied ? 0 : k * covarianceSize);
  const varianceAt = (k: number, j: number) => covarianceAt(k) + (shape === "full" ? j * D + j : spherical ? 0 : j);
  /** Where entry (i, j) of component k's covariance stands; undefined where the type makes it 0. */
  const entryAt = (k: number, i: number, j: number) =>
    shape === "full" ? covarianceAt(k) + i * D + j : i === j ? varianceAt(k, i) : undefined;
  const covarianceOf = (theta: Float64Array, k: number, i: number, j: number) => theta[entryAt(k, i, j) ?? -1] ?? 0;
  const range = (length: number) => Array.from({ length }, (_, index) => index);

  return {
    shape,
    size,
    covarianceSize,
    freeParameters: K - 1 + K * D + blocks * (shape === "full" ? (D * (D + 1)) / 2 : covarianceSize),
    // Not a view: of a small array that would cost more, as its memory would have to move first.
    meansOf(theta) {
      const means = new Float64Array(K * D);
      for (let i = 0; i < K * D; i++) means[i] = theta[K + i];
      return means;
    },
    covarianceAt,
    varianceAt,
    covarianceOf,

    pack(params) {
      checkParams(params, K, D);
      const theta = new Float64Array(size).fill(Number.NaN);
      theta.set(params.weights);
      theta.set(params.means.flat(), K);
      for (const [k, matrix] of params.covariances.entries())
        for (const [i, row] of matrix.entries())
          for (const [j, entry] of row.entries()) {
            const at = entryAt(k, i, j);
            const expected = at === undefined ? 0 : Number.isNaN(theta[at]) ? entry : theta[at];
            const rule = `must be ${expected}, as covarianceType "${covarianceType}" has it`;
            checkEqual(entry, expected, row[i], `covariances[${k}][${i}][${j}]`, rule, "Choose a type that allows it.");
            if (at !== undefined) theta[at] = expected;
          }
      return theta;
    },

    unpack: (theta) => ({
      weights: Array.from(theta.subarray(0, K)),
      means: range(K).map((k) => Array.from(theta.subarray(K + k * D, K + (k + 1) * D))),
      covariances: range(K).map((k) => range(D).map((i) => range(D).map((j) => covarianceOf(theta, k, i, j)))),
    }),
  };
}

/** Checks what parameters of any type must obey. */
function checkParams({ weights, means, covariances }: GaussianParams, components: number, columns: number): void {
  checkLength(weights, components, "weights");
  checkDistribution(weights, "weights");
  checkLength(means, components, "means");
  checkLength(covariances, components, "covariances");
  for (const [k, mean] of means.entries()) {
    checkLength(mean, columns, `means[${k}]`);
    for (const [j, value] of mean.entries()) checkFinite(value, { name: "means", row: k, column: j });
  }
  for (const [k, matrix] of covariances.entries()) {
    const name = `covariances[${k}]`;
    checkLength(matrix, columns, name);
    for (const [i, row] of matrix.entries()) {
      checkLength(row, columns, `${name}[${i}]`);
      for (const [j, entry] of row.entries()) {
        checkFinite(entry, `${name}[${i}][${j}]`);
        const rule = `must equal its mirror image ${matrix[j][i]}`;
        if (j < i) checkEqual(entry, matrix[j][i], row[i], `${name}[${i}][${j}]`, rule, "Covariances are symmetric.");
      }
    }
    if (Number.isNaN(whiten(Float64Array.from(matrix.flat()), new Float64Array(columns ** 2), columns))) {
      const remedy = "Its variances must be above 0, and no column a combination of others.";
      throw new InputError(name, "must be positive definite", JSON.stringify(matrix), remedy);
    }
  }
}

function checkEqual(value: number, expected: number, scale: number, place: string, rule: string, remedy: string): void {
  if (Math.abs(value - expected) > roundingOfGivenFigures * Math.abs(scale))
    throw new InputError(place, rule, value, remedy);
}
