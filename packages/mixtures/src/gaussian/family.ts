import type { Data } from "../data.js";
import type { StepResult } from "../em.js";
import { CollapseError } from "../errors.js";
import { emptyShare, eStep, type Family, type OpenStep } from "../family.js";
import { floorTolerance, liftEigenvalues, whiten } from "../linear-algebra.js";
import { type Random, standardNormal } from "../random.js";
import { fastPasses } from "./fast-passes.js";
import { manyRows, openGridPasses } from "./grid-passes.js";
import { findPatterns, missingStep, type RowParts } from "./missing.js";
import { type CovarianceType, type GaussianParams, gaussianParameters } from "./parameters.js";
import { addSums, emptySums, type GaussianDensities, type GaussianSums, type OpenPasses } from "./passes.js";

export interface GaussianOptions {
  readonly components: number;
  readonly columns: number;
  readonly covarianceType: CovarianceType;
  /** Added to every variance, against collapse; 0 for plain maximum likelihood. */
  readonly regCovar?: number;
  /**
   * The least variance allowed in the direction of each column, D entries above 0; none where undefined. A covariance
   * Σ obeys vᵀΣv ≥ vᵀFv for all v, F the diagonal matrix of these floors.
   */
  readonly floors?: Float64Array | undefined;
}

export interface GaussianFamily extends Family<GaussianParams> {
  /** One EM step over data that come in chunks, one after the other: one pass, or two after a far move of the means. */
  chunkedStep(theta: Float64Array, readAll: () => AsyncIterable<Data>): Promise<StepResult<Float64Array>>;
}

/** A mean that moved by more than this many deviations, squared, has cost its variance's sum too many digits. */
const farMove = 1e4;

const collapseRemedy = "Try another start, fewer components, or a floor under the variances.";

