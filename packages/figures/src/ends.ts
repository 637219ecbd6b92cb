// Where EM ends: the tops of the log-likelihood on a map, and how many starts reach each.
import type { NormalMixture } from "em-lesson";
import type { Data } from "plotly.js-dist-min";
import type { Figure } from "./figure.js";
import { compact, extremes, thinned } from "./numbers.js";
import { colours, layoutWith } from "./template.js";
import { plotlyText, shortNumber } from "./text.js";

/** What EM went through from one start, the start first. */
export interface Way {
  readonly name: string;
  readonly path: readonly NormalMixture[];
}

const columns = 143;
const rows = 41;
/** The map reaches from this deviation to 1, in powers of ten. */
const lowest = -4;

/**
 * A map over the mean and the deviation of component 0, and on it the ways of EM from several starts, with a slider
 * over the starts.
 * @param observations normalised to [0, 1]
 * @param height the colour: a log-likelihood for a mean and a deviation of component 0
 * @param cap heights above this are drawn alike
 */
export function componentMap({
  observations,
  height,
  ways,
  cap,
}: {
  readonly observations: readonly number[];
  readonly height: (mean: number, deviation: number) => number;
  readonly ways: readonly Way[];
  readonly cap: number;
}): Figure {
  if (ways.some(({ path }) => path.length === 0) || ways.length === 0)
    throw new RangeError("componentMap: `ways` has an empty path or none: give at least a start");
  const means = Array.from({ length: columns }, (_, i) => i / (columns - 1));
  const powers = Array.from({ length: rows }, (_, i) => lowest - (i * lowest) / (rows - 1));
  const heights = powers.map((power) => means.map((mean) => height(mean, 10 ** power)));
  const floor = extremes(heights.flat())[0];
  const place = ({ means, deviations }: NormalMixture) => [means[0], Math.log10(deviations[0])] as const;
  const describe = ({ means, deviations }: NormalMixture): string =>
    `mean ${shortNumber(means[0])} and deviation ${shortNumber(deviations[0])}`;
  const label = ({ name, path }: Way): string =>
    `${name}: component 0 goes from ${describe(path[0])} to ${describe(path[path.length - 1])}`;
  const moving = ({ path }: Way) => {
    const places = thinned(path, 30).map(place);
    const [first, last] = [places[0], places[places.length - 1]];
    return [
      { x: compact(places.map(([mean]) => mean)), y: compact(places.map(([, power]) => power)) },
      { x: compact([first[0]]), y: compact([first[1]]) },
      { x: compact([last[0]]), y: compact([last[1]]) },
    ];
  };
  const [trail, from, to] = moving(ways[0]);
  const map = {
    type: "heatmap",
    x0: 0,
    dx: 1 / (columns - 1),
    y0: lowest,
    dy: -lowest / (rows - 1),
    z: heights.map((line) =>
      compact(
        line.map((value) => Math.min(value, cap)),
        3,
      ),
    ),
    zmin: Number(floor.toFixed(2)),
    zmax: cap,
    colorscale: "Cividis",
    colorbar: {
      title: { text: `log-likelihood, up to ${cap}`, side: "top" },
      orientation: "h",
      y: 1,
      yanchor: "bottom",
      len: 0.8,
      thickness: 10,
    },
    hovertemplate: "mean %{x:.3f}, deviation 10^%{y:.1f}<br>log-likelihood %{z}<extra></extra>",
  } as Data;
  const exponents = Array.from({ length: 1 - lowest }, (_, i) => lowest + i);
  return {
    title: "The tops of the log-likelihood, and the ways of EM",
    alt:
      `Heat map with a slider over ${ways.length} starts: mean against deviation of component 0, the deviation on a logarithmic scale; the colour is ` +
      `the log-likelihood. A line follows EM. ${ways.map(label).join(". ")}.`,
    data: [
      map,
      {
        type: "scatter",
        mode: "lines+markers",
        name: "the way of EM",
        ...trail,
        line: { color: "#fff", width: 2 },
        marker: { color: "#fff", size: 4 },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "start",
        ...from,
        marker: { color: colours[0], symbol: "circle", size: 12, line: { color: "#fff", width: 2 } },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "end",
        ...to,
        marker: { color: colours[1], symbol: "diamond", size: 14, line: { color: "#fff", width: 2 } },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "observations",
        x: compact(observations),
        y: observations.map(() => lowest - 0.15),
        marker: { color: "#767676", symbol: "line-ns-open", size: 10, line: { width: 2 } },
        hovertemplate: "y = %{x}<extra></extra>",
      },
    ],
    layout: layoutWith({
      height: 460,
      showlegend: false,
      xaxis: { title: { text: "mean of component 0" }, range: [-0.02, 1.02] },
      yaxis: {
        title: { text: "its deviation" },
        range: [lowest - 0.3, 0.1],
        tickvals: exponents,
        ticktext: exponents.map((power) => (10 ** power).toFixed(-power)),
      },
    }),
    steps: ways.map((way) => ({ label: label(way), data: moving(way), traces: [1, 2, 3] })),
  };
}

/** How many starts end where, on a logarithmic scale: rare ends are as well seen as common ones. */
export function endCounts(ends: readonly { readonly name: string; readonly count: number }[]): Figure {
  const total = ends.reduce((sum, { count }) => sum + count, 0);
  return {
    title: `Where ${total} starts end`,
    alt: `Bar chart on a logarithmic scale: ends against the number of starts that reach them. ${ends
      .map(({ name, count }) => `${name}: ${count}`)
      .join("; ")}.`,
    data: [
      {
        type: "bar",
        orientation: "h",
        y: ends.map(({ name }) => plotlyText(name)),
        x: ends.map(({ count }) => count),
        text: ends.map(({ count }) => String(count)),
        textposition: "outside",
        cliponaxis: false,
        marker: { color: colours[0] },
        hovertemplate: "%{y}: %{x}<extra></extra>",
      },
    ],
    layout: layoutWith({
      showlegend: false,
      margin: { l: 48, r: 48, t: 12, b: 48 },
      xaxis: { title: { text: "starts" }, type: "log", dtick: 1, range: [-0.3, Math.log10(total)] },
      yaxis: { type: "category", autorange: "reversed" },
    }),
  };
}
