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
 * Bars of the responsibility of coin B for each toss and, beside them, of the three parameters, with a slider over the
 * iterations.
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
  if (steps.length === 0) throw new RangeError("coinSlider: `steps` is empty: give at least one");
  const last = steps.length - 1;
  const faces = [
    { toss: 1, name: "μ of heads", marker: { color: colours[0] } },
    { toss: 0, name: "μ of tails", marker: { color: colours[1], pattern: { shape: "/" as const } } },
  ];
  const heights = ({ coins, responsibilities }: CoinStep): number[][] => [
    ...faces.map(({ toss }) => compact(responsibilities.filter((_, j) => tosses[j] === toss))),
    compact([coins.a, coins.b, coins.c]),
  ];
  const start = heights(steps[0]);
  return {
    title: "The responsibility μ of coin B for each toss, and the three parameters",
    alt:
      `Bar chart with a slider over the iterations t = 0 to ${last}. On the left, toss number against the responsibility of coin B, from 0 to 1: ` +
      `one height for heads, another for tails, and neither ever moves. On the right the parameters π, p and q, which move once, ` +
      `from t = 0 (${describe(steps[0])}) to t = 1, and then stay. At t = ${last}: ${describe(steps[last])}.`,
    data: [
      ...faces.map(({ toss, name, marker }, i) => ({
        type: "bar" as const,
        name,
        marker,
        x: tosses.flatMap((y, j) => (y === toss ? [j + 1] : [])),
        y: start[i],
      })),
      {
        type: "bar",
        name: "parameters",
        marker: { color: colours[2], pattern: { shape: "." } },
        x: ["π", "p", "q"],
        y: start[2],
        xaxis: "x2",
      },
    ],
    layout: layoutWith({
      barmode: "overlay",
      bargap: 0.25,
      xaxis: { title: { text: "toss j" }, domain: [0, 0.72], tick0: 1, dtick: Math.ceil(tosses.length / 15) },
      xaxis2: { title: { text: "θ" }, domain: [0.8, 1], anchor: "y" },
      yaxis: { title: { text: "probability" }, range: [0, 1] },
    }),
    steps: steps.map((step, t) => ({
      label: `t = ${t}: ${describe(step)}`,
      data: heights(step).map((y) => ({ y })),
      traces: [0, 1, 2],
    })),
  };
}

const describe = ({ coins: { a, b, c }, logLikelihood }: CoinStep): string =>
  `π = ${shortNumber(a)}, p = ${shortNumber(b)}, q = ${shortNumber(c)}, log-likelihood ${shortNumber(logLikelihood)}`;
