import { type Coins, threeCoins } from "em-lesson";
import type { Data, Layout } from "plotly.js-dist-min";
import type { Figure } from "./figure.js";
import { compact, extremes } from "./numbers.js";
import { colours, layoutWith, sumColour } from "./template.js";
import { shortNumber } from "./text.js";

interface Tossed {
  /** 1 for heads, 0 for tails. */
  readonly tosses: readonly number[];
}

interface OnePath extends Tossed {
  /** The parameters after t = 0, 1, … updates. */
  readonly path: readonly Coins[];
}

interface Paths extends Tossed {
  /** For each start the parameters after t = 0, 1, … updates, as many for one as for the other. */
  readonly paths: readonly (readonly Coins[])[];
}

/** The probability of heads. */
const heads = ({ a, b, c }: Coins): number => a * b + (1 - a) * c;

const fractionOf = (tosses: readonly number[]): number => tosses.reduce((sum, y) => sum + y, 0) / tosses.length;

/**
 * The four ways to a toss as tiles of a square, the area of each its probability: heads on the left, tails on the
 * right, in each column B's part below and C's above. A slider goes over the updates; a dotted line marks the fraction
 * of heads among the tosses.
 */
export function coinMosaic({ tosses, path }: OnePath): Figure {
  if (path.length === 0) throw new RangeError("coinMosaic: `path` is empty: give at least the start");
  const last = path.length - 1;
  const fraction = fractionOf(tosses);
  const stripes = { shape: "/", fillmode: "overlay", fgcolor: "#fff", fgopacity: 0.2 } as const;
  const coinsOf = [
    { name: "through B", letter: "B", color: colours[0], ink: "#fff", pattern: {} },
    { name: "through C", letter: "C", color: colours[1], ink: "#000", pattern: stripes },
  ] as const;
  const tiles = (coins: Coins) => {
    const h = heads(coins);
    const { a, b, c } = coins;
    const areas = [
      [a * b, a * (1 - b)],
      [(1 - a) * c, (1 - a) * (1 - c)],
    ];
    const widths = [h, 1 - h];
    return coinsOf.map(({ letter }, coin) => ({
      x: compact([h / 2, (1 + h) / 2]),
      width: compact(widths),
      y: compact(areas[coin].map((area, face) => (widths[face] > 0 ? area / widths[face] : 0))),
      text: ["heads", "tails"].map((face, i) => `${letter}, ${face}<br>${areas[coin][i].toFixed(3)}`),
    }));
  };
  const label = (t: number): string => {
    const { a, b, c } = path[t];
    return (
      `t = ${t}: h = ${shortNumber(heads(path[t]))}; a = ${shortNumber(a)}, b = ${shortNumber(b)}, c = ${shortNumber(c)}; ` +
      `log-likelihood ${shortNumber(threeCoins.logLikelihood(path[t], tosses))}`
    );
  };
  const start = tiles(path[0]);
  return {
    title: "The four ways to a toss",
    alt:
      `Square of four tiles with a slider over the updates t = 0 to ${last}: heads on the left, tails on the right, in each column B's part ` +
      `below and C's above. An update moves the border between the columns to the fraction of heads, ${shortNumber(fraction)}, and leaves ` +
      `the heights as they are. ${label(0)}. ${label(last)}.`,
    data: [
      ...coinsOf.map(
        ({ name, color, ink, pattern }, i) =>
          ({
            type: "bar",
            name,
            ...start[i],
            textposition: "inside",
            insidetextanchor: "middle",
            textangle: 0,
            insidetextfont: { color: ink },
            marker: { color, pattern, line: { color: "#fff", width: 1 } },
            hoverinfo: "skip",
          }) as Data,
      ),
      {
        type: "scatter",
        mode: "lines",
        name: "fraction of heads",
        x: [fraction, fraction],
        y: [0, 1],
        // Seen on both colours of the tiles, though not beside them on a dark page.
        line: { color: "#000", dash: "dot", width: 3 },
        showlegend: false,
        hoverinfo: "skip",
      },
    ],
    layout: layoutWith({
      barmode: "stack",
      legend: { traceorder: "normal" },
      xaxis: { title: { text: "heads | tails: probability" }, range: [0, 1], tick0: 0, dtick: 0.2, showgrid: false },
      yaxis: { title: { text: "responsibility" }, range: [0, 1], showgrid: false },
    }),
    steps: path.map((coins, t) => ({ label: label(t), data: tiles(coins), traces: [0, 1] })),
  };
}

