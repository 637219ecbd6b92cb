import type { Coins } from "em-lesson";
import type { Data } from "plotly.js-dist-min";
import type { Figure } from "./figure.js";
import { compact, thinned } from "./numbers.js";
import { colours, cycled, layoutWith } from "./template.js";
import { plotlyText, shortNumber } from "./text.js";

/** Draws of a coin, each tossed several times: a row for each draw, a filled mark for heads, an empty one for tails. */
export function drawGrid(draws: readonly string[]): Figure {
  const faces = [
    { face: "H", name: "heads", color: colours[0], symbol: "circle" },
    { face: "T", name: "tails", color: colours[1], symbol: "diamond-open" },
  ] as const;
  const tosses = draws.flatMap((draw, j) => [...draw].map((face, i) => ({ face, i, j })));
  const heads = draws.map((draw) => [...draw].filter((face) => face === "H").length);
  return {
    title: "What we are told: the tosses of each draw in their order",
    alt:
      `Grid of marks: toss against draw, heads or tails. ${draws.length} draws of ${draws[0]?.length ?? 0} tosses; ` +
      `heads in each: ${heads.join(", ")}.`,
    data: faces.map(({ face, name, color, symbol }) => {
      const shown = tosses.filter((toss) => toss.face === face);
      return {
        type: "scatter",
        mode: "markers",
        name,
        x: shown.map(({ i }) => i),
        y: shown.map(({ j }) => j),
        marker: { color, symbol, size: 12, line: { width: 2 } },
        hovertemplate: `draw %{y}, toss %{x}: ${name}<extra></extra>`,
      };
    }),
    layout: layoutWith({
      height: 260,
      xaxis: { title: { text: "toss within the draw" }, dtick: 1 },
      yaxis: { title: { text: "draw j" }, dtick: 1, range: [draws.length - 0.5, -0.5] },
    }),
  };
}

/** Log-likelihoods that lie further below the top than this are drawn alike: they would take all the colours. */
const depth = 5;
const points = 19;

/**
 * A map of the log-likelihood over two coins' probabilities of heads, and the way of EM on it, with a slider over the
 * updates.
 * @param logLikelihood of the probabilities b and c
 * @param path b and c after t = 0, 1, … updates; of a long path some updates are shown
 */
export function coinMap({
  logLikelihood,
  path,
}: {
  readonly logLikelihood: (b: number, c: number) => number;
  readonly path: readonly Pick<Coins, "b" | "c">[];
}): Figure {
  if (path.length === 0) throw new RangeError("coinMap: `path` is empty: give at least the start");
  const axis = Array.from({ length: points }, (_, i) => (i + 0.5) / points);
  const heights = axis.map((c) => axis.map((b) => logLikelihood(b, c)));
  const top = Math.max(...heights.flat(), ...path.map(({ b, c }) => logLikelihood(b, c)));
  const moments = thinned([...path.keys()], 8);
  const label = (t: number): string => {
    const { b, c } = path[t];
    return `t = ${t}: b = ${shortNumber(b)}, c = ${shortNumber(c)}; log-likelihood ${shortNumber(logLikelihood(b, c))}`;
  };
  const trail = (t: number) => {
    const gone = moments.filter((moment) => moment <= t);
    return { x: compact(gone.map((moment) => path[moment].b)), y: compact(gone.map((moment) => path[moment].c)) };
  };
  const here = (t: number) => ({ x: compact([path[t].b]), y: compact([path[t].c]) });
  const last = path.length - 1;
  const map = {
    type: "contour",
    x0: axis[0],
    dx: 1 / points,
    y0: axis[0],
    dy: 1 / points,
    z: heights.map((row) =>
      compact(
        row.map((height) => Math.max(height - top, -depth)),
        3,
      ),
    ),
    zmin: -depth,
    zmax: 0,
    colorscale: "Cividis",
    contours: { coloring: "fill", showlines: false, start: 0.25 - depth, end: -0.25, size: 0.5 },
    colorbar: {
      title: { text: "log-likelihood, from the top down", side: "top" },
      orientation: "h",
      y: 1,
      yanchor: "bottom",
      len: 0.8,
      thickness: 10,
    },
    hovertemplate: "b = %{x}, c = %{y}<br>%{z} below the top<extra></extra>",
  } as Data;
  return {
    title: "EM on the map of the log-likelihood",
    alt:
      `Contour map with a slider over the updates t = 0 to ${last}: b against c, the colour is the log-likelihood, the same on both sides of the ` +
      `diagonal b = c. A line follows EM. ${label(0)}. ${label(last)}.`,
    data: [
      map,
      {
        type: "scatter",
        mode: "lines",
        name: "b = c",
        x: [0, 1],
        y: [0, 1],
        line: { color: "#fff", dash: "dot", width: 1 },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: "lines+markers",
        name: "the way of EM",
        ...trail(0),
        line: { color: "#fff", width: 2 },
        marker: { color: "#fff", size: 5 },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "the coins at t",
        ...here(0),
        marker: { color: colours[1], size: 13, line: { color: "#fff", width: 2 } },
      },
    ],
    layout: layoutWith({
      height: 500,
      showlegend: false,
      xaxis: { title: { text: "b" }, range: [0, 1], constrain: "domain" },
      yaxis: { title: { text: "c" }, range: [0, 1], scaleanchor: "x", constrain: "domain" },
    }),
    steps: moments.map((t) => ({ label: label(t), data: [trail(t), here(t)], traces: [2, 3] })),
  };
}

