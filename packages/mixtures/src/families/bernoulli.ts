import { checkLength, checkNotNegative, checkProbability } from "../checks.js";
import type { Component } from "../component.js";
import { type MixtureModel, modelsOf } from "../component-model.js";
import type { Mixture } from "../mixture.js";
import { columnMeans } from "../weighted-rows.js";
import { namedWording } from "../wording.js";
import { withBinaryPasses } from "./binary-passes.js";
import { bent, isProbability, logPriorOf, type PseudoCounts } from "./counts.js";

interface Probabilities {
  readonly probabilities: readonly number[];
}

/** Independent features that are 0 or 1: f(x) = Π_j p_j^x_j (1 − p_j)^(1 − x_j). */
export function bernoulli({ pseudoCount = 0 }: PseudoCounts = {}): Component<Probabilities> {
  checkNotNegative(pseudoCount, "pseudoCount");
  return {
    name: "BernoulliMixture",
    columns: ({ probabilities }) => checkLength(probabilities, undefined, "probabilities[0]"),
    logDensity({ probabilities }) {
      const logOnes = probabilities.map(Math.log);
      const logZeros = probabilities.map((p) => Math.log1p(-p));
      return (x) => {
        let sum = 0;
        for (let j = 0; j < x.length; j++) sum += x[j] === 1 ? logOnes[j] : logZeros[j];
        return sum;
      };
    },
    fit(rows) {
      const n = rows.totalWeight;
      // A quotient of sums may exceed 1 by its rounding.
      const shares = columnMeans(rows).map((p) => Math.min((p * n + pseudoCount) / (n + 2 * pseudoCount), 1));
      return { probabilities: shares };
    },
    ...(pseudoCount > 0 && {
      logPrior: ({ probabilities }: Probabilities) =>
        logPriorOf(pseudoCount, [...probabilities, ...probabilities.map((p) => 1 - p)]),
    }),
    freeParameters: ({ probabilities }) => probabilities.length,
    values: {
      rule: "must be 0 or 1",
      remedy: "Code heads (yes, present) as 1 and tails as 0.",
      holds: (value) => value === 0 || value === 1,
    },
    isValid: ({ probabilities }) => probabilities.every(isProbability),
    softened: ({ probabilities }) => ({ probabilities: probabilities.map(bent) }),
    sample: ({ probabilities }, random) => probabilities.map((p) => (random() < p ? 1 : 0)),
  };
}

/** The parameters of a mixture over rows of D yes-or-no features. */
export interface BernoulliParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K × D: the probability of a 1 in each column under each component. */
  readonly probabilities: readonly (readonly number[])[];
}

/**
 * Mixtures over rows of D features that are 0 or 1, independent within a component:
 * p(x) = Σ_k w_k Π_j p_kj^x_j (1 − p_kj)^(1 − x_j).
 *
 * @see Bishop (2006), Pattern Recognition and Machine Learning, section 9.3.3
 */
export const BernoulliMixture: MixtureModel<BernoulliParams, PseudoCounts> = /* @__PURE__ */ modelsOf<
  Probabilities,
  BernoulliParams,
  PseudoCounts
>({
  name: "BernoulliMixture",
  options: ["pseudoCount"],
  of: ({ pseudoCount = 0 }) => ({
    component: bernoulli({ pseudoCount }),
    wording: namedWording<Probabilities, BernoulliParams>(
      { probabilities: "probabilities" },
      ({ probabilities }, nameOf) => {
        for (const [j, p] of probabilities.entries()) checkProbability(p, nameOf("probabilities", j));
      },
    ),
  }),
  faster: (family, { pseudoCount = 0 }) => withBinaryPasses(family, pseudoCount),
});
export type BernoulliMixture = Mixture<BernoulliParams>;
