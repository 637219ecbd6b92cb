import type { Figure } from "./figure.js";
import { compact, gridOver, valuesOn } from "./numbers.js";
import { colours, layoutWith } from "./template.js";
import { shortNumber } from "./text.js";

/**
 * Jensen's inequality for two numbers: the logarithm, its chord between them, and the gap between the logarithm of
 * their average and the average of their logarithms, with a slider over pairs of numbers.
 * @param pairs pairs of numbers above 0
 */
export function jensenSlider(pairs: readonly (readonly [number, number])[]): Figure {
  if (pairs.length === 0) throw new RangeError("jensenSlider: `pairs` is empty: give at least one");
  const all = pairs.flat();
  const grid = gridOver(Math.min(...all) / 2, 1.1 * Math.max(...all), 101);
  const average = ([one, other]: readonly [number, number]) => (one + other) / 2;
  const label = (pair: readonly [number, number]): string => {
    const ofAverage = Math.log(average(pair));
    const ofLogs = average([Math.log(pair[0]), Math.log(pair[1])]);
    return (
      `${pair[0]} and ${pair[1]}: logarithm of the average ${shortNumber(ofAverage)}, ` +
      `average of the logarithms ${shortNumber(ofLogs)}, gap ${shortNumber(ofAverage - ofLogs)}`
    );
  };
  const moving = (pair: readonly [number, number]) => {
    const [x] = compact([average(pair)]);
    const [above, below] = compact([Math.log(x), average([Math.log(pair[0]), Math.log(pair[1])])]);
    return [
      { x: [...pair], y: compact(pair.map(Math.log)) },
      { x: [x, x], y: [above, below] },
      { x: [x], y: [above] },
      { x: [x], y: [below] },
    ];
  };
  const [chord, gap, above, below] = moving(pairs[0]);
  return {
    title: "The logarithm of an average, and the average of the logarithms",
    alt:
      `Line chart with a slider over pairs of numbers: a number against its logarithm, and the chord between the two, whose middle ` +
      `lies below the curve. ${label(pairs[0])}. ${label(pairs[pairs.length - 1])}.`,
    data: [
      {
        type: "scatter",
        mode: "lines",
        name: "ln",
        x0: grid.x0,
        dx: grid.dx,
        y: compact(valuesOn(grid, Math.log)),
        line: { color: colours[0], width: 2 },
      },
      { type: "scatter", mode: "lines", name: "chord", ...chord, line: { color: colours[1], dash: "dash", width: 2 } },
      { type: "scatter", mode: "lines", name: "gap", ...gap, line: { color: colours[2], dash: "dot", width: 3 } },
      {
        type: "scatter",
        mode: "markers",
        name: "logarithm of the average",
        ...above,
        marker: { color: colours[0], symbol: "circle", size: 11 },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "average of the logarithms",
        ...below,
        marker: { color: colours[1], symbol: "diamond", size: 11 },
      },
    ],
    layout: layoutWith({ xaxis: { title: { text: "number" } }, yaxis: { title: { text: "logarithm" } } }),
    steps: pairs.map((pair) => ({ label: label(pair), data: moving(pair), traces: [1, 2, 3, 4] })),
  };
}

/** One half of an update: the bound and the log-likelihood after it. */
export interface HalfStep {
  /** Such as "E, t = 1". */
  readonly name: string;
  readonly bound: number;
  readonly logLikelihood: number;
}

/**
 * After each half of the updates a bar: the bound, and on it the gap up to the log-likelihood. A slider adds one bar
 * after the other.
 */
export function boundAndGap(halves: readonly HalfStep[]): Figure {
  if (halves.length === 0) throw new RangeError("boundAndGap: `halves` is empty: give at least one");
  const bounds = halves.map(({ bound }) => bound);
  const values = halves.map(({ logLikelihood }) => logLikelihood);
  const [low, high] = [Math.min(...bounds), Math.max(...values)];
  const floor = low - 0.1 * (high - low);
  const until = (count: number) => {
    const x = halves.slice(0, count).map(({ name }) => name);
    return [
      { x, y: compact(bounds.slice(0, count).map((bound) => bound - floor)) },
      {
        x,
        y: compact(values.slice(0, count).map((value, i) => value - bounds[i])),
        base: compact(bounds.slice(0, count)),
      },
    ];
  };
  const label = ({ name, bound, logLikelihood }: HalfStep): string =>
    `${name}: bound ${shortNumber(bound)}, gap ${shortNumber(logLikelihood - bound)}, log-likelihood ${shortNumber(logLikelihood)}`;
  const bars = [
    { name: "bound F", color: colours[1], shape: "/" },
    { name: "gap D, up to the log-likelihood", color: colours[0], shape: "" },
  ] as const;
  const shown = until(1);
  return {
    title: "Bound and gap, half-step by half-step",
    alt:
      `Stacked bars with a slider over the halves of the updates: the bound, and on it the gap up to the log-likelihood. ` +
      `${halves.slice(0, 4).map(label).join(". ")}. At the end: ${label(halves[halves.length - 1])}.`,
    data: bars.map(({ name, color, shape }, i) => ({
      type: "bar",
      name,
      base: floor,
      ...shown[i],
      marker: { color, pattern: { shape } },
    })),
    layout: layoutWith({
      barmode: "overlay",
      xaxis: {
        type: "category",
        categoryorder: "array",
        categoryarray: halves.map(({ name }) => name),
        range: [-0.6, halves.length - 0.4],
      },
      yaxis: { title: { text: "F and ℓ" }, range: [floor, high + 0.05 * (high - low)] },
    }),
    steps: halves.map((half, i) => ({ label: label(half), data: until(i + 1), traces: [0, 1] })),
  };
}
