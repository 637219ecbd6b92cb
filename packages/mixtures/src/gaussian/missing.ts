import type { Data } from "../data.js";
import { whiten } from "../linear-algebra.js";
import { diagonalStep } from "./diagonal-missing.js";
import type { MissingDensities, RowParts } from "./missing-densities.js";
import { accumulate, type MatrixShape } from "./passes.js";

/** The columns that are observed and missing in a row, in ascending order. */
export interface Pattern {
  readonly observed: readonly number[];
  readonly missing: readonly number[];
}

/** Rows with the same columns missing share a pattern, and so the work of conditioning on the columns they have. */
export interface MissingPatterns {
  /** The pattern's index for each row. */
  readonly ofRow: Int32Array;
  readonly patterns: readonly Pattern[];
}

export function findPatterns({ values, rows, columns }: Data): MissingPatterns {
  const ofRow = new Int32Array(rows);
  const patterns: Pattern[] = [];
  const known = new Map<string, number>();
  const missing: number[] = [];
  for (let row = 0; row < rows; row++) {
    missing.length = 0;
    for (let j = 0; j < columns; j++) if (Number.isNaN(values[row * columns + j])) missing.push(j);
    const key = missing.length === 0 ? "" : missing.join();
    let index = known.get(key);
    if (index === undefined) {
      const observed = Array.from({ length: columns }, (_, j) => j).filter((j) => !missing.includes(j));
      index = patterns.push({ observed, missing: [...missing] }) - 1;
      known.set(key, index);
    }
    ofRow[row] = index;
  }
  return { ofRow, patterns };
}

/** One normal distribution seen through a pattern: the density of what is observed, and what it tells of the rest. */
export interface Conditional {
  /** log det W − (o/2) log 2π over the o observed columns */
  readonly logScale: number;
  /** W, o × o: Σ_oo⁻¹ = WᵀW */
  readonly whitener: Float64Array;
  /** Σ_mo Wᵀ, m × o: the missing columns' regression on the whitened observed ones */
  readonly regression: Float64Array;
  /** Σ_mm − Σ_mo Σ_oo⁻¹ Σ_om, m × m */
  readonly covariance: Float64Array;
}

/** The E-step by rows, and what each row tells of its missing values. */
export interface ConditionalParts extends RowParts {
  /** Writes what component k expects in place of a row's m missing values, in the order of their columns. */
  expect(row: number, k: number, out: Float64Array): void;
  /** The covariance of component k's missing values given the others, m × m. */
  left(row: number, k: number): Float64Array;
}

/**
 * Exact EM for normal mixtures with values missing at random: the density is that of the observed columns; a missing
 * value counts as its conditional mean given the observed ones, and its conditional covariance joins the sums of squares.
 *
 * @see Little & Rubin (2019), Statistical Analysis with Missing Data, section 11.2; Ghahramani & Jordan (1994)
 */
export const missingStep = (
  data: Data,
  patterns: MissingPatterns,
  densities: MissingDensities,
  shape: MatrixShape,
): RowParts => (shape === "diagonal" ? diagonalStep(data, densities) : conditionalStep(data, patterns, densities));