/** Mixtures of normal distributions. */
export function gaussianFamily(options: GaussianOptions, openPasses: OpenPasses = fastPasses()): GaussianFamily {
  const { components: K, columns: D, covarianceType, regCovar = 0, floors } = options;
  const vector = gaussianParameters(K, D, covarianceType);
  const { shape, size, covarianceSize, meansOf, covarianceAt, varianceAt } = vector;
  const tied = covarianceType === "tied";
  const spherical = covarianceType === "spherical";
  const sphericalFloor = floors === undefined ? 0 : floors.reduce((sum, floor) => sum + floor / D, 0);

  const emptyDensities = (): GaussianDensities => ({
    components: K,
    columns: D,
    shape,
    logScales: new Float64Array(K),
    means: new Float64Array(K * D),
    whiteners: new Float64Array(shape === "full" ? K * D * D : K * D),
  });

  /** Writes the densities at θ into given ones, as to make new arrays for few rows takes as long as a pass over them. */
  function densities(theta: Float64Array, into = emptyDensities()): GaussianDensities {
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
      if (!Number.isFinite(logDeterminant)) throw new CollapseError(k, collapseRemedy);
      logScales[k] = Math.log(theta[k]) + logDeterminant - 0.5 * D * Math.log(2 * Math.PI);
    }
    return into;
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
        const at = K + k * D + j;
        next[at] = theta[at] + (empty ? 0 : first[k * D + j] / count);
      }
      if (empty && !tied) next.set(theta.subarray(covarianceAt(k), covarianceAt(k) + covarianceSize), covarianceAt(k));
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
        next[varianceAt(k, i)] += spherical ? scatter / D : scatter;
      } else
        for (let j = 0; j <= i; j++) {
          const scatter = (second[(k * D + i) * D + j] - first[k * D + j] * shift) / divisor;
          next[covarianceAt(k) + i * D + j] += scatter;
          if (i !== j) next[covarianceAt(k) + j * D + i] += scatter;
        }
    }
  }

  /** Adds regCovar to the variances and lifts a covariance onto the floor. */
  function regularise(next: Float64Array, k: number): void {
    if (spherical) {
      next[covarianceAt(k)] = Math.max(next[covarianceAt(k)] + regCovar, sphericalFloor);
      return;
    }
    for (let j = 0; j < D; j++) next[varianceAt(k, j)] += regCovar;
    if (shape === "full") liftEigenvalues(next.subarray(covarianceAt(k), covarianceAt(k) + covarianceSize), floors);
    else if (floors !== undefined)
      for (let j = 0; j < D; j++) next[varianceAt(k, j)] = Math.max(next[varianceAt(k, j)], floors[j]);
  }

  /** Whether the means moved so far that the sums about the old ones have lost digits of the variances. */
  function movedFar(theta: Float64Array, next: Float64Array): boolean {
    for (let k = 0; k < K; k++)
      for (let j = 0; j < D; j++) {
        const move = next[K + k * D + j] - theta[K + k * D + j];
        if (!(move * move <= farMove * next[varianceAt(k, j)])) return true;
      }
    return false;
  }

  const resultOf = (about: Float64Array, sums: GaussianSums): StepResult<Float64Array> => ({
    params: estimate(about, sums),
    logLikelihood: sums.logLikelihood,
  });

  /**
   * θ with the means of the parameters after it, where they moved so far that the sums have to be made again, about
   * the new means. It happens after a far start, and where a component collapses.
   */
  function recentred(theta: Float64Array, next: Float64Array): Float64Array | undefined {
    if (!movedFar(theta, next)) return undefined;
    const about = Float64Array.from(theta);
    about.set(meansOf(next), K);
    return about;
  }

  function open(data: Data): OpenStep {
    const { sumsAt, close } = data.missing ? openMissing(data) : openComplete(data);
    return {
      step(theta) {
        const sums = sumsAt(theta);
        const result = resultOf(theta, sums());
        const about = recentred(theta, result.params);
        return about === undefined ? result : resultOf(about, sums(meansOf(about)));
      },
      close,
    };
  }

  async function chunkedStep(
    theta: Float64Array,
    readAll: () => AsyncIterable<Data>,
  ): Promise<StepResult<Float64Array>> {
    const current = densities(theta);
    const sumsAbout = async (centres: Float64Array) => {
      const total = emptySums(K, D, shape);
      for await (const data of readAll()) {
        const passes = openPasses(data, K, shape);
        try {
          addSums(total, passes.sums(current, centres));
        } finally {
          passes.close();
        }
      }
      return total;
    };
    const result = resultOf(theta, await sumsAbout(meansOf(theta)));
    const about = recentred(theta, result.params);
    return about === undefined ? result : resultOf(about, await sumsAbout(meansOf(about)));
  }

  /** The sums at θ, about its means or given centres. */
  type OpenSums = { sumsAt(theta: Float64Array): (centres?: Float64Array) => GaussianSums; close(): void };

  function openComplete(data: Data): OpenSums {
    const onGrid = D === 1 && data.rows >= manyRows;
    const passes = onGrid ? openGridPasses(data, K, openPasses) : openPasses(data, K, shape);
    const current = emptyDensities();
    return {
      sumsAt(theta) {
        densities(theta, current);
        return (centres) => passes.sums(current, centres);
      },
      close: () => passes.close(),
    };
  }

  function openMissing(data: Data): OpenSums {
    const parts = missingParts(data);
    return {
      sumsAt(theta) {
        const { logJoint, addTo } = parts(theta);
        return (centres = meansOf(theta)) => {
          const sums = emptySums(K, D, shape);
          sums.logLikelihood = eStep(logJoint, K, data, addTo(sums, centres));
          return sums;
        };
      },
      close() {},
    };
  }

  /** The E-step over data with missing values: at θ, a row's log-joint and its adding to sums about any centres. */
  function missingParts(data: Data): (theta: Float64Array) => RowParts {
    const patterns = findPatterns(data);
    return (theta) => {
      const covariance = (k: number, i: number, j: number) => vector.covarianceOf(theta, k, i, j);
      return missingStep(data, patterns, theta.subarray(0, K).map(Math.log), meansOf(theta), covariance, shape);
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

  /** Whether component k's covariance lies on the floor or below; without a floor, whether it is singular. */
  function onFloor(theta: Float64Array, k: number): boolean {
    if (shape === "full")
      return liftEigenvalues(theta.slice(covarianceAt(k), covarianceAt(k) + covarianceSize), floors);
    const reached = (floor: number, j: number) => !(theta[varianceAt(k, j)] > floor * (1 + floorTolerance));
    return spherical ? reached(sphericalFloor, 0) : (floors ?? new Float64Array(D)).some(reached);
  }

  const all = Array.from({ length: K }, (_, k) => k);

  return {
    components: K,
    columns: D,
    size,
    entriesPerComponent: tied ? 0 : covarianceSize,
    freeParameters: vector.freeParameters,
    pack: vector.pack,
    unpack: vector.unpack,
    isInside(theta) {
      if (!theta.every((entry, at) => Number.isFinite(entry) && (at >= K || entry > 0))) return false;
      return !all.some((k) => onFloor(theta, k));
    },
    nearSingular: (theta) => all.filter((k) => onFloor(theta, k)),
    eStep(theta, data, visit) {
      if (data.missing) return eStep(missingParts(data)(theta).logJoint, K, data, visit);
      const passes = openPasses(data, K, shape);
      try {
        return passes.eStep(densities(theta), visit);
      } finally {
        passes.close();
      }
    },
    weightedFit(theta, data, responsibilities) {
      const passes = openPasses(data, K, shape);
      try {
        return estimate(theta, passes.weightedSums(responsibilities, meansOf(theta)));
      } finally {
        passes.close();
      }
    },
    open,
    chunkedStep,
    sampler,
  };
}
