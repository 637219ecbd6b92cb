import { checkDistribution, checkFinite, checkLength } from "../checks.js";
import type { Data } from "../data.js";
import type { StepResult } from "../em.js";
import { CollapseError, InputError } from "../errors.js";
import { emptyShare, eStep, type Family, type LogJoint, type OpenStep } from "../family.js";
import { floorTolerance, liftEigenvalues, whiten } from "../linear-algebra.js";
import { type Random, standardNormal } from "../random.js";
import {
  type AddRow,
  addTo,
  emptySums,
  type GaussianDensities,
  type GaussianSums,
  type KernelShape,
  logJointOf,
  type OpenGaussianKernel,
  openPlainKernel,
} from "./kernel.js";
import { findPatterns, missingStep } from "./missing.js";

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

export interface GaussianLayout {
  readonly components: number;
  readonly columns: number;
  readonly covarianceType: CovarianceType;
  /** Added to every variance, against collapse; 0 for plain maximum likelihood. */
  readonly regCovar?: number;
  /**
   * The least variance allowed in the direction of each column, D entries; none where undefined. A covariance Σ obeys
   * vᵀΣv ≥ vᵀFv for all v, F the diagonal matrix of these floors.
   */
  readonly floors?: Float64Array | undefined;
}

/** A mean that moved by more than this many deviations, squared, has cost its variance's sum too many digits. */
const farMove = 1e4;

const collapseRemedy = "Try another start, fewer components, or a floor under the variances.";

/**
 * Mixtures of normal distributions. Their parameter vector θ holds K weights, K × D means, then the covariances, as
 * many as the type has.
 */
