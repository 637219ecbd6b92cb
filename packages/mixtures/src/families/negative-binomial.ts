import { checkNotNegative } from "../checks.js";
import type { Component, WeightedRows } from "../component.js";
import { type MixtureModel, modelsOf } from "../component-model.js";
import type { Mixture } from "../mixture.js";
import { standardGamma } from "../random.js";
import { namedWording } from "../wording.js";
import { drawEvents } from "./count-draws.js";
import { count, least, times } from "./counts.js";
import { digammaRise, logFactorial, logGammaRatio } from "./log-gamma.js";
import { fallThrough } from "./root.js";

interface MeanAndDispersion {
  /** m */
  readonly mean: number;
  /** a: the variance is m + a m². With 0 it is Poisson's distribution. */
  readonly dispersion: number;
}

/** Below this a dispersion counts as 0: no data tell them apart. */
const leastDispersion = 1e-10;

/**
 * Counts that vary more than rare events do: with r = 1 / a,
 * f(x) = Γ(r + x) / (Γ(r) x!) (a m)^x / (1 + a m)^(r + x).
 */
export const negativeBinomial: Component<MeanAndDispersion> = {
  name: "NegativeBinomialMixture",
  logDensity({ mean, dispersion }) {
    const logMean = Math.log(mean);
    if (dispersion < leastDispersion) return (x) => times(x[0], logMean) - mean - logFactorial(x[0]);
    const r = 1 / dispersion;
    const [logMore, log1] = [Math.log(dispersion * mean), Math.log1p(dispersion * mean)];
    return (x) => logGammaRatio(r, x[0]) - logFactorial(x[0]) + times(x[0], logMore) - (r + x[0]) * log1;
  },
  fit(rows, current) {
    const mean = rows.mean((x) => x[0]);
    const variance = rows.mean((x) => (x[0] - mean) ** 2);
    // The likelihood has its maximum at a = 0 where the counts vary less than rare events do.
    if (variance <= mean) return { mean, dispersion: 0 };
    const guess = current?.dispersion || (variance - mean) / mean ** 2;
    const slope = (dispersion: number) => slopeAt(dispersion, mean, rows);
    return { mean, dispersion: fallThrough(slope, guess, leastDispersion, 1 / leastDispersion) };
  },
  freeParameters: 2,
  values: count,
  isValid: ({ mean, dispersion }) => mean >= 0 && dispersion >= 0,
  softened: ({ mean, dispersion }) => ({ mean: Math.max(mean, least), dispersion }),
  // A Poisson draw whose mean is itself drawn, from a gamma distribution.
  sample: ({ mean, dispersion }, random) =>
    drawEvents(dispersion < leastDispersion ? mean : dispersion * mean * standardGamma(1 / dispersion, random), random),
};

/** a² / Σ w times the derivative of Σ w log f by a: log(1 + a m) less the mean of ψ(r + x) − ψ(r). */
function slopeAt(dispersion: number, mean: number, rows: WeightedRows): number {
  return Math.log1p(dispersion * mean) - rows.mean((x) => digammaRise(1 / dispersion, x[0]));
}

/** The parameters of a mixture of negative binomial distributions. */
export interface NegativeBinomialParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K mean counts m. */
  readonly means: readonly number[];
  /** K dispersions a: the variance is m + a m². R's `size` is 1 / a. With 0 a component is Poisson's. */
  readonly dispersions: readonly number[];
}

/**
 * Mixtures of negative binomial distributions, over counts that vary more than rare events do.
 *
 * @see Levin & Reeds (1977), Compound multinomial likelihood functions are unimodal, on the fit of the dispersion
 * @example
 * NegativeBinomialMixture.fit([0, 0, 1, 0, 9, 30, 14, 0, 2, 55], { nComponents: 2 }).params.dispersions;
 */
export const NegativeBinomialMixture: MixtureModel<NegativeBinomialParams> = /* @__PURE__ */ modelsOf({
  name: "NegativeBinomialMixture",
  dataName: "counts",
  of: () => ({
    component: negativeBinomial,
    wording: namedWording<MeanAndDispersion, NegativeBinomialParams>(
      { mean: "means", dispersion: "dispersions" },
      ({ mean, dispersion }, nameOf) => {
        checkNotNegative(mean, nameOf("mean"));
        checkNotNegative(dispersion, nameOf("dispersion"));
      },
    ),
  }),
});
export type NegativeBinomialMixture = Mixture<NegativeBinomialParams>;