/** The log-likelihood against the probability of heads, and coins on it, with a slider over their updates. */
export function logLikelihoodOverHeads({ tosses, paths }: Paths): Figure {
  const last = lastOf(paths, "logLikelihoodOverHeads");
  const fraction = fractionOf(tosses);
  const height = (h: number): number => threeCoins.logLikelihood({ a: 1, b: h, c: h }, tosses);
  const all = paths[0].map((_, t) => {
    const h = paths.map((path) => heads(path[t]));
    return { h, values: h.map(height) };
  });
  const marks = all.map(({ h, values }) => ({ x: compact(h), y: compact(values) }));
  const [low] = extremes(all.flatMap(({ values }) => values));
  const top = height(fraction);
  const floor = low - 0.1 * (top - low);
  const grid = Array.from({ length: 99 }, (_, i) => (i + 1) / 100).filter((h) => height(h) >= floor);
  const label = (t: number): string => {
    const [least, most] = extremes(all[t].h);
    const [worst, best] = extremes(all[t].values);
    return (
      `t = ${t}: h from ${shortNumber(least)} to ${shortNumber(most)}, ` +
      `log-likelihood from ${shortNumber(worst)} to ${shortNumber(best)}`
    );
  };
  return {
    title: "The log-likelihood depends on the probability of heads alone",
    alt:
      `Line chart with a slider over the updates t = 0 to ${last}: probability of heads h against log-likelihood, a hill with its top ` +
      `${shortNumber(top)} at ${shortNumber(fraction)}, and ${paths.length} coins on it. ${label(0)}. ${label(last)}.`,
    data: [
      {
        type: "scatter",
        mode: "lines",
        name: "log-likelihood",
        x: grid,
        y: compact(grid.map(height)),
        line: { color: colours[0], width: 2 },
      },
      {
        type: "scatter",
        mode: "markers",
        name: `${paths.length} coins after t updates`,
        ...marks[0],
        marker: { color: colours[1], symbol: "diamond-open", size: 11, line: { width: 2 } },
      },
    ],
    layout: layoutWith({
      xaxis: { title: { text: "probability of heads h" }, range: [0, 1] },
      yaxis: { title: { text: "log-likelihood ℓ" }, range: [floor, top + 0.1 * (top - low)] },
    }),
    steps: marks.map((moved, t) => ({ label: label(t), data: [moved], traces: [1] })),
  };
}

/** Along the ridge: slices of equal a, and on each so many points. */
const slices = 21;
const pointsOfSlice = 5;

/**
 * The cube of all coins with the surface on which the log-likelihood is largest, and coins on their way there, with a
 * slider over their updates.
 */