export function gaussianFamily(
  layout: GaussianLayout,
  openKernel: OpenGaussianKernel = openPlainKernel,
): Family<GaussianParams> {
  const { components: K, columns: D, covarianceType, regCovar = 0, floors } = layout;
  const meansAt = K;
  const covariancesAt = K + K * D;
  // With one column all types are diagonal ones; full then has diag's layout and tied holds one variance.
  const shape: KernelShape = D > 1 && (covarianceType === "full" || covarianceType === "tied") ? "full" : "diagonal";
  const tied = covarianceType === "tied";
  const blockSize = shape === "full" ? D * D : covarianceType === "spherical" ? 1 : D;
  const size = covariancesAt + (tied ? blockSize : K * blockSize);
  const blockOf = (k: number) => covariancesAt + (tied ? 0 : k * blockSize);
  /** Where the variance of column j under component k stands in θ. */
  const varianceAt = (k: number, j: number) =>
    blockOf(k) + (shape === "full" ? j * D + j : covarianceType === "spherical" ? 0 : j);

  const meansOf = (theta: Float64Array) => theta.subarray(meansAt, covariancesAt);

  function densities(theta: Float64Array): GaussianDensities {
    const logScales = new Float64Array(K);
    const whiteners = new Float64Array(shape === "full" ? K * D * D : K * D);
    for (let k = 0; k < K; k++) {
      let logDeterminant = 0;
      if (shape === "full") logDeterminant = whiten(theta, whiteners, D, blockOf(k), k * D * D);
      else
        for (let j = 0; j < D; j++) {
          const variance = theta[varianceAt(k, j)];
          whiteners[k * D + j] = 1 / Math.sqrt(variance);
          logDeterminant -= 0.5 * Math.log(variance);
        }
      if (!Number.isFinite(logDeterminant)) throw new CollapseError(k, collapseRemedy);
      logScales[k] = Math.log(theta[k]) + logDeterminant - 0.5 * D * Math.log(2 * Math.PI);
    }
    return { components: K, columns: D, shape, logScales, means: meansOf(theta), whiteners };
  }

  /** The M-step, from sums about the means of θ. */
  function estimate(theta: Float64Array, sums: GaussianSums): Float64Array {
    const { counts, first, second } = sums;
    const next = new Float64Array(size);
    let total = 0;
    for (let k = 0; k < K; k++) total += counts[k];
    for (let k = 0; k < K; k++) {
      const count = counts[k];
      next[k] = count / total;
      const empty = !(next[k] > emptyShare);
      for (let j = 0; j < D; j++) {
        const at = meansAt + k * D + j;
        next[at] = theta[at] + (empty ? 0 : first[k * D + j] / count);
      }
      if (empty && !tied) next.set(theta.subarray(blockOf(k), blockOf(k) + blockSize), blockOf(k));
      else if (!empty) addScatter(next, k, count, tied ? total : count, first, second);
    }
    for (let k = 0; k < (tied ? 1 : K); k++) if (next[k] > emptyShare || tied) regularise(next, k);
    return next;
  }

  /** Adds Σ_i r_ik (x_i − mean)(x_i − mean)ᵀ / divisor to component k's covariance: about the new mean, not the old. */
  function addScatter(
    next: Float64Array,
    k: number,
    count: number,
    divisor: number,
    first: Float64Array,
    second: Float64Array,
  ): void {
    for (let i = 0; i < D; i++) {
      const shift = first[k * D + i] / count;
      if (shape === "diagonal") {
        const scatter = (second[k * D + i] - first[k * D + i] * shift) / divisor;
        next[varianceAt(k, i)] += covarianceType === "spherical" ? scatter / D : scatter;
      } else
        for (let j = 0; j <= i; j++) {
          const scatter = (second[(k * D + i) * D + j] - first[k * D + j] * shift) / divisor;
          next[blockOf(k) + i * D + j] += scatter;
          if (i !== j) next[blockOf(k) + j * D + i] += scatter;
        }
    }
  }

  /** Adds regCovar to the variances and lifts a covariance onto the floor. */
  function regularise(next: Float64Array, k: number): void {
    if (covarianceType === "spherical") {
      next[blockOf(k)] = Math.max(next[blockOf(k)] + regCovar, sphericalFloor);
      return;
    }
    for (let j = 0; j < D; j++) next[varianceAt(k, j)] += regCovar;
    if (floors === undefined) return;
    if (shape === "full") liftEigenvalues(next.subarray(blockOf(k), blockOf(k) + D * D), floors);
    else for (let j = 0; j < D; j++) next[varianceAt(k, j)] = Math.max(next[varianceAt(k, j)], floors[j]);
  }
  const sphericalFloor = floors === undefined ? 0 : floors.reduce((sum, floor) => sum + floor / D, 0);

  /** Whether the means moved so far that the sums about the old ones have lost digits of the variances. */
  function movedFar(theta: Float64Array, next: Float64Array): boolean {
    for (let k = 0; k < K; k++)
      for (let j = 0; j < D; j++) {
        const move = next[meansAt + k * D + j] - theta[meansAt + k * D + j];
        if (!(move * move <= farMove * next[varianceAt(k, j)])) return true;
      }
    return false;
  }

  /** Where entry (i, j) of component k's covariance stands in θ; undefined where the type makes it 0. */
  const entryAt = (k: number, i: number, j: number) =>
    shape === "full" ? blockOf(k) + i * D + j : i === j ? varianceAt(k, i) : undefined;

  function pack(params: GaussianParams): Float64Array {
    checkParams(params, K, D);
    const theta = new Float64Array(size).fill(Number.NaN);
    theta.set(params.weights);
    theta.set(params.means.flat(), meansAt);
    for (let k = 0; k < K; k++)
      for (let i = 0; i < D; i++)
        for (let j = 0; j < D; j++) {
          const entry = params.covariances[k][i][j];
          const at = entryAt(k, i, j);
          const expected = at === undefined ? 0 : Number.isNaN(theta[at]) ? entry : theta[at];
          if (Math.abs(entry - expected) > roundingOfGivenFigures * Math.abs(params.covariances[k][i][i])) {
            const rule = `must be ${expected}, as covarianceType "${covarianceType}" has it`;
            throw new InputError(`covariances[${k}][${i}][${j}]`, rule, entry, "Choose a type that allows it.");
          }
          if (at !== undefined) theta[at] = expected;
        }
    return theta;
  }

  function covarianceOf(theta: Float64Array, k: number, i: number, j: number): number {
    const at = entryAt(k, i, j);
    return at === undefined ? 0 : theta[at];
  }

  /** The E-step's two halves over some data: the log-joint at θ, and adding rows to sums about any centres. */
  function opened(data: Data): (theta: Float64Array) => {
    readonly logJoint: LogJoint;
    addTo(sums: GaussianSums, centres: Float64Array): AddRow;
  } {
    if (!data.missing)
      return (theta) => ({
        logJoint: logJointOf(densities(theta), data),
        addTo: (sums, centres) => addTo(sums, data, centres, shape),
      });
    const patterns = findPatterns(data);
    return (theta) => {
      const covariance = (k: number, i: number, j: number) => covarianceOf(theta, k, i, j);
      const part = missingStep(data, patterns, theta.subarray(0, K).map(Math.log), meansOf(theta), covariance);
      return { logJoint: part.logJoint, addTo: (sums, centres) => part.addTo(sums, centres, shape) };
    };
  }

  function open(data: Data): OpenStep {
    const parts = opened(data);
    // Missing values have a pass of their own.
    const kernel = data.missing ? undefined : openKernel(data, K, shape);
    /** The E-step at θ with the M-step from sums about θ's means, or about those of `about`. */
    const pass = (theta: Float64Array, about = theta): StepResult<Float64Array> => {
      const { logJoint, addTo } = parts(theta);
      const sums = emptySums(K, D, shape);
      const logLikelihood = eStep(logJoint, K, data, addTo(sums, meansOf(about)));
      return { params: estimate(about, sums), logLikelihood };
    };
    const fused = (theta: Float64Array): StepResult<Float64Array> => {
      if (kernel === undefined) return pass(theta);
      const sums = kernel.sums(densities(theta));
      return { params: estimate(theta, sums), logLikelihood: sums.logLikelihood };
    };
    return {
      step(theta) {
        const result = fused(theta);
        if (!movedFar(theta, result.params)) return result;
        // Once more, about the new means: it happens after a far start, and where a component collapses.
        const about = Float64Array.from(theta);
        about.set(meansOf(result.params), meansAt);
        return pass(theta, about);
      },
      close: () => kernel?.close(),
    };
  }

  /** Draws mean + L z, z standard normal and L = W⁻¹ the Cholesky factor of the covariance. */
  function sampler(theta: Float64Array): (component: number, random: Random) => number[] {
    const { means, whiteners } = densities(theta);
    return (k, random) => {
      const offsets: number[] = [];
      for (let i = 0; i < D; i++) {
        const z = standardNormal(random);
        if (shape === "diagonal") offsets.push(z / whiteners[k * D + i]);
        else {
          const start = (k * D + i) * D;
          const sum = offsets.reduce((rest, offset, j) => rest - whiteners[start + j] * offset, z);
          offsets.push(sum / whiteners[start + i]);
        }
      }
      return offsets.map((offset, j) => means[k * D + j] + offset);
    };
  }

  /** Whether component k's covariance lies on the floor or below. */
  function onFloor(theta: Float64Array, k: number): boolean {
    if (floors === undefined) return false;
    if (shape === "full") return liftEigenvalues(theta.slice(blockOf(k), blockOf(k) + D * D), floors);
    const reached = (floor: number, j: number) => theta[varianceAt(k, j)] <= floor * (1 + floorTolerance);
    return covarianceType === "spherical" ? reached(sphericalFloor, 0) : floors.some(reached);
  }

  const range = (length: number) => Array.from({ length }, (_, index) => index);

  return {
    components: K,
    columns: D,
    size,
    ownEntries: tied ? 0 : blockSize,
    freeParameters: K - 1 + K * D + (tied ? 1 : K) * (shape === "full" ? (D * (D + 1)) / 2 : blockSize),
    pack,
    unpack: (theta) => ({
      weights: Array.from(theta.subarray(0, K)),
      means: range(K).map((k) => Array.from(theta.subarray(meansAt + k * D, meansAt + (k + 1) * D))),
      covariances: range(K).map((k) => range(D).map((i) => range(D).map((j) => covarianceOf(theta, k, i, j)))),
    }),
    isInside(theta) {
      if (!theta.every((entry, at) => Number.isFinite(entry) && (at >= K || entry > 0))) return false;
      if (range(K).some((k) => onFloor(theta, k))) return false;
      return shape === "full"
        ? range(K).every((k) => !Number.isNaN(whiten(theta, new Float64Array(D * D), D, blockOf(k), 0)))
        : theta.subarray(covariancesAt).every((variance) => variance > 0);
    },
    nearSingular: (theta) => range(K).filter((k) => onFloor(theta, k)),
    logJoint: (theta, data) => opened(data)(theta).logJoint,
    weightedFit(theta, data) {
      const sums = emptySums(K, D, shape);
      return { add: addTo(sums, data, meansOf(theta), shape), estimate: () => estimate(theta, sums) };
    },
    open,
    sampler,
  };
}

