import {
  checkArray,
  checkDistribution,
  checkFinite,
  checkNotNegative,
  checkObject,
  checkOptions,
  checkPositive,
  checkResponsibilities,
} from "./checks.js";
import { logSumExp, normalDensity } from "./density.js";
import { type EmOptions, type EmResult, em, emOptions } from "./em.js";
import { CollapseError, InputError } from "./errors.js";

/** Numbers to be explained by a mixture, one per observation. */
export type Observations = readonly number[] | Float64Array;

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
  readonly minDeviation?: number | undefined;
}

/** Options of `normalMixture.fit`: those of `em` (`tol` is the change of the TOTAL log-likelihood) and a floor. */
export interface NormalMixtureFitOptions extends EmOptions<NormalMixture>, DeviationFloor {}

/** The mixture of normal distributions on the line, a function for each step of the algorithm. */
export const normalMixture = {
  /**
   * The density of the mixture at x: Σ_k w_k N(x | m_k, s_k²).
   *
   * @throws InputError for parameters out of range
   */
  density(x: number, parameters: NormalMixture): number {
    const { weights, means, deviations } = readParameters(parameters, "parameters");
    return weights.reduce((sum, weight, k) => sum + weight * normalDensity(x, means[k], deviations[k]), 0);
  },

  /**
   * The E-step: responsibilities[j][k] = w_k N(x_j | m_k, s_k²) / Σ_l w_l N(x_j | m_l, s_l²), computed in logs.
   *
   * @returns a row per observation, a column per component; each row sums to 1
   * @throws InputError for parameters out of range or observations that are no finite numbers
   */
  eStep(parameters: NormalMixture, observations: Observations): number[][] {
    checkObservations(observations);
    return expectation(readParameters(parameters, "parameters"), observations).responsibilities;
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
    observations: Observations,
    responsibilities: readonly ArrayLike<number>[],
    options: DeviationFloor = {},
  ): NormalMixture {
    checkOptions(options, ["minDeviation"]);
    const { minDeviation = 0 } = options;
    checkNotNegative(minDeviation, "minDeviation");
    checkObservations(observations);
    const components = checkResponsibilities(responsibilities, observations.length);
    return maximisation(observations, responsibilities, components, minDeviation);
  },

  /** The total log-likelihood Σ_j log Σ_k w_k N(x_j | m_k, s_k²), natural logarithm. */
  logLikelihood(parameters: NormalMixture, observations: Observations): number {
    checkObservations(observations);
    return expectation(readParameters(parameters, "parameters"), observations).logLikelihood;
  },

  /**
   * Fits a mixture of normal distributions to observations by EM from a given start.
   *
   * @param options `tol` (1e-10) stops the loop once the total log-likelihood changes by less
   * @throws InputError for bad input, fewer observations than components among it; CollapseError where a component
   * shrinks onto a single observation and no `minDeviation` holds it up
   */
  fit(
    observations: Observations,
    start: NormalMixture,
    options: NormalMixtureFitOptions = {},
  ): EmResult<NormalMixture> {
    checkOptions(options, [...emOptions, "minDeviation"]);
    const { minDeviation = 0, ...loopOptions } = options;
    checkNotNegative(minDeviation, "minDeviation");
    const first = readParameters(start, "start");
    const components = first.weights.length;
    checkObservations(observations);
    if (observations.length < components) {
      const rule = `must be at least as many as the ${components} components`;
      throw new InputError("observations", rule, observations.length, "Use fewer components.");
    }
    const step = (params: NormalMixture) => {
      const { responsibilities, logLikelihood } = expectation(params, observations);
      return { params: maximisation(observations, responsibilities, components, minDeviation), logLikelihood };
    };
    return em(first, step, loopOptions);
  },
};

/** The E-step and the log-likelihood that it yields, for parameters and observations that have been checked. */
function expectation({ weights, means, deviations }: NormalMixture, observations: Observations) {
  const responsibilities: number[][] = [];
  let logLikelihood = 0;
  // log(w_k N(x | m_k, s_k²)) = log(w_k / s_k) − ½ log 2π − ½ ((x − m_k) / s_k)²
  const scales = weights.map((weight, k) => Math.log(weight / deviations[k]) - 0.5 * Math.log(2 * Math.PI));
  observations.forEach((x, j) => {
    const terms = scales.map((scale, k) => scale - 0.5 * ((x - means[k]) / deviations[k]) ** 2);
    const logDensity = possible(logSumExp(terms), j);
    responsibilities.push(terms.map((term) => Math.exp(term - logDensity)));
    logLikelihood += logDensity;
  });
  return { responsibilities, logLikelihood };
}

/** The M-step: each component is fitted to all observations, weighted by its responsibilities. */
function maximisation(
  observations: Observations,
  responsibilities: readonly ArrayLike<number>[],
  components: number,
  minDeviation: number,
): NormalMixture {
  const weights: number[] = [];
  const means: number[] = [];
  const deviations: number[] = [];
  for (let k = 0; k < components; k++) {
    let total = 0;
    let sum = 0;
    let squares = 0;
    for (let j = 0; j < observations.length; j++) {
      total += responsibilities[j][k];
      sum += responsibilities[j][k] * observations[j];
    }
    const mean = sum / total;
    for (let j = 0; j < observations.length; j++) squares += responsibilities[j][k] * (observations[j] - mean) ** 2;
    if (total === 0) {
      const remedy = "It explains no observation: start it nearer to the data, or use fewer components.";
      throw new InputError(`the responsibilities of component ${k}`, "must not all be 0", 0, remedy);
    }
    const deviation = Math.max(Math.sqrt(squares / total), minDeviation);
    if (deviation === 0) throw new CollapseError(k);
    weights.push(total / observations.length);
    means.push(mean);
    deviations.push(deviation);
  }
  return { weights, means, deviations };
}

function possible(logDensity: number, row: number): number {
  if (logDensity > Number.NEGATIVE_INFINITY) return logDensity;
  const remedy = "Choose parameters under which every observation is possible.";
  throw new InputError({ name: "observations", row }, "must have a density above 0", 0, remedy);
}

function checkObservations(observations: Observations): void {
  checkArray(observations, "observations");
  for (let row = 0; row < observations.length; row++) checkFinite(observations[row], { name: "observations", row });
}

/** Checks the parameters and copies them, so that a result shares nothing with its start. */
function readParameters(parameters: NormalMixture, place: string): NormalMixture {
  checkObject(parameters, place, "{ weights: [0.5, 0.5], means: [0, 1], deviations: [1, 1] }");
  const { weights, means, deviations } = parameters;
  checkArray(weights, "weights");
  checkDistribution(weights, "weights");
  checkArray(means, "means", weights.length);
  checkArray(deviations, "deviations", weights.length);
  for (let row = 0; row < weights.length; row++) {
    checkFinite(means[row], { name: "means", row });
    checkPositive(deviations[row], { name: "deviations", row });
  }
  return { weights: [...weights], means: [...means], deviations: [...deviations] };
}
