import { checkFinite, checkLength, checkPositive } from "../checks.js";
import type { Component, WeightedRows } from "../component.js";
import { type MixtureModel, modelsOf } from "../component-model.js";
import { checkMatrix } from "../gaussian/check-matrix.js";
import type { Mixture } from "../mixture.js";
import { standardGamma } from "../random.js";
import { namedWording } from "../wording.js";
import {
  checkVariances,
  drawOffset,
  ellipsoid,
  isOnFloor,
  middleOf,
  momentsOf,
  nearOrFar,
  type SquareMatrix,
} from "./ellipsoid.js";
import { digammaRise, logGammaRatio } from "./log-gamma.js";
import { fallThrough } from "./root.js";

interface StudentComponent {
  readonly mean: readonly number[];
  /** S, D × D, in squared units: the covariance is S ν / (ν − 2), where there is one. */
  readonly scale: SquareMatrix;
  /** ν */
  readonly degreesOfFreedom: number;
}

/** What a t component may be told. */
export interface StudentOptions {
  /** ν, the same for all components and not fitted; unless given, each component has its own. */
  readonly degreesOfFreedom?: number;
}

/**
 * The bounds of degrees of freedom that are fitted: from Cauchy's distribution, below which a peak on few rows pays for
 * tails without end, to one that is normal to a millionth.
 */
const [leastFreedom, greatestFreedom] = [1, 1e6];
/** Where the fit of the degrees of freedom begins. */
const usualFreedom = 4;

/**
 * Student's t distribution in D dimensions, whose tails bear with outliers: with δ = (x − m)ᵀ S⁻¹ (x − m),
 * f(x) = Γ((ν + D) / 2) / Γ(ν / 2) (π ν)^(−D / 2) |S|^(−½) (1 + δ / ν)^(−(ν + D) / 2).
 */
export function student({ degreesOfFreedom: given }: StudentOptions = {}): Component<StudentComponent> {
  if (given !== undefined) checkPositive(given, "degreesOfFreedom");
  return {
    name: "StudentMixture",
    columns: ({ mean }) => checkLength(mean, undefined, "means[0]"),
    logDensity({ mean, scale, degreesOfFreedom: ν }) {
      const D = mean.length;
      const { logScale, squareOf } = ellipsoid(mean, scale);
      const constant = logGammaRatio(ν / 2, D / 2) - 0.5 * D * Math.log(Math.PI * ν) + logScale;
      return (x) => constant - 0.5 * (ν + D) * Math.log1p(squareOf(x) / ν);
    },
    fit(rows, current) {
      // At a start, from where most rows are: an outlier must have no say there, either.
      const before = current ?? { ...middleOf(rows), degreesOfFreedom: given ?? usualFreedom };
      const { mean, scale } = momentsOf(rows, precisionOf(before));
      const slope = (ν: number) => slopeAt(ν, rows, mean, scale);
      return {
        mean,
        scale,
        degreesOfFreedom: given ?? fallThrough(slope, before.degreesOfFreedom, leastFreedom, greatestFreedom),
      };
    },
    freeParameters: ({ mean: { length: D } }) => D + (D * (D + 1)) / 2 + (given === undefined ? 1 : 0),
    isValid: ({ mean, scale, degreesOfFreedom }) =>
      (given !== undefined || (degreesOfFreedom >= leastFreedom && degreesOfFreedom <= greatestFreedom)) &&
      Number.isFinite(ellipsoid(mean, scale).logScale),
    coordinates: nearOrFar,
    isSingular: ({ scale }, all) => isOnFloor(scale, all),
    // Normal draws over the root of a gamma one.
    sample({ mean, scale, degreesOfFreedom: ν }, random) {
      const precision = standardGamma(ν / 2, random) / (ν / 2);
      return drawOffset(scale, random).map((offset, j) => mean[j] + offset / Math.sqrt(precision));
    },
  };
}

/** A row's latent precision u, E[u | x] = (ν + D) / (ν + δ): the further away a row is, the less it counts. */
function precisionOf({ mean, scale, degreesOfFreedom: ν }: StudentComponent): (x: Float64Array) => number {
  const { squareOf } = ellipsoid(mean, scale);
  return (x) => (ν + mean.length) / (ν + squareOf(x));
}

/** Twice the derivative by ν of the mean log-density. */
function slopeAt(ν: number, rows: WeightedRows, mean: readonly number[], scale: SquareMatrix): number {
  const D = mean.length;
  const { squareOf } = ellipsoid(mean, scale);
  const ofRows = rows.mean((x) => {
    const δ = squareOf(x);
    return ((ν + D) / ν) * (δ / (ν + δ)) - Math.log1p(δ / ν);
  });
  return digammaRise(ν / 2, D / 2) - D / ν + ofRows;
}

/** The parameters of a mixture of t distributions. */
export interface StudentParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K × D */
  readonly means: readonly (readonly number[])[];
  /** K × D × D, in squared units: a component's covariance is its scale times ν / (ν − 2), where ν > 2. */
  readonly scales: readonly SquareMatrix[];
  /** K degrees of freedom ν: the fewer, the heavier the tails. */
  readonly degreesOfFreedom: readonly number[];
}

/**
 * Mixtures of Student's t distributions: like a GaussianMixture of full covariances, but far rows move no mean and widen
 * no component. Degrees of freedom are fitted, from 1 to 1e6; `mixtureOf(student({ degreesOfFreedom: 4 }))` has them given.
 *
 * @see Peel & McLachlan (2000), Robust mixture modelling using the t distribution; Liu & Rubin (1995), ML estimation of
 * the t distribution using EM and its extensions, ECM and ECME; Kent, Tyler & Vardi (1994) on the divisor of the scale
 */
export const StudentMixture: MixtureModel<StudentParams> = /* @__PURE__ */ modelsOf({
  name: "StudentMixture",
  of: () => ({
    component: student(),
    wording: namedWording<StudentComponent, StudentParams>(
      { mean: "means", scale: "scales", degreesOfFreedom: "degreesOfFreedom" },
      ({ mean, scale, degreesOfFreedom }, nameOf) => {
        for (const [j, m] of mean.entries()) checkFinite(m, nameOf("mean", j));
        checkPositive(degreesOfFreedom, nameOf("degreesOfFreedom"));
        checkMatrix(scale, mean.length, nameOf("scale"));
      },
    ),
  }),
  check: checkVariances,
});
export type StudentMixture = Mixture<StudentParams>;