/** Figures that a caller computed or copied may differ this much, relative, where they should be equal. */
const roundingOfGivenFigures = 1e-9;

function checkParams({ weights, means, covariances }: GaussianParams, components: number, columns: number): void {
  checkLength(weights, components, "weights");
  checkDistribution(weights, "weights");
  checkLength(means, components, "means");
  checkLength(covariances, components, "covariances");
  const whitener = new Float64Array(columns * columns);
  for (let k = 0; k < components; k++) {
    checkLength(means[k], columns, `means[${k}]`);
    for (let j = 0; j < columns; j++) checkFinite(means[k][j], { name: "means", row: k, column: j });
    const covariance = covariances[k];
    checkLength(covariance, columns, `covariances[${k}]`);
    for (let i = 0; i < columns; i++) {
      checkLength(covariance[i], columns, `covariances[${k}][${i}]`);
      for (let j = 0; j < columns; j++) {
        checkFinite(covariance[i][j], `covariances[${k}][${i}][${j}]`);
        if (
          j < i &&
          Math.abs(covariance[i][j] - covariance[j][i]) > roundingOfGivenFigures * Math.abs(covariance[i][i])
        )
          throw new InputError(
            `covariances[${k}][${i}][${j}]`,
            `must equal its mirror image ${covariance[j][i]}`,
            covariance[i][j],
            "A covariance matrix is symmetric.",
          );
      }
    }
    if (Number.isNaN(whiten(Float64Array.from(covariance.flat()), whitener, columns)))
      throw new InputError(
        `covariances[${k}]`,
        "must be positive definite",
        JSON.stringify(covariance),
        "Its variances must be above 0 and no column a combination of others.",
      );
  }
}
