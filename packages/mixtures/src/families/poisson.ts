import { checkNotNegative } from "../checks.js";
import type { Component, WeightedRows } from "../component.js";
import { type MixtureModel, modelsOf } from "../component-model.js";
import type { Mixture } from "../mixture.js";
import { namedWording } from "../wording.js";
import { drawEvents } from "./count-draws.js";
import { count, least, type PseudoCounts, times } from "./counts.js";
import { logFactorial } from "./log-gamma.js";

interface Mean {
  readonly mean: number;
}

/**
 * Counts of rare events: f(x) = e^(−mean) mean^x / x!. Pseudo-counts are a gamma distribution of means about that of all
 * rows, m: with a of them, the mean is (Σ w x + a) / (Σ w + a / m), and the log-prior a log mean − a mean / m.
 */
export function poisson({ pseudoCount = 0 }: PseudoCounts = {}): Component<Mean> {
  checkNotNegative(pseudoCount, "pseudoCount");
  return {
    name: "PoissonMixture",
    logDensity({ mean }) {
      const logMean = Math.log(mean);
      return (x) => times(x[0], logMean) - mean - logFactorial(x[0]);
    },
    fit(rows) {
      const more = pseudoCount > 0 && meanOf(rows.all) > 0 ? pseudoCount : 0;
      const time = more === 0 ? 0 : more / meanOf(rows.all);
      return { mean: (rows.totalWeight * meanOf(rows) + more) / (rows.totalWeight + time) };
    },
    ...(pseudoCount > 0 && {
      logPrior({ mean }: Mean, all: WeightedRows) {
        const usual = meanOf(all);
        return usual > 0 ? pseudoCount * (Math.log(Math.max(mean, least)) - mean / usual) : 0;
      },
    }),
    freeParameters: 1,
    values: count,
    isValid: ({ mean }) => mean >= 0,
    softened: ({ mean }) => ({ mean: Math.max(mean, least) }),
    sample: ({ mean }, random) => drawEvents(mean, random),
  };
}

const meanOf = (rows: WeightedRows): number => rows.mean((x) => x[0]);

/** The parameters of a mixture of Poisson distributions. */
export interface PoissonParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K mean counts. */
  readonly means: readonly number[];
}

/**
 * Mixtures of Poisson distributions over counts: p(x) = Σ_k w_k e^(−m_k) m_k^x / x!.
 *
 * @see Hasselblad (1969), Estimation of finite mixtures of distributions from the exponential family
 */
export const PoissonMixture: MixtureModel<PoissonParams, PseudoCounts> = /* @__PURE__ */ modelsOf<
  Mean,
  PoissonParams,
  PseudoCounts
>({
  name: "PoissonMixture",
  dataName: "counts",
  options: ["pseudoCount"],
  of: ({ pseudoCount = 0 }) => ({
    component: poisson({ pseudoCount }),
    wording: namedWording<Mean, PoissonParams>({ mean: "means" }, ({ mean }, nameOf) =>
      checkNotNegative(mean, nameOf("mean")),
    ),
  }),
});
export type PoissonMixture = Mixture<PoissonParams>;
