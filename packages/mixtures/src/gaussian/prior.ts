import { checkLength, checkObject, checkOptions, checkPositive } from "../checks.js";
import { whiten } from "../linear-algebra.js";
import type { ParameterVector } from "./parameters.js";

/**
 * A prior on covariances, told as data: as if each component also held so many rows whose covariance about its mean is the
 * diagonal matrix T of the variances. It is the inverse Wishart distribution whose log-density is, but for a constant,
 * −½ rows (log det Σ + tr Σ⁻¹T); tied covariances have one.
 */
export interface CovariancePrior {
  /** How many rows the prior counts for: above 0; 1 is little, the number of columns much for small data. */
  readonly rows: number;
  /**
   * D variances, in squared units; unless given, those of the data divided by K^(2/D), so that K components of that size
   * fill the space that the data do.
   * @see Fraley & Raftery (2007), Bayesian regularization for normal mixture estimation and model-based clustering
   */
  readonly variances?: readonly number[];
}

/** A prior as fits use it. */
export interface Prior {
  readonly rows: number;
  readonly variances: Float64Array;
  /** The log of its density at θ, but for a constant. */
  logDensity(theta: Float64Array): number;
}

/**
 * @param usual the data's variances, far outliers apart
 * @param held the covariances that are fixed
 * @throws InputError for a prior out of range
 */
export function priorOf(
  vector: ParameterVector,
  given: CovariancePrior,
  usual: Float64Array,
  held: readonly boolean[] | undefined,
): Prior {
  const { components: K, columns: D, tied, shape, covarianceAt, varianceAt } = vector;
  checkObject(given, "prior", "Give an object, such as { rows: 1 }.");
  checkOptions(given, ["rows", "variances"], "prior");
  const { rows } = given;
  checkPositive(rows, "prior.rows");
  if (given.variances !== undefined) checkLength(given.variances, D, "prior.variances");
  const variances = Float64Array.from(given.variances ?? usual.map((v) => v / K ** (2 / D)));
  variances.forEach((variance, column) => {
    checkPositive(variance, `prior.variances[${column}]`);
  });
  const whitener = new Float64Array(D * D);

  /** log det Σ + tr Σ⁻¹T of component k. */
  function penalty(theta: Float64Array, k: number): number {
    let sum = 0;
    if (shape === "diagonal") {
      for (let j = 0; j < D; j++) {
        const variance = theta[varianceAt(k, j)];
        sum += Math.log(variance) + variances[j] / variance;
      }
      return sum;
    }
    sum = -2 * whiten(theta, whitener, D, covarianceAt(k), 0);
    for (let i = 0; i < D; i++) for (let j = 0; j <= i; j++) sum += whitener[i * D + j] ** 2 * variances[j];
    return sum;
  }

  return {
    rows,
    variances,
    logDensity(theta) {
      let sum = 0;
      for (let k = 0; k < (tied ? 1 : K); k++) if (!held?.[k]) sum += penalty(theta, k);
      return -0.5 * rows * sum;
    },
  };
}
