import { checkDistribution, checkFinite, checkLength, checkNotNegative, checkPositive } from "./checks.js";
import { type Data, readData, type Samples } from "./data.js";
import type { EmOptions, EmResult } from "./em.js";
import { InputError } from "./errors.js";
import { type Family, logLikelihood, mStep, readResponsibilities, responsibilityRows, runFamily } from "./family.js";
import { gaussianFamily } from "./gaussian/family.js";

/** The parameters of a mixture of K normal distributions on the line. */
export interface NormalMixture {
  /** The mixing weights w_k, which sum to 1. */
  readonly weights: readonly number[];
  /** The means m_k, in the units of the observations. */
  readonly means: readonly number[];
  /** The standard deviations s_k > 0, in the units of the observations: not the variances s_k². */
  readonly deviations: readonly number[];
}

/** A floor that keeps components from collapsing onto single observations. */
export interface DeviationFloor {
  /** No deviation becomes smaller than this; 0 unless given. */
  readonly minDeviation?: number;
}

/** Options of `normalMixture.fit`: those of `em` (`tol` is the change of the TOTAL log-likelihood) and a floor. */
export interface NormalMixtureFitOptions extends EmOptions<NormalMixture>, DeviationFloor {}

/**
 * The density of the normal distribution, N(x | m, s²) = exp(−(x − m)² / 2s²) / (s √(2π)).
 *
 * @param deviation the standard deviation s > 0
 * @throws InputError for a number that is not finite or a deviation of 0 or below
 */
export function normalDensity(x: number, mean: number, deviation: number): number {
  checkFinite(x, "x");
  checkFinite(mean, "mean");
  checkPositive(deviation, "deviation");
  const z = (x - mean) / deviation;
  return Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI));
}

/** The mixture of normal distributions on the line, a function for each step of the algorithm. */
export const normalMixture = {
  /**
   * The density of the mixture at x: Σ_k w_k N(x | m_k, s_k²).
   *
   * @throws InputError for parameters out of range
   */
  density(x: number, parameters: NormalMixture): number {
    const { weights, means, deviations } = checkParameters(parameters);
    return weights.reduce((sum, weight, k) => sum + weight * normalDensity(x, means[k], deviations[k]), 0);
  },

  /**
   * The E-step: responsibilities[j][k] = w_k N(x_j | m_k, s_k²) / Σ_l w_l N(x_j | m_l, s_l²), computed in logs.
   *
   * @returns a row per observation, a column per component; each row sums to 1
   * @throws InputError for parameters out of range or observations that are no finite numbers
   */
  eStep(parameters: NormalMixture, observations: Samples): number[][] {
    const { family, theta } = open(parameters);
    return responsibilityRows(family, theta, read(observations));
  },

  /**
   * The M-step: with n_k = Σ_j r_jk, the weights n_k / N, means Σ_j r_jk x_j / n_k and variances
   * Σ_j r_jk (x_j − m_k)² / n_k, of which the deviations are the roots.
   *
   * @param responsibilities a row per observation, a column per component
   * @throws InputError for shapes that do not match, rows that do not sum to 1, or a component without responsibility;
   * CollapseError where a variance is 0 and no `minDeviation` holds it up
   */
  mStep(
    observations: Samples,
    responsibilities: readonly ArrayLike<number>[],
    options: DeviationFloor = {},
  ): NormalMixture {
    const data = read(observations);
    const given = readResponsibilities(responsibilities, data.rows);
    const components = responsibilities[0].length;
    const family = normalFamily(components, options);
    return family.unpack(mStep(family, data, given));
  },

  /** The total log-likelihood Σ_j log Σ_k w_k N(x_j | m_k, s_k²), natural logarithm. */
  logLikelihood(parameters: NormalMixture, observations: Samples): number {
    const { family, theta } = open(parameters);
    return logLikelihood(family, theta, read(observations));
  },

  /**
   * Fits a mixture of normal distributions to observations by EM from a given start.
   *
   * @param options `tol` (1e-10) stops the loop once the total log-likelihood changes by less
   * @throws InputError for bad input, fewer observations than components among it; CollapseError where a component
   * shrinks onto a single observation and no `minDeviation` holds it up
   */
  fit(observations: Samples, start: NormalMixture, options: NormalMixtureFitOptions = {}): EmResult<NormalMixture> {
    const { minDeviation, ...loop } = options;
    const { family, theta } = open(start, minDeviation === undefined ? {} : { minDeviation });
    const data = read(observations);
    if (data.rows < family.components) {
      const rule = `must be at least as many as the ${family.components} components`;
      throw new InputError("observations", rule, data.rows, "Use fewer components.");
    }
    return runFamily(family, theta, data, loop).result;
  },
};

const read = (observations: Samples): Data => readData(observations, { name: "observations", columns: 1 });

function open(
  parameters: NormalMixture,
  floor: DeviationFloor = {},
): { family: Family<NormalMixture>; theta: Float64Array } {
  const family = normalFamily(checkParameters(parameters).weights.length, floor);
  return { family, theta: family.pack(parameters) };
}

/** The engine's Gaussian family in one dimension, with deviations for covariances. */
function normalFamily(components: number, { minDeviation = 0 }: DeviationFloor): Family<NormalMixture> {
  checkNotNegative(minDeviation, "minDeviation");
  const floors = minDeviation > 0 ? Float64Array.of(minDeviation ** 2) : undefined;
  const family = gaussianFamily({ components, columns: 1, covarianceType: "diag", floors });
  return {
    ...family,
    pack: ({ weights, means, deviations }) => Float64Array.of(...weights, ...means, ...deviations.map((s) => s * s)),
    unpack(theta) {
      const [weights, means, variances] = [0, 1, 2].map((part) =>
        Array.from(theta.slice(part * components, (part + 1) * components)),
      );
      return { weights, means, deviations: variances.map(Math.sqrt) };
    },
  };
}

function checkParameters(parameters: NormalMixture): NormalMixture {
  const { weights, means, deviations } = parameters;
  checkLength(weights, undefined, "weights");
  checkDistribution(weights, "weights");
  checkLength(means, weights.length, "means");
  checkLength(deviations, weights.length, "deviations");
  for (let k = 0; k < weights.length; k++) {
    checkFinite(means[k], { name: "means", row: k });
    const place = { name: "deviations", row: k };
    checkPositive(deviations[k], place);
    const variance = deviations[k] ** 2;
    if (variance === 0 || variance === Number.POSITIVE_INFINITY)
      throw new InputError(place, "must have a square that is a number", deviations[k], "Give the data another unit.");
  }
  return parameters;
}
