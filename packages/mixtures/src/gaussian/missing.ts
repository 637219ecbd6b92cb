import type { Data } from "../data.js";
import type { LogJoint } from "../family.js";
import { whiten } from "../linear-algebra.js";
import { type AddRow, accumulate, type GaussianSums, type MatrixShape } from "./passes.js";

/** Rows with the same columns missing share a pattern, and so the work of conditioning on the columns they have. */
export interface MissingPatterns {
  /** The pattern's index for each row. */
  readonly ofRow: Int32Array;
  /** The columns observed and missing in each pattern. */
  readonly patterns: readonly { readonly observed: readonly number[]; readonly missing: readonly number[] }[];
}

export function findPatterns({ values, rows, columns }: Data): MissingPatterns {
  const ofRow = new Int32Array(rows);
  const patterns: { observed: number[]; missing: number[] }[] = [];
  const known = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const observed: number[] = [];
    const missing: number[] = [];
    for (let j = 0; j < columns; j++) (Number.isNaN(values[row * columns + j]) ? missing : observed).push(j);
    const key = missing.join();
    const index = known.get(key) ?? patterns.push({ observed, missing }) - 1;
    known.set(key, index);
    ofRow[row] = index;
  }
  return { ofRow, patterns };
}

/** One normal distribution seen through a pattern: the density of what is observed, and what it tells of the rest. */
interface Conditional {
  /** log det W − (o/2) log 2π over the o observed columns */
  readonly logScale: number;
  /** W, o × o: Σ_oo⁻¹ = WᵀW */
  readonly whitener: Float64Array;
  /** Σ_mo Wᵀ, m × o: the missing columns' regression on the whitened observed ones */
  readonly regression: Float64Array;
  /** Σ_mm − Σ_mo Σ_oo⁻¹ Σ_om, m × m */
  readonly covariance: Float64Array;
}

/** The E-step at certain parameters, by rows. */
export interface RowParts {
  readonly logJoint: LogJoint;
  /** Adds rows to sums about the given centres. */
  addTo(sums: GaussianSums, centres: Float64Array): AddRow;
}

/**
 * Exact EM for normal mixtures with values missing at random: the density is that of the observed columns; a missing
 * value counts as its conditional mean given the observed ones, and its conditional covariance joins the sums of squares.
 *
 * @param covariance entry (i, j) of component k's covariance
 * @see Little & Rubin (2019), Statistical Analysis with Missing Data, section 11.2; Ghahramani & Jordan (1994)
 */
export function missingStep(
  data: Data,
  { ofRow, patterns }: MissingPatterns,
  logWeights: Float64Array,
  means: Float64Array,
  covariance: (k: number, i: number, j: number) => number,
  shape: MatrixShape,
): RowParts {
  const { values, columns, weights } = data;
  const components = logWeights.length;
  const conditionals = patterns.map((pattern) =>
    Array.from(logWeights, (_, k) => condition(pattern, (i, j) => covariance(k, i, j))),
  );
  const whitened = new Float64Array(columns);

  /** Fills `whitened` with W (x_o − mean_o); returns its squared length. */
  function whitenRow(row: number, k: number): number {
    const { observed } = patterns[ofRow[row]];
    const { whitener } = conditionals[ofRow[row]][k];
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

  return {
    logJoint(row, out) {
      for (let k = 0; k < components; k++)
        out[k] = logWeights[k] + conditionals[ofRow[row]][k].logScale - 0.5 * whitenRow(row, k);
    },

    addTo(sums, centres) {
      const offsets = new Float64Array(columns);
      return (row, responsibilities) => {
        const { observed, missing } = patterns[ofRow[row]];
        for (let k = 0; k < components; k++) {
          const weight = (weights === undefined ? 1 : weights[row]) * responsibilities[k];
          const { regression, covariance: left } = conditionals[ofRow[row]][k];
          whitenRow(row, k);
          for (const j of observed) offsets[j] = values[row * columns + j] - centres[k * columns + j];
          for (const [i, column] of missing.entries()) {
            let expected = means[k * columns + column];
            for (let j = 0; j < observed.length; j++) expected += regression[i * observed.length + j] * whitened[j];
            offsets[column] = expected - centres[k * columns + column];
          }
          accumulate(sums, k, weight, offsets, shape);
          for (const [i, column] of missing.entries())
            if (shape === "diagonal") sums.second[k * columns + column] += weight * left[i * missing.length + i];
            else
              for (let j = 0; j <= i; j++)
                sums.second[(k * columns + column) * columns + missing[j]] += weight * left[i * missing.length + j];
        }
      };
    },
  };
}

function condition(
  { observed, missing }: MissingPatterns["patterns"][number],
  covariance: (i: number, j: number) => number,
): Conditional {
  const o = observed.length;
  const m = missing.length;
  const seen = Float64Array.from({ length: o * o }, (_, at) =>
    covariance(observed[Math.floor(at / o)], observed[at % o]),
  );
  const whitener = new Float64Array(o * o);
  const logDeterminant = whiten(seen, whitener, o);
  const regression = new Float64Array(m * o);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < o; j++)
      for (let l = 0; l <= j; l++) regression[i * o + j] += covariance(missing[i], observed[l]) * whitener[j * o + l];
  const left = Float64Array.from({ length: m * m }, (_, at) => {
    const i = Math.floor(at / m);
    const j = at % m;
    let sum = covariance(missing[i], missing[j]);
    for (let l = 0; l < o; l++) sum -= regression[i * o + l] * regression[j * o + l];
    return sum;
  });
  return { logScale: logDeterminant - 0.5 * o * Math.log(2 * Math.PI), whitener, regression, covariance: left };
}