/** Coins with the name that a picture gives them. */
export interface NamedCoins extends Coins {
  readonly name: string;
}

/**
 * How probable each number of heads is under several choices of coins, with a slider over the tosses of a draw.
 * @param most the slider goes from one toss a draw to so many
 */
export function headsDistribution({
  choices,
  most = 10,
}: {
  readonly choices: readonly NamedCoins[];
  readonly most?: number;
}): Figure {
  const counts = (tosses: number) => Array.from({ length: tosses + 1 }, (_, heads) => heads);
  const bars = ({ a, b, c }: Coins, tosses: number): number[] => {
    let orders = 1;
    return counts(tosses).map((heads) => {
      if (heads > 0) orders *= (tosses + 1 - heads) / heads;
      const inOneOrder = (p: number) => p ** heads * (1 - p) ** (tosses - heads);
      return orders * (a * inOneOrder(b) + (1 - a) * inOneOrder(c));
    });
  };
  const all = counts(most)
    .slice(1)
    .map((tosses) => choices.map((coins) => bars(coins, tosses)));
  const label = (i: number): string => {
    const [first, ...others] = all[i];
    const apart = others.map((row) => Math.max(...row.map((p, x) => Math.abs(p - first[x]))));
    const words = apart.map((gap, k) => `${choices[k + 1].name} from ${choices[0].name} by up to ${shortNumber(gap)}`);
    return `${i + 1} ${i === 0 ? "toss" : "tosses"} a draw; the bars differ: ${words.join(", ")}`;
  };
  return {
    title: "How probable each number of heads is",
    alt:
      `Bar chart with a slider over the tosses of a draw, 1 to ${most}: number of heads against its probability, for the coins ` +
      `${choices.map(({ name }) => name).join(", ")}. ${all
        .slice(0, 3)
        .map((_, i) => label(i))
        .join(". ")}.`,
    data: choices.map(({ name }, k) => ({
      type: "bar",
      name: plotlyText(name),
      marker: { color: cycled(colours, k), pattern: { shape: cycled(["", "/", "."] as const, k) } },
      x: counts(1),
      y: compact(all[0][k]),
    })),
    layout: layoutWith({
      barmode: "group",
      xaxis: { title: { text: "heads in a draw" }, dtick: 1, range: [-0.6, most + 0.6] },
      yaxis: { title: { text: "probability" }, range: [0, 1.05 * Math.max(...all.flat(2))] },
    }),
    steps: all.map((rows, i) => ({
      label: label(i),
      data: rows.map((row) => ({ x: counts(i + 1), y: compact(row) })),
      traces: [...choices.keys()],
    })),
  };
}
