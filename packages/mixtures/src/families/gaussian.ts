import { checkLength } from "../checks.js";
import type { Component } from "../component.js";
import { standardNormal } from "../random.js";
import { drawOffset, ellipsoid, floorsOf, isOnFloor, momentsOf, type SquareMatrix } from "./ellipsoid.js";

const log2π = /* @__PURE__ */ Math.log(2 * Math.PI);

/** The parameters of a normal distribution. */
export interface GaussianComponent {
  readonly mean: readonly number[];
  /** D × D */
  readonly covariance: SquareMatrix;
}

/**
 * A normal distribution in D dimensions, for products of components; alone, GaussianMixture is faster:
 * log f(x) = −½ (D log 2π + log |Σ| + (x − m)ᵀ Σ⁻¹ (x − m)).
 */
export const gaussian: Component<GaussianComponent> = {
  name: "Gaussian",
  columns: ({ mean }) => checkLength(mean, undefined, "mean"),
  logDensity({ mean, covariance }) {
    const { logScale, squareOf } = ellipsoid(mean, covariance);
    return (x) => logScale - 0.5 * (mean.length * log2π + squareOf(x));
  },
  fit(rows) {
    const { mean, scale: covariance } = momentsOf(rows, () => 1);
    return { mean, covariance };
  },
  freeParameters: ({ mean: { length: D } }) => D + (D * (D + 1)) / 2,
  isValid: ({ mean, covariance }) => Number.isFinite(ellipsoid(mean, covariance).logScale),
  isSingular: ({ covariance }, all) => isOnFloor(covariance, all),
  sample: ({ mean, covariance }, random) => drawOffset(covariance, random).map((offset, j) => mean[j] + offset),
};

/** The parameters of independent normal distributions, one a column. */
export interface DiagonalGaussianComponent {
  readonly mean: readonly number[];
  readonly variances: readonly number[];
}

/**
 * Independent normal columns, for products of components: log f(x) = −½ Σ_j (log 2π v_j + (x_j − m_j)² / v_j), over the
 * columns whose values are not missing.
 */
export const diagonalGaussian: Component<DiagonalGaussianComponent> = {
  name: "DiagonalGaussian",
  columns: ({ mean }) => checkLength(mean, undefined, "mean"),
  logDensity({ mean, variances }) {
    const logVariances = variances.map(Math.log);
    return (x) => {
      let sum = 0;
      for (let j = 0; j < mean.length; j++)
        if (!Number.isNaN(x[j])) sum += log2π + logVariances[j] + (x[j] - mean[j]) ** 2 / variances[j];
      return -0.5 * sum;
    };
  },
  fit(rows, current) {
    const floors = floorsOf(rows.all);
    /** The mean of what there is in each column; undefined where there is nothing. */
    const means = (of: (value: number, j: number) => number): (number | undefined)[] => {
      const sums = new Float64Array(rows.columns);
      const weights = new Float64Array(rows.columns);
      rows.forEach((x, weight) => {
        for (let j = 0; j < x.length; j++)
          if (!Number.isNaN(x[j])) {
            sums[j] += weight * of(x[j], j);
            weights[j] += weight;
          }
      });
      return Array.from(sums, (sum, j) => (weights[j] > 0 ? sum / weights[j] : undefined));
    };
    const mean = means((value) => value).map((m, j) => m ?? current?.mean[j] ?? 0);
    const squares = means((value, j) => (value - mean[j]) ** 2);
    return { mean, variances: squares.map((v, j) => Math.max(v ?? current?.variances[j] ?? 0, floors[j])) };
  },
  freeParameters: ({ mean }) => 2 * mean.length,
  takesMissing: true,
  isValid: ({ variances }) => variances.every((v) => v > 0),
  isSingular: ({ variances }, all) => variances.some((v, j) => v <= floorsOf(all)[j]),
  sample: ({ mean, variances }, random) => mean.map((m, j) => m + Math.sqrt(variances[j]) * standardNormal(random)),
};
