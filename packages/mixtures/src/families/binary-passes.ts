import type { Data } from "../data.js";
import { emptyShare, eStep, type Family, type LogJoint, visitRows } from "../family.js";
import { type BinaryRows, binaryRows } from "./binary-rows.js";
import { logPriorOf } from "./counts.js";

/** For fewer rows than this, bytes' tables take longer to make than they save. */
const fewRows = 16;

interface Params {
  readonly weights: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
}

/**
 * A Bernoulli mixture that takes rows eight columns at a time, and few rows as it did. θ is K weights and K × D
 * probabilities.
 */
export function withBinaryPasses(family: Family<Params>, pseudoCount = 0): Family<Params> {
  const { components: K, columns: D } = family;

  const logJoint = (theta: Float64Array, rows: BinaryRows): LogJoint =>
    rows.logJoint(theta.subarray(0, K).map(Math.log), theta.subarray(K));

  function logPrior(theta: Float64Array): number {
    if (pseudoCount === 0) return 0;
    const ones = Array.from(theta.subarray(K));
    return (
      logPriorOf(pseudoCount, ones) +
      logPriorOf(
        pseudoCount,
        ones.map((p) => 1 - p),
      )
    );
  }

  /** The sums of an M-step: add each row with its responsibilities, then ask for the parameters. */
  function openFit(theta: Float64Array, { weights }: Data, rows: BinaryRows) {
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
              next[K + k * D + j] = Math.min((totals[k * D + j] + pseudoCount) / (counts[k] + 2 * pseudoCount), 1);
        }
        return next;
      },
    };
  }

  return {
    ...family,
    eStep: (theta, data, visit) =>
      data.rows < fewRows
        ? family.eStep(theta, data, visit)
        : eStep(logJoint(theta, binaryRows(data, K)), K, data, visit),
    weightedFit(data, responsibilities) {
      if (data.rows < fewRows) return family.weightedFit(data, responsibilities);
      const fit = openFit(new Float64Array(K + K * D), data, binaryRows(data, K));
      visitRows(responsibilities, K, data.rows, fit.add);
      const theta = fit.estimate();
      // By words, so that the family learns how many columns there are.
      const probabilities = Array.from({ length: K }, (_, k) => Array.from(theta.subarray(K + k * D, K + (k + 1) * D)));
      return family.pack({ weights: Array.from(theta.subarray(0, K)), probabilities });
    },
    open(data) {
      if (data.rows < fewRows) return family.open(data);
      const rows = binaryRows(data, K);
      return {
        step(theta) {
          const fit = openFit(theta, data, rows);
          const logLikelihood = eStep(logJoint(theta, rows), K, data, fit.add);
          return { params: fit.estimate(), logLikelihood: logLikelihood + logPrior(theta) };
        },
        close() {},
      };
    },
  };
}
