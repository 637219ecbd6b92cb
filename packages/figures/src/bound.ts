import { type NormalMixture, normalDensity, normalMixture } from "em-lesson";
import type { Figure } from "./figure.js";
import { compact, gridOver, valuesOn } from "./numbers.js";
import { colours, layoutWith } from "./template.js";

/**
 * The log-likelihood and the bound that an E-step puts under it, along the straight line through an update: s = 0 is
 * where the E-step was made, s = 1 where its M-step leads to.
 * @param from the parameters before the update
 */
export function boundAlong({
  observations,
  from,
}: {
  readonly observations: readonly number[];
  readonly from: NormalMixture;
}): Figure {
  const responsibilities = normalMixture.eStep(from, observations);
  const to = normalMixture.mStep(observations, responsibilities);
  const between = (s: number): NormalMixture => ({
    weights: mixed(from.weights, to.weights, s),
    means: mixed(from.means, to.means, s),
    deviations: mixed(from.deviations, to.deviations, s),
  });
  const logLikelihood = (s: number) => normalMixture.logLikelihood(between(s), observations);
  const bound = (s: number) => boundBelow(observations, between(s), responsibilities);
  const grid = gridOver(-0.5, furthest(between), 101);
  const points = [
    { name: "before the update: they touch", s: 0, symbol: "circle" },
    { name: "after it: the top of the bound", s: 1, symbol: "diamond" },
  ] as const;
  return {
    title: "The log-likelihood and the bound that touches it",
    alt:
      `Line chart: the way s through one update against log-likelihood and bound. The bound lies below the log-likelihood and touches it ` +
      `at s = 0, at ${bound(0).toFixed(3)}; its top is at s = 1, at ${bound(1).toFixed(3)}, where the log-likelihood is ${logLikelihood(1).toFixed(3)}.`,
    data: [
      ...[
        { name: "log-likelihood ℓ", f: logLikelihood, dash: "solid" as const },
        { name: "bound F", f: bound, dash: "dash" as const },
      ].map(({ name, f, dash }, i) => ({
        type: "scatter" as const,
        mode: "lines" as const,
        name,
        x0: grid.x0,
        dx: grid.dx,
        y: compact(valuesOn(grid, f), 5),
        line: { color: colours[i], dash, width: 2 },
      })),
      ...points.map(({ name, s, symbol }) => ({
        type: "scatter" as const,
        mode: "markers" as const,
        name,
        x: [s],
        y: compact([bound(s)], 5),
        marker: { color: colours[1], symbol, size: 11 },
      })),
    ],
    layout: layoutWith({
      xaxis: { title: { text: "way s through the update" } },
      yaxis: { title: { text: "ℓ and F" } },
    }),
  };
}

const mixed = (from: readonly number[], to: readonly number[], s: number): number[] =>
  from.map((value, k) => value + s * (to[k] - value));

/** The bound F(r, θ) = Σ_j Σ_k r_jk ln (w_k N(y_j | μ_k, σ_k²) / r_jk); where r_jk is 0, so is its term. */
function boundBelow(
  observations: readonly number[],
  { weights, means, deviations }: NormalMixture,
  responsibilities: readonly (readonly number[])[],
): number {
  let sum = 0;
  for (const [j, y] of observations.entries())
    for (const [k, responsibility] of responsibilities[j].entries())
      if (responsibility > 0)
        sum += responsibility * Math.log((weights[k] * normalDensity(y, means[k], deviations[k])) / responsibility);
  return sum;
}

/** How far the line can be followed beyond s = 1: to 1.5, unless a weight or a deviation would not be above 0 there. */
function furthest(between: (s: number) => NormalMixture): number {
  const valid = (s: number) => {
    const { weights, deviations } = between(s);
    return [...weights, ...deviations].every((value) => value > 0);
  };
  return [1.5, 1.25, 1].find(valid) ?? 1;
}