export function ridgeSlider({ tosses, paths }: Paths): Figure {
  const last = lastOf(paths, "ridgeSlider");
  const fraction = fractionOf(tosses);
  const surface = ridge(fraction);
  const moving = (t: number) => {
    const here = compactCoins(paths.map((path) => path[t]));
    const from = compactCoins(paths.map((path) => path[0]));
    // null lifts the pen from one way to the next.
    const ways = (axis: "x" | "y" | "z") => from[axis].flatMap((start, i) => [start, here[axis][i], null]);
    return [{ x: ways("x"), y: ways("y"), z: ways("z") }, here] as const;
  };
  const label = (t: number): string => {
    const coins = paths.map((path) => path[t]);
    const [worst, best] = extremes(coins.map((each) => threeCoins.logLikelihood(each, tosses)));
    const ranges = (["a", "b", "c"] as const).map((name) => {
      const [low, high] = extremes(coins.map((each) => each[name]));
      return `${name} ${low.toFixed(2)}–${high.toFixed(2)}`;
    });
    return `t = ${t}: log-likelihood ${shortNumber(worst)} to ${shortNumber(best)}; ${ranges.join(", ")}`;
  };
  const [ways, here] = moving(0);
  const edge = { range: [0, 1], dtick: 0.5, color: sumColour, gridcolor: "#b0b0b0" };
  return {
    title: "The ridge in the cube of all coins",
    alt:
      `Surface in the cube of a, b and c, with a slider over the updates t = 0 to ${last}: the coins whose probability of heads is ` +
      `${shortNumber(fraction)}, and ${paths.length} starts, scattered in the cube, that land on it at t = 1, far from each other, and stay. ` +
      `${label(0)}. ${label(last)}.`,
    data: [
      {
        type: "surface",
        ...surface,
        colorscale: [
          [0, colours[0]],
          [1, colours[0]],
        ],
        showscale: false,
        opacity: 0.55,
        hoverinfo: "skip",
        contours: { x: { show: true, start: 0, end: 1, size: 0.1, color: "#fff", width: 1, highlight: false } },
      } as unknown as Data,
      {
        type: "scatter3d",
        mode: "lines",
        name: "the way of EM",
        ...ways,
        line: { color: sumColour, width: 3 },
        hoverinfo: "skip",
      } as Data,
      {
        type: "scatter3d",
        mode: "markers",
        name: `${paths.length} coins after t updates`,
        ...here,
        marker: { color: colours[1], symbol: "diamond", size: 4 },
        hovertemplate: "a = %{x}, b = %{y}, c = %{z}<extra></extra>",
      } as Data,
    ],
    layout: layoutWith({
      height: 440,
      showlegend: false,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      scene: {
        xaxis: { title: { text: "a" }, ...edge },
        yaxis: { title: { text: "b" }, ...edge },
        zaxis: { title: { text: "c" }, ...edge },
        aspectmode: "cube",
        camera: { eye: { x: 1.75, y: 1.55, z: 1 }, center: { x: 0, y: 0, z: -0.1 } },
      },
    } as Partial<Layout>),
    steps: paths[0].map((_, t) => ({ label: label(t), data: [...moving(t)] as Data[], traces: [1, 2] })),
  };
}

/** The index of the last update, the same for all paths. */
function lastOf(paths: readonly (readonly Coins[])[], name: string): number {
  const lengths = paths.map((path) => path.length);
  if (lengths.length === 0 || lengths.some((length) => length !== lengths[0] || length === 0))
    throw new RangeError(
      `${name}: \`paths\` must be paths of one length, each with its start, but their lengths are [${lengths}]`,
    );
  return lengths[0] - 1;
}

/**
 * The coins with a b + (1 − a) c = h. Those of one a lie on a straight line from the least b that leaves c a
 * probability to the greatest.
 */
function ridge(h: number) {
  const rows = Array.from({ length: slices }, (_, i) => {
    const a = i / (slices - 1);
    const [least, most] = a === 0 ? [0, 1] : [Math.max(0, (h - (1 - a)) / a), Math.min(1, h / a)];
    const [high, low] = a === 1 ? [1, 0] : [least, most].map((b) => (h - a * b) / (1 - a));
    return Array.from({ length: pointsOfSlice }, (_, k) => {
      const s = k / (pointsOfSlice - 1);
      return { a, b: least + s * (most - least), c: high + s * (low - high) };
    });
  });
  const columns = rows.map(compactCoins);
  return { x: columns.map(({ x }) => x), y: columns.map(({ y }) => y), z: columns.map(({ z }) => z) };
}

const compactCoins = (coins: readonly Coins[]) => ({
  x: compact(coins.map(({ a }) => a)),
  y: compact(coins.map(({ b }) => b)),
  z: compact(coins.map(({ c }) => c)),
});
