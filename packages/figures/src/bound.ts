import { type Iteration, type NormalMixture, normalDensity, normalMixture } from "em-lesson";
import type { Figure } from "./figure.js";
import { compact, gridOver, thinned, valuesOn } from "./numbers.js";
import { colours, layoutWith } from "./template.js";
import { shortNumber } from "./text.js";

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
  const line = lineThrough({ observations, from, to: normalMixture.mStep(observations, responsibilities) });
  const { logLikelihood, bound } = line;
  return {
    title: "The log-likelihood and the bound that touches it",
    alt:
      `Line chart: the way s through one update against log-likelihood and bound. The bound lies below the log-likelihood and touches it ` +
      `at s = 0, at ${bound(0).toFixed(3)}; its top is at s = 1, at ${bound(1).toFixed(3)}, where the log-likelihood is ${logLikelihood(1).toFixed(3)}.`,
    ...drawn(line, 101),
  };
}

/**
 * The same for every update of a run, with a slider over them. The height is that above the update's start, as a part of
 * its rise: 0 before the update, 1 after it. Updates that rise by no more than rounding errors do are left out.
 * @param iterations what `onIteration` of `normalMixture.fit` was given, in order
 * @param positions the slider's positions at most (30)
 */
export function boundSlider({
  observations,
  iterations,
  positions = 30,
}: {
  readonly observations: readonly number[];
  readonly iterations: readonly Iteration<NormalMixture>[];
  readonly positions?: number;
}): Figure {
  const rise = (i: number) => iterations[i].logLikelihood - iterations[i - 1].logLikelihood;
  const rising = [...iterations.keys()].slice(1).filter((i) => rise(i) > leastRise);
  if (rising.length === 0)
    throw new RangeError("boundSlider: `iterations` must have two at least, the second of a higher log-likelihood");
  const updates = thinned(rising, positions).map((i) => {
    const [from, to] = [iterations[i - 1], iterations[i]];
    const line = lineThrough({ observations, from: from.params, to: to.params });
    const four = [line.logLikelihood(0), line.bound(0), line.bound(1), line.logLikelihood(1)].map(shortNumber);
    const label =
      `from t = ${from.iteration} to t = ${to.iteration}: ` +
      `before, log-likelihood ${four[0]} and bound ${four[1]}; after, bound ${four[2]} and log-likelihood ${four[3]}`;
    const height = (f: (s: number) => number) => (s: number) => (f(s) - from.logLikelihood) / rise(i);
    const relative = { ...line, logLikelihood: height(line.logLikelihood), bound: height(line.bound) };
    return { label, view: drawn(relative, 41) };
  });
  const [first, last] = [updates[0], updates[updates.length - 1]];
  return {
    title: "The bound that touches, update by update",
    alt:
      `Line chart with a slider over the updates: the way s through an update against log-likelihood and bound. In each the bound lies below, ` +
      `touches at s = 0 and has its top at s = 1. Update ${first.label}. Update ${last.label}.`,
    data: first.view.data,
    layout: layoutWith({
      xaxis: { ...first.view.layout.xaxis, range: [-0.5, 1.5] },
      yaxis: { title: { text: "height, in rises of the update" }, range: [-1, 1.8] },
    }),
    steps: updates.map(({ label, view }) => ({
      label,
      data: view.data.map((trace) => ("x0" in trace ? { x0: trace.x0, dx: trace.dx, y: trace.y } : { y: trace.y })),
      traces: [...view.data.keys()],
    })),
  };
}

/** Rounding errors of a log-likelihood are some 1e-14; against this they are not seen. */
const leastRise = 1e-9;

/** Log-likelihood and bound as functions of the way s through an update. */
interface Line {
  readonly logLikelihood: (s: number) => number;
  readonly bound: (s: number) => number;
  /** How far it can be followed. */
  readonly end: number;
}

function lineThrough({
  observations,
  from,
  to,
}: {
  readonly observations: readonly number[];
  readonly from: NormalMixture;
  readonly to: NormalMixture;
}): Line {
  const responsibilities = normalMixture.eStep(from, observations);
  const between = (s: number): NormalMixture => ({
    weights: mixed(from.weights, to.weights, s),
    means: mixed(from.means, to.means, s),
    deviations: mixed(from.deviations, to.deviations, s),
  });
  return {
    logLikelihood: (s) => normalMixture.logLikelihood(between(s), observations),
    bound: (s) => boundBelow(observations, between(s), responsibilities),
    end: furthest(between),
  };
}

/** The two curves on so many points, and the two points that the update joins. */
function drawn({ logLikelihood, bound, end }: Line, points: number) {
  const grid = gridOver(-0.5, end, points);
  // Far below the start of the update the curves would take the height from what is to be seen.
  const floor = 2 * logLikelihood(0) - logLikelihood(1);
  const curves = [
    { name: "log-likelihood ℓ", f: logLikelihood, dash: "solid" },
    { name: "bound F", f: bound, dash: "dash" },
  ] as const;
  const ends = [
    { name: "before the update: they touch", s: 0, symbol: "circle" },
    { name: "after it: the top of the bound", s: 1, symbol: "diamond" },
  ] as const;
  return {
    data: [
      ...curves.map(({ name, f, dash }, i) => ({
        type: "scatter" as const,
        mode: "lines" as const,
        name,
        x0: grid.x0,
        dx: grid.dx,
        y: compact(valuesOn(grid, f), 5).map((value) => (value < floor ? null : value)),
        line: { color: colours[i], dash, width: 2 },
      })),
      ...ends.map(({ name, s, symbol }) => ({
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
