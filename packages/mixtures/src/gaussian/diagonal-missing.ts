import type { Data } from "../data.js";
import type { MissingDensities, RowParts } from "./missing-densities.js";
import { accumulate } from "./passes.js";

/**
 * The E-step with missing values for diagonal covariances, where the columns that are there tell nothing of the others: a
 * row's density is the product over what is there, and a missing value is expected at its mean, with its whole variance.
 * So it takes time and memory in proportion to D.
 */
export function diagonalStep(data: Data, { logWeights, means, covariances: variances }: MissingDensities): RowParts {
  const { values, columns: D, weights } = data;
  const K = logWeights.length;
  const logScales = variances.map((variance) => -0.5 * Math.log(2 * Math.PI * variance));
  const isMissing = (row: number, j: number) => Number.isNaN(values[row * D + j]);

  return {
    logJoint(row, out) {
      for (let k = 0; k < K; k++) {
        out[k] = logWeights[k];
        for (let j = 0; j < D; j++) {
          const offset = values[row * D + j] - means[k * D + j];
          if (!Number.isNaN(offset)) out[k] += logScales[k * D + j] - (0.5 * offset * offset) / variances[k * D + j];
        }
      }
    },

    addTo(sums, centres) {
      const offsets = new Float64Array(D);
      return (row, responsibilities) => {
        for (let k = 0; k < K; k++) {
          const weight = (weights === undefined ? 1 : weights[row]) * responsibilities[k];
          for (let j = 0; j < D; j++) {
            const at = k * D + j;
            const missing = isMissing(row, j);
            offsets[j] = (missing ? means[at] : values[row * D + j]) - centres[at];
            if (missing) sums.second[at] += weight * variances[at];
          }
          accumulate(sums, k, weight, offsets, "diagonal");
        }
      };
    },
  };
}
