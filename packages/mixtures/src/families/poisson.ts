import { checkNotNegative } from "../checks.js";
import type { Component } from "../component.js";
import { type MixtureModel, modelsOf } from "../component-model.js";
import type { Mixture } from "../mixture.js";
import { namedWording } from "../wording.js";
import { drawEvents } from "./count-draws.js";
import { count, least, times } from "./counts.js";
import { logFactorial } from "./log-gamma.js";

interface Mean {
  readonly mean: number;
}

/** Counts of rare events: f(x) = e^(−mean) mean^x / x!. */
export const poisson: Component<Mean> = {
  name: "PoissonMixture",
  logDensity({ mean }) {
    const logMean = Math.log(mean);
    return (x) => times(x[0], logMean) - mean - logFactorial(x[0]);
  },
  fit: (rows) => ({ mean: rows.mean((x) => x[0]) }),
  freeParameters: 1,
  values: count,
  isValid: ({ mean }) => mean >= 0,
  softened: ({ mean }) => ({ mean: Math.max(mean, least) }),
  sample: ({ mean }, random) => drawEvents(mean, random),
};

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
export const PoissonMixture: MixtureModel<PoissonParams> = /* @__PURE__ */ modelsOf({
  name: "PoissonMixture",
  dataName: "counts",
  of: () => ({
    component: poisson,
    wording: namedWording<Mean, PoissonParams>({ mean: "means" }, ({ mean }, nameOf) =>
      checkNotNegative(mean, nameOf("mean")),
    ),
  }),
});
export type PoissonMixture = Mixture<PoissonParams>;