/** The same for covariances that are not diagonal. */
export function conditionalStep(
  data: Data,
  { ofRow, patterns }: MissingPatterns,
  { logWeights, means, covariances }: MissingDensities,
): ConditionalParts {
  const { values, columns, weights } = data;
  const components = logWeights.length;
  const mostKept = Math.ceil(mostNumbers / (components * columns * columns));
  const kept = new Map<number, readonly Conditional[]>();
  function conditionalsOf(row: number): readonly Conditional[] {
    const known = kept.get(ofRow[row]);
    if (known !== undefined) return known;
    if (kept.size >= mostKept) kept.clear();
    const found = Array.from(logWeights, (_, k) => condition(patterns[ofRow[row]], covariances, k, columns, "full"));
    kept.set(ofRow[row], found);
    return found;
  }
  const whitened = new Float64Array(columns);

  /** Fills `whitened` with W (x_o − mean_o); returns its squared length. */
  function whitenRow(row: number, k: number, { whitener }: Conditional): number {
    const { observed } = patterns[ofRow[row]];
    const size = observed.length;
    let square = 0;
    for (let i = 0; i < size; i++) {
      let y = 0;
      for (let j = 0; j <= i; j++) {
        const column = observed[j];
        y += whitener[i * size + j] * (values[row * columns + column] - means[k * columns + column]);
      }
      whitened[i] = y;
      square += y * y;
    }
    return square;
  }

  function expect(row: number, k: number, out: Float64Array, conditional = conditionalsOf(row)[k]): void {
    const { observed, missing } = patterns[ofRow[row]];
    const { regression } = conditional;
    whitenRow(row, k, conditional);
    for (const [i, column] of missing.entries()) {
      out[i] = means[k * columns + column];
      for (let j = 0; j < observed.length; j++) out[i] += regression[i * observed.length + j] * whitened[j];
    }
  }

  return {
    expect,
    left: (row, k) => conditionalsOf(row)[k].covariance,

    logJoint(row, out) {
      const conditionals = conditionalsOf(row);
      for (let k = 0; k < components; k++)
        out[k] = logWeights[k] + conditionals[k].logScale - 0.5 * whitenRow(row, k, conditionals[k]);
    },

    addTo(sums, centres) {
      const offsets = new Float64Array(columns);
      const expected = new Float64Array(columns);
      return (row, responsibilities) => {
        const { observed, missing } = patterns[ofRow[row]];
        const conditionals = conditionalsOf(row);
        for (let k = 0; k < components; k++) {
          const weight = (weights === undefined ? 1 : weights[row]) * responsibilities[k];
          const { covariance: left } = conditionals[k];
          expect(row, k, expected, conditionals[k]);
          for (const j of observed) offsets[j] = values[row * columns + j] - centres[k * columns + j];
          for (const [i, column] of missing.entries()) offsets[column] = expected[i] - centres[k * columns + column];
          accumulate(sums, k, weight, offsets, "full");
          for (const [i, column] of missing.entries())
            for (let j = 0; j <= i; j++)
              sums.second[(k * columns + column) * columns + missing[j]] += weight * left[i * missing.length + j];
        }
      };
    },
  };
}

/** Numbers in the conditional distributions that are kept at most, 32 MB: there may be as many patterns as rows. */
const mostNumbers = 2 ** 22;

/** Component k seen through a pattern. @param covariances as in `MissingDensities` */
export function condition(
  { observed, missing }: Pattern,
  covariances: Float64Array,
  k: number,
  columns: number,
  shape: MatrixShape,
): Conditional {
  const o = observed.length;
  const m = missing.length;
  const whitener = new Float64Array(o * o);
  const regression = new Float64Array(m * o);
  const left = new Float64Array(m * m);
  let logScale = -0.5 * o * Math.log(2 * Math.PI);
  if (shape === "diagonal") {
    for (let i = 0; i < o; i++) {
      const variance = covariances[k * columns + observed[i]];
      whitener[i * o + i] = 1 / Math.sqrt(variance);
      logScale -= 0.5 * Math.log(variance);
    }
    for (let i = 0; i < m; i++) left[i * m + i] = covariances[k * columns + missing[i]];
    return { logScale, whitener, regression, covariance: left };
  }
  const from = k * columns * columns;
  for (let i = 0; i < o; i++)
    for (let j = 0; j <= i; j++) whitener[i * o + j] = covariances[from + observed[i] * columns + observed[j]];
  logScale += whiten(whitener, whitener, o);
  for (let i = 0; i < m; i++) {
    const row = from + missing[i] * columns;
    for (let j = 0; j < o; j++) {
      let sum = 0;
      for (let l = 0; l <= j; l++) sum += covariances[row + observed[l]] * whitener[j * o + l];
      regression[i * o + j] = sum;
    }
    for (let j = 0; j <= i; j++) {
      let sum = covariances[row + missing[j]];
      for (let l = 0; l < o; l++) sum -= regression[i * o + l] * regression[j * o + l];
      left[i * m + j] = sum;
      left[j * m + i] = sum;
    }
  }
  return { logScale, whitener, regression, covariance: left };
}
