import type { Figure } from "./figure.js";
import { colours, layoutWith } from "./template.js";
import { plotlyText, shortNumber } from "./text.js";

/** The tosses as they were read out: a filled mark for heads, above, an empty one for tails, below. */
export function tossRow(tosses: readonly number[]): Figure {
  const heads = tosses.filter((toss) => toss === 1).length;
  const faces = [
    { toss: 1, name: "heads", color: colours[0], symbol: "circle" },
    { toss: 0, name: "tails", color: colours[1], symbol: "diamond-open" },
  ] as const;
  return {
    title: "What we are told: the tosses in their order",
    alt: `Scatter chart: toss against heads or tails. ${heads} of ${tosses.length} tosses show heads.`,
    data: faces.map(({ toss, name, color, symbol }) => ({
      type: "scatter",
      mode: "markers",
      name,
      x: tosses.flatMap((y, j) => (y === toss ? [j] : [])),
      y: tosses.filter((y) => y === toss).map(() => name),
      marker: { color, symbol, size: 14, line: { width: 2 } },
    })),
    layout: layoutWith({
      height: 220,
      xaxis: { title: { text: "toss j" }, tick0: 0, dtick: Math.ceil(tosses.length / 15) },
      yaxis: { type: "category", categoryorder: "array", categoryarray: ["tails", "heads"], range: [-0.5, 1.5] },
    }),
  };
}

/**
 * Observations on a line, before anything is assumed about them.
 * @param observationTitle what they are, and in which unit
 */
export function observationRow({
  observations,
  observationTitle = "observation y",
}: {
  readonly observations: readonly number[];
  readonly observationTitle?: string;
}): Figure {
  const sorted = [...observations].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((y, j) => y - sorted[j]);
  const widest = gaps.indexOf(Math.max(...gaps));
  const gap =
    gaps.length > 0
      ? ` The widest gap is between ${shortNumber(sorted[widest])} and ${shortNumber(sorted[widest + 1])}.`
      : "";
  return {
    title: "The observations",
    alt: `Marks on a line: ${observations.length} observations from ${shortNumber(sorted[0])} to ${shortNumber(sorted[sorted.length - 1])}.${gap}`,
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: [...observations],
        y: observations.map(() => 0),
        marker: { color: colours[0], symbol: "line-ns-open", size: 22, line: { width: 2 } },
        hovertemplate: "y = %{x}<extra></extra>",
      },
    ],
    layout: layoutWith({
      height: 160,
      showlegend: false,
      xaxis: { title: { text: plotlyText(observationTitle) } },
      yaxis: { visible: false, range: [-1, 1] },
    }),
  };
}
