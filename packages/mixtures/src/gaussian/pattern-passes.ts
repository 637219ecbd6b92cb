import type { Data } from "../data.js";
import { eStep } from "../family.js";
import { type Conditional, condition, findPatterns, missingStep, type Pattern } from "./missing.js";
import type { MissingDensities } from "./missing-densities.js";
import {
  addSums,
  emptySums,
  type GaussianDensities,
  type GaussianSums,
  type MatrixShape,
  type OpenPasses,
  type Passes,
} from "./passes.js";

/** A pattern of fewer rows than this, or than it has columns missing, is taken row by row. */
const fewAlike = 4;
/** With diagonal covariances of more columns than this, all rows are taken row by row: a pattern costs D². */
const wide = 32;
/** A pattern of this many rows keeps its passes open, and threads with them. */
const manyAlike = 4096;

/** The rows of one pattern, in their observed columns alone. */
interface Alike {
  readonly pattern: Pattern;
  readonly data: Data;
  /** Opened once where there are many rows. */
  readonly passes: Passes | undefined;
}

/**
 * The passes of a fit to data with missing values. Rows of one pattern are complete data in their observed columns, and
 * go through the passes for such. What their missing values are expected to be is linear in the observed ones, so the
 * sums over all columns follow from those over the observed, whatever the number of rows.
 */
export function openPatternPasses(data: Data, K: number, shape: MatrixShape, openPasses: OpenPasses) {
  const D = data.columns;
  const { alike, rest } = shape === "diagonal" && D > wide ? { alike: [], rest: data } : split(data);
  const open: Alike[] = alike.map(({ pattern, data: part }) => ({
    pattern,
    data: part,
    passes: part.rows >= manyAlike ? openPasses(part, K, shape) : undefined,
  }));
  const restPatterns = findPatterns(rest);
  return {
    sums(at: MissingDensities, centres: Float64Array): GaussianSums {
      const { logWeights, means, covariances } = at;
      const total = emptySums(K, D, shape);
      const parts = missingStep(rest, restPatterns, at, shape);
      total.logLikelihood = eStep(parts.logJoint, K, rest, parts.addTo(total, centres));
      for (const { pattern, data: part, passes: kept } of open) {
        const { observed, missing } = pattern;
        const conditionals = Array.from(logWeights, (_, k) => condition(pattern, covariances, k, D, shape));
        const passes = kept ?? openPasses(part, K, shape);
        try {
          const densities = densitiesOf(conditionals, logWeights, pick(means, D, observed), observed.length, shape);
          const sums = passes.sums(densities, pick(centres, D, observed));
          if (missing.length === 0) addSums(total, sums);
          else {
            total.logLikelihood += sums.logLikelihood;
            for (let k = 0; k < K; k++) addExpected(total, sums, k, pattern, conditionals[k], means, centres, shape);
          }
        } finally {
          if (kept === undefined) passes.close();
        }
      }
      return total;
    },
    close(): void {
      for (const { passes } of open) passes?.close();
    },
  };
}

/** The rows of each pattern that has enough of them, and all others. */
function split(data: Data): { readonly alike: readonly Omit<Alike, "passes">[]; readonly rest: Data } {
  const { ofRow, patterns } = findPatterns(data);
  const rowsOf: number[][] = patterns.map(() => []);
  for (let row = 0; row < data.rows; row++) rowsOf[ofRow[row]].push(row);
  const all = Array.from({ length: data.columns }, (_, j) => j);
  const others: number[] = [];
  const alike: Omit<Alike, "passes">[] = [];
  for (const [index, pattern] of patterns.entries()) {
    const rows = rowsOf[index];
    if (pattern.observed.length > 0 && rows.length >= Math.max(fewAlike, pattern.missing.length))
      alike.push({ pattern, data: { ...someOf(data, rows, pattern.observed), missing: false } });
    else for (const row of rows) others.push(row);
  }
  return { alike, rest: someOf(data, others, all) };
}

/** Some rows of the data, in some columns. */
function someOf(data: Data, rows: readonly number[], columns: readonly number[]): Data {
  const values = new Float64Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) for (const j of columns) values[at++] = data.values[row * data.columns + j];
  const { weights: all, originOf } = data;
  const weights = all && Float64Array.from(rows, (row) => all[row]);
  return {
    ...data,
    values,
    columns: columns.length,
    rows: rows.length,
    weights,
    totalWeight: weights === undefined ? rows.length : weights.reduce((sum, weight) => sum + weight, 0),
    originOf: (row) => originOf?.(rows[row]) ?? rows[row],
  };
}

