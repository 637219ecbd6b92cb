import type { Data } from "../data.js";
import { emptySums, type GaussianDensities, type GaussianKernel, type GaussianSums } from "./kernel.js";

/**
 * The plain kernel for one column as a single loop: for little data the calls of the general one cost more than the
 * arithmetic. The largest log-density is the unit, so of K exponentials one is always 1.
 *
 * @param plain takes over where a row is impossible under every component
 */
export function openLineKernel(plain: GaussianKernel, data: Data, components: number): GaussianKernel {
  const sums = emptySums(components, 1, "diagonal");
  const terms = new Float64Array(components);
  const pass = components === 2 ? passOverTwo : passOverAny;
  return {
    ...plain,
    sums(densities, centres = densities.means) {
      pass(data, densities, centres, sums, terms);
      return Number.isFinite(sums.logLikelihood) ? sums : plain.sums(densities, centres);
    },
  };
}

function passOverAny(
  { rows, values, weights }: Data,
  { components, logScales, means, whiteners }: GaussianDensities,
  centres: Float64Array,
  sums: GaussianSums,
  terms: Float64Array,
): void {
  const { counts, first, second } = sums;
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
}

/** The same for two components, with everything in local variables: less than half the time. */
function passOverTwo(
  { rows, values, weights }: Data,
  { logScales, means, whiteners }: GaussianDensities,
  centres: Float64Array,
  sums: GaussianSums,
): void {
  const [scale0, mean0, whitener0, centre0] = [logScales[0], means[0], whiteners[0], centres[0]];
  const [scale1, mean1, whitener1, centre1] = [logScales[1], means[1], whiteners[1], centres[1]];
  // One by one: taken from an array, V8 would keep each as an object.
  let count0 = 0;
  let first0 = 0;
  let second0 = 0;
  let count1 = 0;
  let first1 = 0;
  let second1 = 0;
  let logLikelihood = 0;
  let product = 1;
  for (let row = 0; row < rows; row++) {
    const x = values[row];
    const weight = weights === undefined ? 1 : weights[row];
    const y0 = (x - mean0) * whitener0;
    const y1 = (x - mean1) * whitener1;
    const log0 = scale0 - 0.5 * y0 * y0;
    const log1 = scale1 - 0.5 * y1 * y1;
    const ratio = Math.exp(-Math.abs(log0 - log1));
    const sum = 1 + ratio;
    const larger = weight / sum;
    const smaller = larger * ratio;
    const isFirst = log0 > log1;
    const responsibility0 = isFirst ? larger : smaller;
    const responsibility1 = isFirst ? smaller : larger;
    const offset0 = x - centre0;
    const offset1 = x - centre1;
    count0 += responsibility0;
    count1 += responsibility1;
    first0 += responsibility0 * offset0;
    first1 += responsibility1 * offset1;
    second0 += responsibility0 * offset0 * offset0;
    second1 += responsibility1 * offset1 * offset1;
    logLikelihood += weight * (isFirst ? log0 : log1);
    if (weights === undefined && product < 1e100) product *= sum;
    else logLikelihood += weight * Math.log(sum);
  }
  sums.counts[0] = count0;
  sums.counts[1] = count1;
  sums.first[0] = first0;
  sums.first[1] = first1;
  sums.second[0] = second0;
  sums.second[1] = second1;
  sums.logLikelihood = logLikelihood + Math.log(product);
}
