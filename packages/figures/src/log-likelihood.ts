import type { Figure } from "./figure.js";
import { compact } from "./numbers.js";
import { colours, layoutWith } from "./template.js";
import { shortNumber } from "./text.js";

/**
 * The log-likelihood after each update, and above it the figure that the original printed in its place, each on its
 * own scale.
 * @param logLikelihood logLikelihood[t] after t updates, the start's first
 * @param printed printed[t] after t updates; printed[0] is not drawn, since the original prints a bare 0 for its start
 */
export function logLikelihoodTraces({
  logLikelihood,
  printed,
}: {
  readonly logLikelihood: readonly number[];
  readonly printed: readonly number[];
}): Figure {
  const figures = printed.slice(1);
  const fall = figures.findIndex((value, i) => i > 0 && value < figures[i - 1]);
  const fell = fall < 0 ? "It never falls." : `It falls from t = ${fall} to t = ${fall + 1}.`;
  const rows = [
    { name: "the original's printed figure", values: figures, first: 1, yaxis: "y2", dash: "dash", symbol: "diamond" },
    { name: "log-likelihood", values: logLikelihood, first: 0, yaxis: "y", dash: "solid", symbol: "circle" },
  ] as const;
  return {
    title: "The log-likelihood, and the figure that the original printed in its place",
    alt:
      `Two line charts over the same iterations t. Above: the original's printed figure, from ${ends(figures)}. ${fell} ` +
      `Below: the log-likelihood, from ${ends(logLikelihood)}.`,
    data: rows.map(({ name, values, first, yaxis, dash, symbol }, i) => ({
      type: "scatter",
      mode: "lines+markers",
      name,
      x: values.map((_, t) => t + first),
      // The printed figure's fall is in its seventh digit.
      y: compact(values, 9),
      yaxis,
      line: { color: colours[1 - i], dash, width: 2 },
      marker: { symbol, size: 7 },
    })),
    layout: layoutWith({
      xaxis: { title: { text: "iteration t" }, anchor: "y" },
      yaxis: { title: { text: "log-likelihood ℓ" }, domain: [0, 0.46] },
      yaxis2: { title: { text: "printed figure" }, domain: [0.54, 1], anchor: "x" },
    }),
  };
}

const ends = (values: readonly number[]): string =>
  `${shortNumber(values[0] ?? Number.NaN)} to ${shortNumber(values[values.length - 1] ?? Number.NaN)}`;
