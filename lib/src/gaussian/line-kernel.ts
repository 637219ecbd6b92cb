import type { Data } from "../data.js";
import { emptySums, type GaussianKernel } from "./kernel.js";

/**
 * The plain kernel for one column as a single loop: for little data the calls of the general one cost more than the
 * arithmetic. The largest log-density is the unit, so of K exponentials one is always 1.
 *
 * @param plain takes over where a row is impossible under every component
 */
export function openLineKernel(plain: GaussianKernel, data: Data, components: number): GaussianKernel {
  const { rows, values, weights } = data;
  const sums = emptySums(components, 1, "diagonal");
  const terms = new Float64Array(components);
  const { counts, first, second } = sums;
  return {
    sums(densities, centres = densities.means) {
      const { logScales, means, whiteners } = densities;
      for (let k = 0; k < components; k++) counts[k] = first[k] = second[k] = 0;
      let logLikelihood = 0;
      let product = 1;
      for (let row = 0; row < rows; row++) {
        const x = values[row];
        const weight = weights === undefined ? 1 : weights[row];
        let best = 0;
        for (let k = 0; k < components; k++) {
          const y = (x - means[k]) * whiteners[k];
          terms[k] = logScales[k] - 0.5 * y * y;
          if (terms[k] > terms[best]) best = k;
        }
        const greatest = terms[best];
        let sum = 1;
        for (let k = 0; k < components; k++) {
          if (k === best) continue;
          terms[k] = Math.exp(terms[k] - greatest);
          sum += terms[k];
        }
        terms[best] = 1;
        for (let k = 0; k < components; k++) {
          const responsibility = (weight * terms[k]) / sum;
          const offset = x - centres[k];
          counts[k] += responsibility;
          first[k] += responsibility * offset;
          second[k] += responsibility * offset * offset;
        }
        logLikelihood += weight * greatest;
        // One logarithm serves many rows.
        if (weights === undefined && product < 1e100) product *= sum;
        else logLikelihood += weight * Math.log(sum);
      }
      sums.logLikelihood = logLikelihood + Math.log(product);
      return Number.isFinite(sums.logLikelihood) ? sums : plain.sums(densities, centres);
    },
    eStep: plain.eStep,
    close() {},
  };
}
