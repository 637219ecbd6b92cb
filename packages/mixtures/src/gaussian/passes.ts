import type { Data } from "../data.js";
import { eStep, type LogJoint, type Responsibilities, type VisitRow, visitRows } from "../family.js";
import type { Work } from "../work.js";

/**
 * The shape of the matrices that passes work with. "diagonal" serves the diag and spherical covariance types and all
 * one-column data; "full" the full and tied ones, a tied covariance being repeated for each component.
 */
export type MatrixShape = "full" | "diagonal";

/**
 * K weighted normal densities over D columns, ready for evaluation:
 * log(w_k N(x | m_k, Σ_k)) = logScales[k] − ½ |W_k (x − m_k)|², where Σ_k⁻¹ = W_kᵀ W_k.
 */
export interface GaussianDensities {
  /** K */
  readonly components: number;
  /** D */
  readonly columns: number;
  readonly shape: MatrixShape;
  /** K entries: log w_k + log det W_k − (D/2) log 2π; −Infinity for a weight of 0. */
  readonly logScales: Float64Array;
  /** K × D */
  readonly means: Float64Array;
  /** full: K × D × D, each W_k lower triangular with zeros above; diagonal: K × D, the reciprocal deviations. */
  readonly whiteners: Float64Array;
}

/**
 * What one pass over the data finds, r_ik being the responsibility of component k for row i and v_i the row's weight.
 * The sums are about centres c_k near the components' means, so nothing cancels for data far from 0, and sums over parts
 * of the data add up to the sums over the whole.
 */
export interface GaussianSums {
  /** Σ_i v_i log p(x_i) */
  logLikelihood: number;
  /** K entries: Σ_i v_i r_ik */
  readonly counts: Float64Array;
  /** K × D: Σ_i v_i r_ik (x_i − c_k) */
  readonly first: Float64Array;
  /**
   * Σ_i v_i r_ik (x_i − c_k)(x_i − c_k)ᵀ. full: K × D × D, of which the lower triangles (row ≥ column) count;
   * diagonal: K × D, the diagonals.
   */
  readonly second: Float64Array;
}

/** A fit's hold on its data: `sums` is called once an iteration, `close` once at the end, also when the fit throws. */
export interface Passes {
  /**
   * The E-step fused with the sums for the M-step, about the centres, K × D: the densities' means unless given. The
   * result is valid until the next call.
   */
  sums(densities: GaussianDensities, centres?: Float64Array): GaussianSums;
  /** The same in parts, where there are more than one. */
  summing?(densities: GaussianDensities, centres?: Float64Array): Work<GaussianSums>;
  close(): void;
}

/** Passes that can also tell the responsibilities of each row. */
export interface RowPasses extends Passes {
  /** The E-step alone, row by row; returns the log-likelihood. */
  eStep(densities: GaussianDensities, visit: VisitRow): number;
  /** The sums alone, with given responsibilities, about centres; their log-likelihood is 0. Valid as those of `sums` are. */
  weightedSums(responsibilities: Responsibilities, centres: Float64Array): GaussianSums;
}

/** Opens data without missing values for repeated passes. K, D and shape stay the same until they are closed. */
export type OpenPasses = (data: Data, components: number, shape: MatrixShape) => RowPasses;

/** Passes in plain TypeScript: a row at a time, by the same functions that `predict` and `mStep` use. */
export const openPlainPasses: OpenPasses = (data, components, shape) => ({
  sums(densities, centres = densities.means) {
    const sums = emptySums(components, data.columns, shape);
    const add = addTo(sums, data, centres, shape);
    sums.logLikelihood = eStep(logJointOf(densities, data), components, data, add);
    return sums;
  },
  eStep: (densities, visit) => eStep(logJointOf(densities, data), components, data, visit),
  weightedSums(responsibilities, centres) {
    const sums = emptySums(components, data.columns, shape);
    visitRows(responsibilities, components, data.rows, addTo(sums, data, centres, shape));
    return sums;
  },
  close() {},
});

export function emptySums(components: number, columns: number, shape: MatrixShape): GaussianSums {
  return {
    logLikelihood: 0,
    counts: new Float64Array(components),
    first: new Float64Array(components * columns),
    second: new Float64Array(components * columns * (shape === "full" ? columns : 1)),
  };
}

/** Adds the sums over one part of the data to those over others. */
export function addSums(total: GaussianSums, part: GaussianSums): void {
  total.logLikelihood += part.logLikelihood;
  for (const name of ["counts", "first", "second"] as const)
    for (let i = 0; i < total[name].length; i++) total[name][i] += part[name][i];
}

/** The log of weight times density of each component at a row. */
export function logJointOf(densities: GaussianDensities, data: Data): LogJoint {
  const { components, columns, shape, logScales, means, whiteners } = densities;
  const { values } = data;
  if (shape === "diagonal")
    return (row, out) => {
      for (let k = 0; k < components; k++) {
        let square = 0;
        for (let j = 0; j < columns; j++) {
          const y = (values[row * columns + j] - means[k * columns + j]) * whiteners[k * columns + j];
          square += y * y;
        }
        out[k] = logScales[k] - 0.5 * square;
      }
    };
  const offsets = new Float64Array(columns);
  return (row, out) => {
    for (let k = 0; k < components; k++) {
      for (let j = 0; j < columns; j++) offsets[j] = values[row * columns + j] - means[k * columns + j];
      let square = 0;
      for (let i = 0; i < columns; i++) {
        const start = (k * columns + i) * columns;
        let y = 0;
        for (let j = 0; j <= i; j++) y += whiteners[start + j] * offsets[j];
        square += y * y;
      }
      out[k] = logScales[k] - 0.5 * square;
    }
  };
}

/** Adds a row, weighted by its responsibilities, to sums about the given means. */
export function addTo(sums: GaussianSums, data: Data, means: Float64Array, shape: MatrixShape): AddRow {
  const { values, columns, weights } = data;
  const components = sums.counts.length;
  const offsets = new Float64Array(columns);
  return (row, responsibilities) => {
    const rowWeight = weights === undefined ? 1 : weights[row];
    for (let k = 0; k < components; k++) {
      for (let j = 0; j < columns; j++) offsets[j] = values[row * columns + j] - means[k * columns + j];
      accumulate(sums, k, rowWeight * responsibilities[k], offsets, shape);
    }
  };
}

/** Adds a row to the sums of a weighted fit. */
export type AddRow = (row: number, responsibilities: Float64Array) => void;

/** Adds one row's offsets from the mean of component k to its sums. */
export function accumulate(
  sums: GaussianSums,
  k: number,
  weight: number,
  offsets: Float64Array,
  shape: MatrixShape,
): void {
  const { counts, first, second } = sums;
  const columns = offsets.length;
  counts[k] += weight;
  for (let i = 0; i < columns; i++) {
    const weighted = weight * offsets[i];
    first[k * columns + i] += weighted;
    if (shape === "diagonal") second[k * columns + i] += weighted * offsets[i];
    else {
      const start = (k * columns + i) * columns;
      for (let j = 0; j <= i; j++) second[start + j] += weighted * offsets[j];
    }
  }
}
