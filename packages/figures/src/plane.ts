import type { Data } from "plotly.js-dist-min";
import { type Covariance, deviations, ellipse } from "./ellipse.js";
import type { Figure } from "./figure.js";
import { extremes } from "./numbers.js";
import { colours, cycled, dashes, layoutWith, symbolNumbers, symbols } from "./template.js";
import { plotlyText } from "./text.js";

/** A fit to two columns, as a picture shows it. */
export interface PlaneFit {
  /** Plain text, such as "K = 2: BIC 2322.19". */
  readonly label: string;
  readonly means: readonly (readonly number[])[];
  /** For each component its matrix, 2 × 2, or its two variances alone. */
  readonly covariances: readonly Covariance[];
  /** The component of each row. */
  readonly labels: readonly number[];
}

/**
 * Rows of two columns as points, in a colour and a symbol for each component, and an ellipse of two deviations for each component, with a
 * slider over the fits.
 */
export function ellipseSlider({
  rows,
  fits,
  axisTitles,
}: {
  readonly rows: readonly (readonly number[])[];
  readonly fits: readonly PlaneFit[];
  readonly axisTitles: readonly [string, string];
}): Figure {
  if (fits.length === 0) throw new RangeError("ellipseSlider: `fits` is empty: give at least one");
  // One curve for all ellipses of a fit, with gaps between them: fits have different numbers of components.
  const ellipses = ({ means, covariances }: PlaneFit) => {
    const curves = means.map((mean, k) => ellipse(mean, covariances[k]));
    const joined = (axis: "x" | "y") => curves.flatMap((curve) => [...curve[axis], null]).slice(0, -1);
    return { x: joined("x"), y: joined("y") };
  };
  const last = colours.length - 1;
  const marks = (fit: PlaneFit) => ({
    size: 6,
    // One for all where there is but one component: a list takes as much room as the colours.
    symbol: fit.labels.some((label) => label > 0) ? fit.labels.map((label) => cycled(symbolNumbers, label)) : 0,
    color: fit.labels.map((label) => label % colours.length),
    cmin: 0,
    cmax: last,
    colorscale: colours.map((colour, k) => [k / last, colour] as [number, string]),
  });
  const all = fits.map(ellipses);
  // Over all fits, so that the axes stay fixed.
  const [xs, ys] = (["x", "y"] as const).map((axis, i) => [
    ...rows.map((row) => row[i]),
    ...all.flatMap((curve) => curve[axis].flatMap((value) => value ?? [])),
  ]);
  return {
    title: "The fits, component by component",
    alt:
      `Scatter chart with a slider over ${fits.length} fits: ${axisTitles.join(" against ")}, ${rows.length} points in a colour and a symbol for each component, and an ellipse of ` +
      `${deviations} deviations around each mean. ${fits[0].label}. ${fits[fits.length - 1].label}.`,
    data: [
      {
        type: "scatter",
        mode: "markers",
        name: "observations",
        x: rows.map(([x]) => x),
        y: rows.map(([, y]) => y),
        marker: marks(fits[0]),
      } as Data,
      { type: "scatter", mode: "lines", name: "ellipses", ...all[0], line: { color: "#767676", width: 2 } },
    ],
    layout: layoutWith({
      height: 420,
      showlegend: false,
      xaxis: { title: { text: plotlyText(axisTitles[0]) }, range: around(xs) },
      yaxis: { title: { text: plotlyText(axisTitles[1]) }, range: around(ys) },
    }),
    steps: fits.map((fit, i) => ({
      label: fit.label,
      data: [{ marker: marks(fit) } as Data, all[i]],
      traces: [0, 1],
    })),
  };
}

/** From the least to the greatest, and a little further. */
function around(values: readonly number[]): [number, number] {
  const [low, high] = extremes(values);
  return [low - 0.04 * (high - low), high + 0.04 * (high - low)];
}

/** Rows of two columns as points, before anything is assumed about them. */
export function pointCloud({
  rows,
  axisTitles,
}: {
  readonly rows: readonly (readonly number[])[];
  readonly axisTitles: readonly [string, string];
}): Figure {
  const range = (column: number): string => {
    const values = rows.map((row) => row[column]);
    return `${axisTitles[column]} from ${extremes(values).join(" to ")}`;
  };
  return {
    title: "The observations",
    alt: `Scatter chart: ${axisTitles.join(" against ")}, ${rows.length} points; ${range(0)}, ${range(1)}.`,
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: rows.map(([x]) => x),
        y: rows.map(([, y]) => y),
        marker: { color: colours[0], size: 5 },
      },
    ],
    layout: layoutWith({
      showlegend: false,
      xaxis: { title: { text: plotlyText(axisTitles[0]) } },
      yaxis: { title: { text: plotlyText(axisTitles[1]) } },
    }),
  };
}

/**
 * A criterion against the number of components, a line for each kind of model; the lowest point is marked.
 * @param table a row for each fit
 */
export function criterionLines({
  title,
  table,
}: {
  readonly title: string;
  readonly table: readonly { readonly name: string; readonly components: number; readonly value: number }[];
}): Figure {
  const names = [...new Set(table.map(({ name }) => name))];
  const least = table.reduce((best, row) => (row.value < best.value ? row : best));
  return {
    title: `${title}, by number of components and kind of model: the lower, the better`,
    alt:
      `Line chart: number of components against ${title}, a line for each of ${names.join(", ")}. ` +
      `The lowest is ${least.name} with ${least.components} components, ${least.value.toFixed(2)}.`,
    data: [
      ...names.map((name, i) => {
        const rows = table.filter((row) => row.name === name);
        return {
          type: "scatter" as const,
          mode: "lines+markers" as const,
          name: plotlyText(name),
          x: rows.map(({ components }) => components),
          y: rows.map(({ value }) => Number(value.toFixed(2))),
          line: { color: cycled(colours, i), dash: cycled(dashes, i), width: 2 },
          marker: { symbol: cycled(symbols, i), size: 8 },
        };
      }),
      {
        type: "scatter",
        mode: "markers",
        name: "the lowest",
        x: [least.components],
        y: [Number(least.value.toFixed(2))],
        marker: { color: "rgba(0,0,0,0)", size: 20, line: { color: "#767676", width: 2 } },
      },
    ],
    layout: layoutWith({
      xaxis: { title: { text: "number of components K" }, dtick: 1 },
      yaxis: { title: { text: plotlyText(title) } },
    }),
  };
}
