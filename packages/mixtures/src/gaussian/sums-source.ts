import { checkFinite, checkFunction, checkInteger, checkLength, checkObject, checkPositive } from "../checks.js";
import { InputError } from "../errors.js";
import type { GaussianDensities, GaussianSums } from "./passes.js";

/**
 * Sums over all rows, at given densities and about given centres (K × D): the E-step fused with the sums for the M-step.
 * `GaussianSums` says what they are.
 */
export type SumsAt = (densities: GaussianDensities, centres: Float64Array) => Promise<GaussianSums>;

/**
 * Data that a fit never sees: they lie in chunks, in a database, on other machines. An EM step is a sum over rows, so a
 * fit needs only sums, and beforehand what the columns are like and a sample to find a start on.
 */
export interface SumsSource {
  /** What messages call the data; "source" unless given. */
  readonly name?: string;
  /** D */
  readonly columns: number;
  /** N */
  readonly rows: number;
  /** The sum of the rows' weights; `rows` unless given. */
  readonly totalWeight?: number;
  /** D entries, in the columns' units. */
  readonly means: ArrayLike<number>;
  /** D entries: Σ v (x − mean)² / Σ v, in squared units. */
  readonly variances: ArrayLike<number>;
  /** n × D: rows drawn at random, row after row. */
  readonly sample: Float64Array;
  /** n entries: the weights of the rows drawn; 1 each unless given. */
  readonly sampleWeight?: Float64Array;
  readonly sumsAt: SumsAt;
}

/** Checks what a source says of its data; the sums are checked as they come. */
export function checkSource(source: SumsSource): SumsSource {
  checkObject(source, "source", "Give columns, rows, means, variances, sample and sumsAt.");
  const { columns, rows, totalWeight, means, variances, sample, sampleWeight, sumsAt } = source;
  checkInteger(columns, 1, "source.columns");
  checkInteger(rows, 1, "source.rows");
  if (totalWeight !== undefined) checkPositive(totalWeight, "source.totalWeight");
  checkLength(means, columns, "source.means");
  checkLength(variances, columns, "source.variances");
  for (let j = 0; j < columns; j++) {
    checkFinite(means[j], { name: "source.means", row: j });
    checkFinite(variances[j], { name: "source.variances", row: j });
  }
  if (!(sample instanceof Float64Array) || sample.length === 0 || sample.length % columns !== 0) {
    const rule = `must be a Float64Array of rows of ${columns} columns`;
    throw new InputError("source.sample", rule, sample, "Give one row at least, row after row.");
  }
  if (sampleWeight !== undefined) checkLength(sampleWeight, sample.length / columns, "source.sampleWeight");
  if (sumsAt === undefined) throw new InputError("source.sumsAt", "must be a function", sumsAt, "Give it.");
  checkFunction(sumsAt, "source.sumsAt");
  return source;
}

/** `sumsAt`, with sums that are incomplete or no numbers refused. */
export function checkedSums(sumsAt: SumsAt): SumsAt {
  return async (densities, centres) => {
    const sums = await sumsAt(densities, centres);
    const { components, columns, shape } = densities;
    checkObject(sums, "the sums", "Return { logLikelihood, counts, first, second }.");
    const lengths = {
      counts: components,
      first: components * columns,
      second: components * columns * (shape === "full" ? columns : 1),
    };
    for (const name of ["counts", "first", "second"] as const) {
      checkLength(sums[name], lengths[name], `the sums' ${name}`);
      for (let at = 0; at < lengths[name]; at++) checkFinite(sums[name][at], { name: `the sums' ${name}`, row: at });
    }
    return sums;
  };
}
