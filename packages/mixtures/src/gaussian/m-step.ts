import { CollapseError } from "../errors.js";
import { emptyShare } from "../family.js";
import { floorTolerance, liftEigenvalues } from "../linear-algebra.js";
import type { Held } from "./fixed.js";
import type { ParameterVector } from "./parameters.js";
import type { GaussianSums } from "./passes.js";
import type { Prior } from "./prior.js";

/** What keeps covariances from collapsing, or says that they have. */
export interface Floor {
  /** Added to every variance; 0 for plain maximum likelihood. */
  readonly regCovar: number;
  /**
   * The least variance in the direction of each column, D entries above 0; none where undefined. A covariance Σ obeys
   * vᵀΣv ≥ vᵀFv for all v, F the diagonal matrix of these.
   */
  readonly least: Float64Array | undefined;
  /** Whether a covariance below the floor is lifted onto it; else it is a CollapseError. */
  readonly lifts: boolean;
}

/** The M-step of normal mixtures: from sums about the means of θ to the next θ. */
export interface GaussianMStep {
  estimate(theta: Float64Array, sums: GaussianSums): Float64Array;
  /** Whether component k's covariance lies on the floor or below; without a floor, whether it is singular. */
  onFloor(theta: Float64Array, k: number): boolean;
  /** Whether the means moved so far that the sums about the old ones have lost digits of the variances. */
  movedFar(theta: Float64Array, next: Float64Array): boolean;
}

/** A mean that moved by more than this many deviations, squared, has cost its variance's sum too many digits. */
const farMove = 1e4;

const collapseRemedy =
  "Try another start, fewer components, or a floor under the variances: covarianceFloor or regCovar.";

export function gaussianMStep(
  vector: ParameterVector,
  { regCovar, least, lifts }: Floor,
  held: Held | undefined,
  prior: Prior | undefined,
): GaussianMStep {
  const { components: K, columns: D, shape, size, tied, spherical, covarianceSize, covarianceAt, varianceAt } = vector;
  // What a spherical covariance has in every direction is compared with the mean of the columns' floors.
  const sphericalLeast = least === undefined ? 0 : least.reduce((sum, floor) => sum + floor / D, 0);
  const priorRows = prior?.rows ?? 0;
  const covarianceOf = (theta: Float64Array, k: number) =>
    theta.subarray(covarianceAt(k), covarianceAt(k) + covarianceSize);

  /** Adds Σ_i r_ik (x_i − mean)(x_i − mean)ᵀ / divisor to component k's covariance: about the new mean, not the old. */
  function addScatter(next: Float64Array, k: number, divisor: number, { counts, first, second }: GaussianSums): void {
    for (let i = 0; i < D; i++) {
      // A mean that is fixed stays at the centre, so that the sums are about it as they are.
      const shift = held?.means[k] ? 0 : first[k * D + i] / counts[k];
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

  /** Adds the squares of the rows that the prior stands for. */
  function addPrior(next: Float64Array, k: number, divisor: number, { rows, variances }: Prior): void {
    for (let j = 0; j < D; j++) next[varianceAt(k, j)] += (rows * variances[j]) / (spherical ? D * divisor : divisor);
  }

  /** Whether a variance of column j lies on the floor or below. Of sums that are too large it may be no number. */
  const reached = (variance: number, j: number): boolean =>
    !(variance > (spherical ? sphericalLeast : (least?.[j] ?? 0)) * (1 + floorTolerance));

  function onFloor(theta: Float64Array, k: number): boolean {
    if (held?.covariances[k]) return false;
    if (shape === "full") return liftEigenvalues(covarianceOf(theta, k).slice(), least);
    for (let j = 0; j < (spherical ? 1 : D); j++) if (reached(theta[varianceAt(k, j)], j)) return true;
    return false;
  }

  /** Adds regCovar to the variances, and lifts the covariance onto the floor. */
  function regularise(next: Float64Array, k: number): void {
    for (let j = 0; j < (spherical ? 1 : D); j++) next[varianceAt(k, j)] += regCovar;
    if (!lifts) {
      if (onFloor(next, k)) throw new CollapseError(k, collapseRemedy);
    } else if (shape === "full") liftEigenvalues(covarianceOf(next, k), least);
    else if (least !== undefined)
      for (let j = 0; j < (spherical ? 1 : D); j++) {
        const at = varianceAt(k, j);
        next[at] = Math.max(next[at], spherical ? sphericalLeast : least[j]);
      }
  }

  return {
    onFloor,

    estimate(theta, sums) {
      const { counts, first } = sums;
      const next = new Float64Array(size);
      const total = counts.reduce((sum, count) => sum + count, 0);
      for (let k = 0; k < K; k++) {
        next[k] = counts[k] / total;
        const empty = !(next[k] > emptyShare);
        for (let j = 0; j < D; j++) {
          const at = K + k * D + j;
          next[at] = theta[at] + (empty || held?.means[k] ? 0 : first[k * D + j] / counts[k]);
        }
        const divisor = (tied ? total : counts[k]) + priorRows;
        if (!empty) addScatter(next, k, divisor, sums);
        else if (!tied) next.set(covarianceOf(theta, k), covarianceAt(k));
        if (prior && (tied ? k === 0 : !empty)) addPrior(next, k, divisor, prior);
      }
      for (let k = 0; k < (tied ? 1 : K); k++)
        if (!held?.covariances[k] && (tied || next[k] > emptyShare)) regularise(next, k);
      return held === undefined ? next : held.hold(next);
    },

    movedFar(theta, next) {
      for (let k = 0; k < K; k++)
        for (let j = 0; j < D; j++) {
          const move = next[K + k * D + j] - theta[K + k * D + j];
          if (!(move * move <= farMove * next[varianceAt(k, j)])) return true;
        }
      return false;
    },
  };
}
