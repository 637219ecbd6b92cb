import { checkLength, checkObject, checkOptions } from "../checks.js";
import { InputError } from "../errors.js";
import type { Covariances, GaussianParams, ParameterVector } from "./parameters.js";

/**
 * Parameters that a fit leaves as they are. Each is a list of K values, null where the component's own is free, or true for
 * all that `init` has.
 */
export interface FixedParams {
  readonly weights?: true | readonly (number | null)[];
  readonly means?: true | readonly (readonly number[] | null)[];
  /** Tied covariances are one: fix all or none. */
  readonly covariances?: true | readonly (Covariances[number] | null)[];
}

/** What an M-step has to leave alone. */
export interface Held {
  /** Writes the fixed values into θ; the free weights share what the fixed ones leave. Returns θ. */
  hold(theta: Float64Array): Float64Array;
  readonly means: readonly boolean[];
  readonly covariances: readonly boolean[];
  /** How many parameters are no longer free. */
  readonly count: number;
}

/** @throws InputError for values of another shape or out of range, or `true` without an `init` of parameters */
export function heldBy(vector: ParameterVector, fixed: FixedParams, init: unknown): Held {
  checkObject(fixed, "fixed", "Give an object, such as { means: true }.");
  checkOptions(fixed, ["weights", "means", "covariances"], "fixed");
  const { components: K, columns: D, tied, covarianceSize, covarianceAt, shape } = vector;
  const weights = listOf<number>("weights", fixed, init, K);
  const means = listOf<readonly number[]>("means", fixed, init, K);
  const covariances = listOf<Covariances[number]>("covariances", fixed, init, K);
  const isFixed = (value: unknown) => value !== null;
  const fixedCovariances = covariances.filter(isFixed).length;
  if (tied && fixedCovariances > 0 && fixedCovariances < K) {
    const rule = "must fix all or none, as tied covariances are one";
    throw new InputError("fixed.covariances", rule, `${fixedCovariances} of ${K}`, "Give it for every component.");
  }
  const fixedWeights = weights.filter(isFixed).length;
  const given = weights.reduce<number>((sum, weight) => sum + (weight ?? 0), 0);
  const free = K - fixedWeights;
  if (free > 0 && !(given >= 0 && given < 1)) {
    const rule = "must have a sum below 1, so that something is left for the free ones";
    throw new InputError("fixed.weights", rule, given, "Lower them, or fix all.");
  }
  // With something sound in place of what is free, the values are checked as any parameters are.
  const values = vector.pack({
    weights: weights.map((weight) => weight ?? (1 - given) / free),
    means: means.map((mean) => mean ?? Array(D).fill(0)),
    covariances: covariances.map(
      (covariance) =>
        covariance ?? Array.from({ length: D }, (_, i) => Array.from({ length: D }, (_, j) => Number(i === j))),
    ) as Covariances,
  } as GaussianParams);
  const perCovariance = shape === "full" ? (D * (D + 1)) / 2 : covarianceSize;
  return {
    means: means.map(isFixed),
    covariances: covariances.map(isFixed),
    count:
      (free > 0 ? fixedWeights : K - 1) +
      means.filter(isFixed).length * D +
      (tied ? Math.min(1, fixedCovariances) : fixedCovariances) * perCovariance,
    hold(theta) {
      const freeSum = weights.reduce<number>((sum, weight, k) => sum + (weight === null ? theta[k] : 0), 0);
      for (let k = 0; k < K; k++) {
        if (fixedWeights > 0)
          theta[k] =
            weights[k] !== null ? values[k] : freeSum > 0 ? (theta[k] / freeSum) * (1 - given) : (1 - given) / free;
        if (means[k] !== null) theta.set(values.subarray(K + k * D, K + (k + 1) * D), K + k * D);
        const at = covarianceAt(k);
        if (covariances[k] !== null) theta.set(values.subarray(at, at + covarianceSize), at);
      }
      return theta;
    },
  };
}

/** The K values of one kind of parameters, null where they are free. */
function listOf<V>(name: keyof FixedParams, fixed: FixedParams, init: unknown, K: number): readonly (V | null)[] {
  const list: unknown = fixed[name];
  if (list === undefined) return Array(K).fill(null);
  const from = list === true ? (init as Partial<GaussianParams> | undefined)?.[name] : list;
  if (list === true && from === undefined) {
    const remedy = "Give the values themselves, or a model's parameters as init.";
    throw new InputError(`fixed.${name}`, "must be true only where init has parameters", list, remedy);
  }
  checkLength(from, K, `fixed.${name}`);
  return Array.from(from as ArrayLike<V | null | undefined>, (value) => value ?? null);
}
