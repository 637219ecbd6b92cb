import { checkDistribution, checkLength } from "./checks.js";
import type { Data } from "./data.js";
import { type EmOptions, type EmResult, em, type Step } from "./em.js";
import { InputError } from "./errors.js";

/** Writes log(w_k f_k(x)), the log of weight times density, of every component k at a row of the data into `out`. */
export type LogJoint = (row: number, out: Float64Array) => void;

/** The sums of a weighted fit: add each row with its weight under every component, then ask for the parameters. */
export interface WeightedFit {
  add(row: number, weights: Float64Array): void;
  /** The M-step: the parameters that maximise the weighted log-likelihood. `fallback` stands in for an empty component. */
  estimate(): Float64Array;
}

/**
 * What the engine asks of a family of mixtures: a log-density and a weighted fit.
 *
 * Within the engine the parameters are one vector θ, which begins with the K mixing weights; `pack` and `unpack`
 * translate to the words that callers use. So the loop allocates little, and acceleration can extrapolate θ.
 */
export interface Family<P> {
  /** K */
  readonly components: number;
  pack(params: P): Float64Array;
  unpack(theta: Float64Array): P;
  logJoint(theta: Float64Array, data: Data): LogJoint;
  /** A weighted fit whose sums are taken relative to θ, against cancellation; an empty component keeps its part of θ. */
  weightedFit(theta: Float64Array, data: Data): WeightedFit;
  /** One EM step over the data as `em` takes it, with what must be released when the fit ends. */
  open(data: Data): { readonly step: Step<Float64Array>; close(): void };
}

/**
 * The E-step over all rows: for each, its log-density log p(x) = log Σ_k w_k f_k(x) and the responsibilities
 * w_k f_k(x) / p(x), by the log-sum-exp rule, so that no density under- or overflows.
 *
 * @returns the log-likelihood Σ_i v_i log p(x_i), v the sample weights
 * @throws InputError for a row to which every component gives the probability 0
 */
export function eStep(
  logJoint: LogJoint,
  components: number,
  data: Data,
  visit: (row: number, responsibilities: Float64Array, logDensity: number) => void,
): number {
  const { rows, weights } = data;
  const terms = new Float64Array(components);
  let logLikelihood = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    logJoint(row, terms);
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) if (terms[k] > greatest) greatest = terms[k];
    if (greatest === Number.NEGATIVE_INFINITY) {
      const remedy = "Choose parameters under which every observation is possible.";
      throw new InputError({ name: data.name, row }, "must have a probability above 0", 0, remedy);
    }
    let sum = 0;
    for (let k = 0; k < components; k++) {
      terms[k] = Math.exp(terms[k] - greatest);
      sum += terms[k];
    }
    for (let k = 0; k < components; k++) terms[k] /= sum;
    const logDensity = greatest + Math.log(sum);
    logLikelihood += weight * logDensity;
    visit(row, terms, logDensity);
  }
  return logLikelihood;
}

/** The responsibilities of K components for one row. */
export type Responsibilities = (row: number, out: Float64Array) => void;

/**
 * The M-step on its own: the weighted fit to given responsibilities. It runs twice, so that the second run's sums are
 * about the first run's means.
 *
 * @param around any parameters of the family; they only place the first sums
 * @throws InputError for a component without any responsibility
 */
export function mStep<P>(
  family: Family<P>,
  around: Float64Array,
  data: Data,
  responsibilities: Responsibilities,
): Float64Array {
  const row = new Float64Array(family.components);
  let theta = around;
  for (let run = 0; run < 2; run++) {
    const fit = family.weightedFit(theta, data);
    for (let i = 0; i < data.rows; i++) {
      responsibilities(i, row);
      fit.add(i, row);
    }
    theta = fit.estimate();
  }
  for (let k = 0; k < family.components; k++)
    if (theta[k] === 0) {
      const rule = `must not all be 0 for component ${k}`;
      throw new InputError({ name: "responsibilities", column: k }, rule, 0, "An empty component cannot be fitted.");
    }
  return theta;
}

/** Checks an N × K array of responsibilities and reads it row by row. */
export function readResponsibilities(
  given: readonly ArrayLike<number>[],
  rows: number,
  components?: number,
): Responsibilities {
  const name = "responsibilities";
  checkLength(given, rows, name);
  for (let row = 0; row < rows; row++) {
    checkLength(given[row], components ?? given[0].length, `${name}[${row}]`);
    checkDistribution(given[row], name, row);
  }
  return (row, out) => out.set(given[row]);
}

/** The responsibilities of every component for every row, N × K. */
export function responsibilityRows<P>(family: Family<P>, theta: Float64Array, data: Data): number[][] {
  const rows: number[][] = [];
  eStep(family.logJoint(theta, data), family.components, data, (_, row) => rows.push(Array.from(row)));
  return rows;
}

/** The total log-likelihood Σ_i v_i log p(x_i), v the sample weights. */
export function logLikelihood<P>(family: Family<P>, theta: Float64Array, data: Data): number {
  return eStep(family.logJoint(theta, data), family.components, data, () => {});
}

/** Runs the EM loop on a family and translates its parameter vectors into the callers' words. */
export function fitFamily<P>(family: Family<P>, start: Float64Array, data: Data, options: EmOptions<P>): EmResult<P> {
  const { onIteration, ...rest } = options;
  const { step, close } = family.open(data);
  try {
    const { params, ...result } = em(start, step, {
      ...rest,
      ...(onIteration && { onIteration: (seen) => onIteration({ ...seen, params: family.unpack(seen.params) }) }),
    });
    return { ...result, params: family.unpack(params) };
  } finally {
    close();
  }
}

/** A component with less than this share of the data is empty: its sums are too small to divide by. */
export const emptyShare = 1e-100;
