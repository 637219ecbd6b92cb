import { checkDistribution, checkFinite, checkLength, checkPositive } from "../checks.js";
import { InputError } from "../errors.js";
import { checkEqual, checkMatrix } from "./check-matrix.js";
import type { MatrixShape } from "./passes.js";

/**
 * What covariances the components may have. full: each its own; diag: each its own, diagonal; spherical: each its own, the
 * same variance in every direction; tied, tied-diag and tied-spherical: one of these for all.
 */
export type CovarianceType = (typeof covarianceTypes)[number];
export const covarianceTypes = ["full", "tied", "diag", "spherical", "tied-diag", "tied-spherical"] as const;

/** Whether the covariances of a type are diagonal, and stand for their variances alone. */
export const isDiagonal = (type: CovarianceType): boolean => type !== "full" && type !== "tied";

/** K covariances in squared units: K × D × D for full and tied; for the other types K × D, the variances alone. */
export type Covariances<T extends CovarianceType = CovarianceType> = T extends "full" | "tied"
  ? readonly (readonly (readonly number[])[])[]
  : readonly (readonly number[])[];

/** The parameters of a mixture of K normal distributions over D columns. */
export interface GaussianParams<T extends CovarianceType = CovarianceType> {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K × D, in the units of the data. */
  readonly means: readonly (readonly number[])[];
  /** K × D × D or, for diagonal types, K × D. Whole matrices are taken for those, too. */
  readonly covariances: Covariances<T>;
}

/** Where what stands in the parameter vector θ: K weights, K × D means, then as many covariances as the type has. */
export interface ParameterVector {
  readonly components: number;
  readonly columns: number;
  readonly covarianceType: CovarianceType;
  readonly shape: MatrixShape;
  /** Whether the components share one covariance. */
  readonly tied: boolean;
  /** Whether the variances of all columns are one. */
  readonly spherical: boolean;
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
  /** @throws InputError for parameters of another shape or out of range */
  pack(params: GaussianParams): Float64Array;
  unpack(theta: Float64Array): GaussianParams;
}

export function gaussianParameters(
  components: number,
  columns: number,
  covarianceType: CovarianceType,
): ParameterVector {
  if (!covarianceTypes.includes(covarianceType)) {
    const rule = `must be one of "${covarianceTypes.join('", "')}"`;
    throw new InputError("covarianceType", rule, covarianceType, "Choose one of them.");
  }
  const [K, D] = [components, columns];
  const covariancesAt = K + K * D;
  const tied = covarianceType.startsWith("tied");
  const spherical = covarianceType.endsWith("spherical");
  const diagonal = isDiagonal(covarianceType);
  // With one column all types are diagonal ones.
  const shape = D === 1 || diagonal ? "diagonal" : "full";
  const covarianceSize = shape === "full" ? D * D : spherical ? 1 : D;
  const count = tied ? 1 : K;
  const size = covariancesAt + count * covarianceSize;

  const covarianceAt = (k: number) => covariancesAt + (tied ? 0 : k * covarianceSize);
  const varianceAt = (k: number, j: number) => covarianceAt(k) + (shape === "full" ? j * D + j : spherical ? 0 : j);
  const covarianceOf = (theta: Float64Array, k: number, i: number, j: number) =>
    shape === "full" ? theta[covarianceAt(k) + i * D + j] : i === j ? theta[varianceAt(k, i)] : 0;
  const range = (length: number) => Array.from({ length }, (_, index) => index);

  const mustBe = (expected: number) => () => `must be ${expected}, as covarianceType "${covarianceType}" has it`;

  /** Writes one entry; where the type has one number for several entries, all have to be equal. */
  function put(theta: Float64Array, at: number, value: number, place: () => string): void {
    const expected = Number.isNaN(theta[at]) ? value : theta[at];
    checkEqual(value, expected, value, place, mustBe(expected));
    theta[at] = expected;
  }

  function packMatrix(theta: Float64Array, k: number, matrix: readonly ArrayLike<number>[]): void {
    checkMatrix(matrix, D, `covariances[${k}]`);
    for (let i = 0; i < D; i++)
      for (let j = 0; j < D; j++) {
        const place = () => `covariances[${k}][${i}][${j}]`;
        if (shape === "full") put(theta, covarianceAt(k) + i * D + j, matrix[i][j], place);
        else if (i === j) put(theta, varianceAt(k, i), matrix[i][i], place);
        else checkEqual(matrix[i][j], 0, matrix[i][i], place, mustBe(0));
      }
  }

  function packVariances(theta: Float64Array, k: number, variances: ArrayLike<number>): void {
    const name = `covariances[${k}]`;
    checkLength(variances, D, name);
    for (let j = 0; j < D; j++) {
      checkPositive(variances[j], { name: "covariances", row: k, column: j });
      put(theta, varianceAt(k, j), variances[j], () => `${name}[${j}]`);
    }
  }

  return {
    components,
    columns,
    covarianceType,
    shape,
    tied,
    spherical,
    size,
    covarianceSize,
    freeParameters: K - 1 + K * D + count * (shape === "full" ? (D * (D + 1)) / 2 : covarianceSize),
    // Not a view: of a small array that would cost more, as its memory would have to move first.
    meansOf(theta) {
      const means = new Float64Array(K * D);
      for (let i = 0; i < K * D; i++) means[i] = theta[K + i];
      return means;
    },
    covarianceAt,
    varianceAt,
    covarianceOf,

    pack({ weights, means, covariances }) {
      checkLength(weights, K, "weights");
      checkDistribution(weights, "weights");
      checkLength(means, K, "means");
      checkLength(covariances, K, "covariances");
      const theta = new Float64Array(size).fill(Number.NaN);
      for (let k = 0; k < K; k++) {
        theta[k] = weights[k];
        checkLength(means[k], D, `means[${k}]`);
        for (let j = 0; j < D; j++) {
          checkFinite(means[k][j], { name: "means", row: k, column: j });
          theta[K + k * D + j] = means[k][j];
        }
        const covariance: unknown = covariances[k];
        checkLength(covariance, D, `covariances[${k}]`);
        if (diagonal && typeof (covariance as ArrayLike<unknown>)[0] === "number")
          packVariances(theta, k, covariance as ArrayLike<number>);
        else packMatrix(theta, k, covariance as readonly ArrayLike<number>[]);
      }
      return theta;
    },

    unpack: (theta) => ({
      weights: Array.from(theta.subarray(0, K)),
      means: range(K).map((k) => Array.from(theta.subarray(K + k * D, K + (k + 1) * D))),
      covariances: range(K).map((k) =>
        diagonal
          ? range(D).map((j) => theta[varianceAt(k, j)])
          : range(D).map((i) => range(D).map((j) => covarianceOf(theta, k, i, j))),
      ) as Covariances,
    }),
  };
}
