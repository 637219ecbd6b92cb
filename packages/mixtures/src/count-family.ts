import { binaryRows, type CountRows } from "./binary-rows.js";
import { checkDistribution, checkLength, checkNotNegative, checkProbability } from "./checks.js";
import type { CountDistribution } from "./count-distributions.js";
import type { Data } from "./data.js";
import type { Place } from "./errors.js";
import { emptyShare, eStep, type Family, type LogJoint, visitRows } from "./family.js";

/** The parameters of a mixture whose components are given by one rate (a probability, a mean count) for each column. */
export interface RateParams {
  readonly weights: readonly number[];
  /** K × D */
  readonly rates: readonly (readonly number[])[];
}

/** A rate of 0 is bent to this where a row that it makes impossible has to be given to some component. */
const leastRate = 1e-300;

/** For fewer rows than this, bytes' tables take longer to make than they save. */
const fewRows = 16;

/**
 * Mixtures of independent counts: log f_k(x) = Σ_j log p(x_j | rate_kj), and rate_kj = Σ_i r_ik x_ij / (scale n_k).
 * The parameter vector θ holds K weights and K × D rates.
 */
export function countFamily(components: number, columns: number, distribution: CountDistribution): Family<RateParams> {
  const K = components;
  const D = columns;
  const { scale, rateName: name, greatestRate } = distribution;
  const checkRate: (rate: number, place: Place) => void = greatestRate === 1 ? checkProbability : checkNotNegative;

  /** The data as passes go over them: plainly, or rows of 0 and 1 by their bytes. */
  const rowsOf = (data: Data): CountRows =>
    distribution.isBinary && data.rows >= fewRows ? binaryRows(data, K) : plainRows(data);

  const plainRows = ({ values }: Data): CountRows => ({
    logJoint: (logWeights, rates) => (row, out) => {
      for (let k = 0; k < K; k++) {
        let sum = logWeights[k];
        for (let j = 0; j < D; j++) sum += distribution.logProbability(values[row * D + j], rates[k * D + j]);
        out[k] = sum;
      }
    },
    openTotals() {
      const totals = new Float64Array(K * D);
      return {
        add(row, weighted) {
          for (let k = 0; k < K; k++)
            for (let j = 0; j < D; j++) totals[k * D + j] += weighted[k] * values[row * D + j];
        },
        totals: () => totals,
      };
    },
  });

  const logJoint = (theta: Float64Array, rows: CountRows): LogJoint =>
    rows.logJoint(theta.subarray(0, K).map(Math.log), theta.subarray(K));

  /** The sums of an M-step: add each row with its responsibilities, then ask for the parameters. */
  function openFit(theta: Float64Array, { weights }: Data, rows: CountRows) {
    const counts = new Float64Array(K);
    const weighted = new Float64Array(K);
    const { add, totals: totalsOf } = rows.openTotals();
    return {
      add(row: number, responsibilities: Float64Array): void {
        const rowWeight = weights === undefined ? 1 : weights[row];
        for (let k = 0; k < K; k++) {
          weighted[k] = rowWeight * responsibilities[k];
          counts[k] += weighted[k];
        }
        add(row, weighted);
      },
      estimate(): Float64Array {
        const next = Float64Array.from(theta);
        const totals = totalsOf();
        const all = counts.reduce((sum, count) => sum + count, 0);
        for (let k = 0; k < K; k++) {
          next[k] = counts[k] / all;
          if (next[k] > emptyShare)
            for (let j = 0; j < D; j++)
              // A quotient of sums may exceed 1 by its rounding.
              next[K + k * D + j] = Math.min(totals[k * D + j] / (scale * counts[k]), greatestRate);
        }
        return next;
      },
    };
  }

  return {
    components: K,
    columns: D,
    locations: D,
    entriesPerComponent: 0,
    freeParameters: () => K - 1 + K * D,
    climbs: true,
    nearSingular: () => [],
    withoutSingular: () => undefined,
    nearest(theta, data, row) {
      // Chances of 0 and 1 count as next to them: the component wins that has to be bent least.
      const bent = theta.map((entry) => Math.min(Math.max(entry, leastRate), greatestRate - Number.EPSILON));
      const terms = new Float64Array(K);
      logJoint(bent, plainRows(data))(row, terms);
      return terms.reduce((best, term, k) => (term > terms[best] ? k : best), 0);
    },
    isInside: (theta) => theta.every((entry, at) => entry > 0 && (at < K || entry < greatestRate)),
    sampler: (theta) => (k, random) =>
      Array.from({ length: D }, (_, j) => distribution.draw(theta[K + k * D + j], random)),
    eStep: (theta, data, visit) => eStep(logJoint(theta, rowsOf(data)), K, data, visit),
    weightedFit(data, responsibilities) {
      const fit = openFit(new Float64Array(K + K * D), data, rowsOf(data));
      visitRows(responsibilities, K, data.rows, fit.add);
      return fit.estimate();
    },
    pack({ weights, rates }) {
      checkLength(weights, K, "weights");
      checkDistribution(weights, "weights");
      checkLength(rates, K, name);
      rates.forEach((rate, row) => {
        checkLength(rate, D, `${name}[${row}]`);
        for (let column = 0; column < D; column++)
          checkRate(rate[column], D === 1 ? { name, row } : { name, row, column });
      });
      return Float64Array.from([...weights, ...rates.flatMap((rate) => Array.from(rate))]);
    },
    unpack: (theta) => ({
      weights: Array.from(theta.subarray(0, K)),
      rates: Array.from({ length: K }, (_, k) => Array.from(theta.subarray(K + k * D, K + (k + 1) * D))),
    }),
    open(data) {
      const rows = rowsOf(data);
      return {
        step(theta) {
          const fit = openFit(theta, data, rows);
          const logLikelihood = eStep(logJoint(theta, rows), K, data, fit.add);
          return { params: fit.estimate(), logLikelihood };
        },
        close() {},
      };
    },
  };
}
