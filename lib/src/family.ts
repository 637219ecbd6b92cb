import type { Step } from "./em.js";
import type { Data } from "./data.js";
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
      throw new InputError({ name: "observations", row }, "must have a probability above 0", 0, remedy);
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
