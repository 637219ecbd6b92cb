import type { Figure } from "./figure.js";
import { compact } from "./numbers.js";
import { colours, layoutWith } from "./template.js";
import { shortNumber } from "./text.js";

/**
 * The log-likelihood after each update, and above it the figure that the original printed in its place, each on its
 * own scale. Neither is drawn at t = 0: the original prints a bare 0 for its start, and the log-likelihood of a start
 * may lie so far below the others that they would look like a flat line.
 * @param logLikelihood logLikelihood[t] after t updates, the start's first
 * @param printed printed[t] after t updates
 */
export function logLikelihoodTraces({
  logLikelihood,
  printed,
}: {
  readonly logLikelihood: readonly number[];
  readonly printed: readonly number[];
}): Figure {
  const figures = printed.slice(1);
  const values = logLikelihood.slice(1);
  const fall = figures.findIndex((value, i) => i > 0 && value < figures[i - 1]);
  const fell = fall < 0 ? "It never falls." : `It falls from t = ${fall} to t = ${fall + 1}.`;
  const rows = [
    { name: "the original's printed figure", values: figures, yaxis: "y2", dash: "dash", symbol: "diamond" },
    { name: "log-likelihood", values, yaxis: "y", dash: "solid", symbol: "circle" },
  ] as const;
  return {
    title: "The log-likelihood, and the figure that the original printed in its place",
    alt:
      `Two line charts over the same updates t, from t = 1 on. Above: the original's printed figure, from ${ends(figures)}. ${fell} ` +
      `Below: the log-likelihood, from ${ends(values)}.`,
    data: rows.map(({ name, values, yaxis, dash, symbol }, i) => ({
      type: "scatter",
      mode: "lines+markers",
      name,
      x: values.map((_, i) => i + 1),
      // The printed figure's fall is in its seventh digit.
      y: compact(values, 9),
      yaxis,
      line: { color: colours[1 - i], dash, width: 2 },
      marker: { symbol, size: 7 },
    })),
    layout: layoutWith({
      xaxis: { title: { text: "update t" }, anchor: "y" },
      yaxis: { title: { text: "log-likelihood ℓ" }, domain: [0, 0.46] },
      yaxis2: { title: { text: "printed figure" }, domain: [0.54, 1], anchor: "x" },
    }),
  };
}

const ends = (values: readonly number[]): string =>
  `${shortNumber(values[0] ?? Number.NaN)} to ${shortNumber(values[values.length - 1] ?? Number.NaN)}`;
