import type { Coins } from "em-mixtures";
import type { Figure } from "./figure.js";
import { compact } from "./numbers.js";
import { colours, layoutWith } from "./template.js";
import { shortNumber } from "./text.js";

/** One iteration of the three coins: the parameters, and the E-step and log-likelihood that belong to them. */
export interface CoinStep {
  readonly coins: Coins;
  /** The responsibility of coin B for each toss. */
  readonly responsibilities: readonly number[];
  readonly logLikelihood: number;
}

/**
 * Bars of the responsibility of coin B for each toss, with a slider over the iterations.
 * @param tosses 1 for heads, 0 for tails
 * @param steps one per iteration t = 0, 1, …
 */
export function coinSlider({
  tosses,
  steps,
}: {
  readonly tosses: readonly number[];
  readonly steps: readonly CoinStep[];
}): Figure {
  const faces = [
    { toss: 1, name: "heads", marker: { color: colours[0] } },
    { toss: 0, name: "tails", marker: { color: colours[1], pattern: { shape: "/" as const } } },
  ];
  const heights = ({ responsibilities }: CoinStep, toss: number): number[] =>
    compact(responsibilities.filter((_, j) => tosses[j] === toss));
  const [first, last] = [steps[0], steps[steps.length - 1]];
  if (first === undefined || last === undefined)
    throw new RangeError("coinSlider: `steps` is empty: give at least one");
  return {
    title: "Which coin was tossed? The responsibility of coin B for each toss",
    alt:
      `Bar chart with a slider over the iterations: toss number against the responsibility of coin B, from 0 to 1. ` +
      `All heads share one height and all tails another; the heights change from t = 0 to t = 1 and then stay as they are. ` +
      `At t = ${steps.length - 1}: ${describe(last)}.`,
    data: faces.map(({ toss, name, marker }) => ({
      type: "bar",
      name,
      marker,
      x: tosses.flatMap((y, j) => (y === toss ? [j + 1] : [])),
      y: heights(first, toss),
    })),
    layout: layoutWith({
      barmode: "overlay",
      bargap: 0.25,
      xaxis: { title: { text: "toss j" }, tick0: 1, dtick: Math.ceil(tosses.length / 15) },
      yaxis: { title: { text: "responsibility μ<sub>j</sub> of coin B" }, range: [0, 1] },
    }),
    steps: steps.map((step, t) => ({
      label: `t = ${t}: ${describe(step)}`,
      data: faces.map(({ toss }) => ({ y: heights(step, toss) })),
      traces: [0, 1],
    })),
  };
}

const describe = ({ coins: { a, b, c }, logLikelihood }: CoinStep): string =>
  `π = ${shortNumber(a)}, p = ${shortNumber(b)}, q = ${shortNumber(c)}, log-likelihood ${shortNumber(logLikelihood)}`;
