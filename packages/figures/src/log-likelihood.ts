import type { Figure } from "./figure.js";
import { compact, extremes } from "./numbers.js";
import { colours, layoutWith } from "./template.js";
import { shortNumber } from "./text.js";

/**
 * The log-likelihood after each update, and above it the figure that the original printed in its place, each on its
 * own scale; between them, where it is given, the expected logarithm Q. None is drawn at t = 0: the original prints a
 * bare 0 for its start, and the log-likelihood of a start may lie so far below the others that they would look like a
 * flat line.
 * @param logLikelihood logLikelihood[t] after t updates, the start's first
 * @param printed printed[t] after t updates
 * @param expected expected[t] after t updates
 */
export function logLikelihoodTraces({
  logLikelihood,
  printed,
  expected,
}: {
  readonly logLikelihood: readonly number[];
  readonly printed: readonly number[];
  readonly expected?: readonly number[];
}): Figure {
  const above = {
    name: "the original's printed figure",
    values: printed.slice(1),
    axis: { key: "yaxis2", anchor: "y2", title: "printed figure" },
    line: { color: colours[1], dash: "dash" },
    symbol: "diamond",
  } as const;
  const between =
    expected &&
    ({
      name: "expected logarithm Q",
      values: expected.slice(1),
      axis: { key: "yaxis3", anchor: "y3", title: "Q" },
      line: { color: colours[2], dash: "dot" },
      symbol: "square",
    } as const);
  const below = {
    name: "log-likelihood",
    values: logLikelihood.slice(1),
    axis: { key: "yaxis", anchor: "y", title: "log-likelihood ℓ" },
    line: { color: colours[0], dash: "solid" },
    symbol: "circle",
  } as const;
  const rows = [below, ...(between ? [between] : []), above];
  const height = (1 - gap * (rows.length - 1)) / rows.length;
  const axes = rows.map(({ axis }, i) => {
    const bottom = i * (height + gap);
    const ofX = axis.key === "yaxis" ? {} : { anchor: "x" };
    return [axis.key, { title: { text: axis.title }, domain: [bottom, bottom + height], ...ofX }];
  });
  return {
    title: `The log-likelihood, ${between ? "Q, " : ""}and the figure that the original printed in its place`,
    alt:
      `${between ? "Three" : "Two"} line charts over the same updates t, from t = 1 on. ` +
      `Above: the original's printed figure, from ${ends(above.values)}. ${fallOf(above.values)} ` +
      (between
        ? `In the middle: the expected logarithm Q, from ${ends(between.values)}. ${fallOf(between.values)} `
        : "") +
      `Below: the log-likelihood, from ${ends(below.values)}.${between ? ` ${fallOf(below.values)}` : ""}`,
    data: [...rows].reverse().map(({ name, values, axis, line, symbol }) => ({
      type: "scatter",
      mode: "lines+markers",
      name,
      x: values.map((_, i) => i + 1),
      // A fall may be in the seventh digit.
      y: compact(values, 9),
      yaxis: axis.anchor,
      line: { ...line, width: 2 },
      marker: { symbol, size: 7 },
    })),
    layout: layoutWith({
      ...(between && { height: 480 }),
      xaxis: { title: { text: "update t" }, anchor: "y" },
      ...Object.fromEntries(axes),
    }),
  };
}

/** Between two charts, as a part of the picture's height. */
const gap = 0.08;

const fallOf = (values: readonly number[]): string => {
  const fall = values.findIndex((value, i) => i > 0 && value < values[i - 1]);
  return fall < 0 ? "It never falls." : `It falls from t = ${fall} to t = ${fall + 1}.`;
};

const ends = (values: readonly number[]): string =>
  `${shortNumber(values[0] ?? Number.NaN)} to ${shortNumber(values[values.length - 1] ?? Number.NaN)}`;

/**
 * How much each update changes the log-likelihood, on a logarithmic scale, with a slider over tolerances: the first
 * update that changes it by less is where the run would have stopped.
 * @param logLikelihood logLikelihood[t] after t updates, the start's first
 */
export function toleranceSlider({
  logLikelihood,
  tolerances,
}: {
  readonly logLikelihood: readonly number[];
  readonly tolerances: readonly number[];
}): Figure {
  if (logLikelihood.length < 2) throw new RangeError("toleranceSlider: `logLikelihood` must have two entries at least");
  if (tolerances.length === 0) throw new RangeError("toleranceSlider: `tolerances` is empty: give at least one");
  const changes = logLikelihood.slice(1).map((value, i) => Math.abs(value - logLikelihood[i]));
  const highest = extremes(logLikelihood)[1];
  const stopOf = (tolerance: number) => changes.findIndex((change) => change < tolerance) + 1;
  const label = (tolerance: number): string => {
    const t = stopOf(tolerance);
    if (t === 0) return `tolerance ${tolerance}: no stop in these ${changes.length} updates`;
    const missing = Number((highest - logLikelihood[t]).toPrecision(3));
    return (
      `tolerance ${tolerance}: stops after ${t} updates at the log-likelihood ${shortNumber(logLikelihood[t])}, ` +
      `${missing} below the highest of the run`
    );
  };
  const moving = (tolerance: number) => {
    const t = stopOf(tolerance);
    return [{ y: [tolerance, tolerance] }, t === 0 ? { x: [], y: [] } : { x: [t], y: [tolerance] }];
  };
  const [line, stop] = moving(tolerances[0]);
  // A change of 0 has no place on a logarithmic scale.
  const drawn = [...changes, ...tolerances].filter((value) => value > 0);
  const [low, high] = extremes(drawn.map(Math.log10));
  return {
    title: "What each update changes, and where a tolerance stops",
    alt:
      `Line chart with a slider over ${tolerances.length} tolerances: update t against the change of the log-likelihood on a logarithmic ` +
      `scale, the tolerance as a dashed line, and a diamond on it where the run stops. ${label(tolerances[0])}. ` +
      `${label(tolerances[tolerances.length - 1])}.`,
    data: [
      {
        type: "scatter",
        mode: "lines+markers",
        name: "change of ℓ",
        x: changes.map((_, i) => i + 1),
        y: changes.map((change) => (change > 0 ? Number(change.toPrecision(4)) : null)),
        line: { color: colours[0], width: 2 },
        marker: { symbol: "circle", size: 7 },
      },
      {
        type: "scatter",
        mode: "lines",
        name: "tolerance",
        x: [0, changes.length + 1],
        ...line,
        line: { color: colours[1], dash: "dash", width: 2 },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "stop",
        ...stop,
        marker: { color: colours[1], symbol: "diamond", size: 13 },
      },
    ],
    layout: layoutWith({
      xaxis: { title: { text: "update t" }, range: [0, changes.length + 1] },
      yaxis: {
        title: { text: "change of ℓ" },
        type: "log",
        // Whole decades: the least changes are rounding, and differ from one machine to the next.
        range: [Math.floor(low), Math.ceil(high)],
        exponentformat: "power",
        dtick: 2,
      },
    }),
    steps: tolerances.map((tolerance) => ({ label: label(tolerance), data: moving(tolerance), traces: [1, 2] })),
  };
}