/** Some columns of K × D numbers. */
function pick(all: Float64Array, D: number, columns: readonly number[]): Float64Array {
  const some = new Float64Array((all.length / D) * columns.length);
  for (let at = 0; at < some.length; at++)
    some[at] = all[Math.floor(at / columns.length) * D + columns[at % columns.length]];
  return some;
}

/** The densities of the observed columns. */
function densitiesOf(
  conditionals: readonly Conditional[],
  logWeights: Float64Array,
  means: Float64Array,
  columns: number,
  shape: MatrixShape,
): GaussianDensities {
  const size = shape === "full" ? columns * columns : columns;
  const whiteners = new Float64Array(conditionals.length * size);
  for (const [k, { whitener }] of conditionals.entries())
    if (shape === "full") whiteners.set(whitener, k * size);
    else for (let j = 0; j < columns; j++) whiteners[k * size + j] = whitener[j * columns + j];
  const logScales = logWeights.map((logWeight, k) => logWeight + conditionals[k].logScale);
  return { components: conditionals.length, columns, shape, logScales, means, whiteners };
}

/**
 * Adds component k's sums over the observed columns of one pattern to those over all columns. With y = (1, x_o − c_o) a
 * missing column i is expected at c_i + b_iᵀy, b_i = (m_i − c_i − βᵀ(m_o − c_o), β), β its regression on the observed
 * columns. So the sums M = Σ r y yᵀ, which are known, give those with missing columns: Σ r (x_i − c_i) y = M b_i, and
 * Σ r (x_i − c_i)(x_j − c_j) = b_iᵀ M b_j and the covariance that is left.
 */
function addExpected(
  total: GaussianSums,
  { counts, first, second }: GaussianSums,
  k: number,
  { observed, missing }: Pattern,
  { regression, whitener, covariance: left }: Conditional,
  means: Float64Array,
  centres: Float64Array,
  shape: MatrixShape,
): void {
  const D = total.first.length / total.counts.length;
  const o = observed.length;
  const m = missing.length;
  const count = counts[k];
  const shift = (column: number) => means[k * D + column] - centres[k * D + column];
  const addSecond = (i: number, j: number, sum: number): void => {
    const [row, column] = i < j ? [j, i] : [i, j];
    if (shape === "full") total.second[(k * D + row) * D + column] += sum;
    else if (i === j) total.second[k * D + i] += sum;
  };
  total.counts[k] += count;
  for (let i = 0; i < o; i++) {
    total.first[k * D + observed[i]] += first[k * o + i];
    if (shape === "diagonal") addSecond(observed[i], observed[i], second[k * o + i]);
    else for (let j = 0; j <= i; j++) addSecond(observed[i], observed[j], second[(k * o + i) * o + j]);
  }
  const y = o + 1;
  const sums = new Float64Array(y * y);
  sums[0] = count;
  for (let i = 0; i < o; i++) {
    sums[i + 1] = first[k * o + i];
    sums[(i + 1) * y] = first[k * o + i];
    if (shape === "full")
      for (let j = 0; j <= i; j++) {
        sums[(i + 1) * y + j + 1] = second[(k * o + i) * o + j];
        sums[(j + 1) * y + i + 1] = second[(k * o + i) * o + j];
      }
  }
  const b = new Float64Array(m * y);
  for (let i = 0; i < m; i++) {
    b[i * y] = shift(missing[i]);
    for (let l = 0; l < o; l++) {
      let slope = 0;
      // Of W, which is lower triangular: Σ_mo Σ_oo⁻¹ = (Σ_mo Wᵀ) W.
      for (let j = l; j < o; j++) slope += regression[i * o + j] * whitener[j * o + l];
      b[i * y + l + 1] = slope;
      b[i * y] -= slope * shift(observed[l]);
    }
  }
  const expected = new Float64Array(y);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < y; l++) {
      expected[l] = 0;
      for (let j = 0; j < y; j++) expected[l] += sums[l * y + j] * b[i * y + j];
    }
    total.first[k * D + missing[i]] += expected[0];
    for (let l = 0; l < o; l++) addSecond(missing[i], observed[l], expected[l + 1]);
    for (let j = 0; j <= i; j++) {
      let sum = count * left[i * m + j];
      for (let l = 0; l < y; l++) sum += expected[l] * b[j * y + l];
      addSecond(missing[i], missing[j], sum);
    }
  }
}
