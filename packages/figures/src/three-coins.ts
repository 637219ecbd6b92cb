import { type Coins, threeCoins } from "em-lesson";
import type { Figure } from "./figure.js";
import { compact } from "./numbers.js";
import { colours, layoutWith } from "./template.js";
import { shortNumber } from "./text.js";

/**
 * Bars of the responsibility of coin B for each toss and, beside them, of the three parameters, with a slider over the
 * updates.
 * @param tosses 1 for heads, 0 for tails
 * @param path the parameters after t = 0, 1, … updates
 */
export function coinSlider({
  tosses,
  path,
}: {
  readonly tosses: readonly number[];
  readonly path: readonly Coins[];
}): Figure {
  if (path.length === 0) throw new RangeError("coinSlider: `path` is empty: give at least the start");
  const last = path.length - 1;
  const faces = [
    { toss: 1, name: "responsibility for heads", marker: { color: colours[0] } },
    { toss: 0, name: "for tails", marker: { color: colours[1], pattern: { shape: "/" as const } } },
  ];
  const heights = (coins: Coins): number[][] => {
    const responsibilities = threeCoins.eStep(coins, tosses);
    return [
      ...faces.map(({ toss }) => compact(responsibilities.filter((_, j) => tosses[j] === toss))),
      compact([coins.a, coins.b, coins.c]),
    ];
  };
  const describe = (coins: Coins): string =>
    `a = ${shortNumber(coins.a)}, b = ${shortNumber(coins.b)}, c = ${shortNumber(coins.c)}; ` +
    `log-likelihood ${shortNumber(threeCoins.logLikelihood(coins, tosses))}`;
  const start = heights(path[0]);
  return {
    title: "The responsibility of coin B for each toss, and the three parameters",
    alt:
      `Bar chart with a slider over the updates t = 0 to ${last}. On the left, toss against the responsibility of coin B, from 0 to 1: ` +
      `one height for heads, another for tails. On the right the parameters a, b and c. ` +
      `At t = 0: ${describe(path[0])}. At t = ${last}: ${describe(path[last])}.`,
    data: [
      ...faces.map(({ toss, name, marker }, i) => ({
        type: "bar" as const,
        name,
        marker,
        x: tosses.flatMap((y, j) => (y === toss ? [j] : [])),
        y: start[i],
      })),
      {
        type: "bar",
        name: "parameters",
        marker: { color: colours[2], pattern: { shape: "." } },
        x: ["a", "b", "c"],
        y: start[2],
        xaxis: "x2",
      },
    ],
    layout: layoutWith({
      barmode: "overlay",
      bargap: 0.25,
      xaxis: { title: { text: "toss j" }, domain: [0, 0.72], tick0: 0, dtick: Math.ceil(tosses.length / 15) },
      xaxis2: { title: { text: "parameter" }, domain: [0.8, 1], anchor: "y" },
      yaxis: { title: { text: "probability" }, range: [0, 1] },
    }),
    steps: path.map((coins, t) => ({
      label: `t = ${t}: ${describe(coins)}`,
      data: heights(coins).map((y) => ({ y })),
      traces: [0, 1, 2],
    })),
  };
}
