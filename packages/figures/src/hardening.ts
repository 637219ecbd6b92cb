import type { Figure } from "./figure.js";
import { compact, extremes, gridOver, valuesOn } from "./numbers.js";
import { colours, cycled, dashes, layoutWith, symbols } from "./template.js";
import { plotlyText, shortNumber } from "./text.js";

/** Components that share one deviation, with equal weights: where they end up for that deviation. */
export interface Softness {
  readonly deviation: number;
  readonly means: readonly number[];
}

/**
 * The responsibilities as curves over the line, with a slider over the deviation that all components share: the smaller
 * it is, the more they look like steps.
 */
export function hardeningSlider({
  observations,
  settings,
}: {
  readonly observations: readonly number[];
  readonly settings: readonly Softness[];
}): Figure {
  if (settings.length === 0) throw new RangeError("hardeningSlider: `settings` is empty: give at least one");
  const [low, high] = extremes(observations);
  const grid = gridOver(low - 0.05 * (high - low), high + 0.05 * (high - low), 111);
  const responsibility = (x: number, k: number, { deviation, means }: Softness): number => {
    // The exponents are taken from the largest: e to a large negative power is 0, to 0 it is 1.
    const exponents = means.map((mean) => -((x - mean) ** 2) / (2 * deviation ** 2));
    const largest = Math.max(...exponents);
    const terms = exponents.map((exponent) => Math.exp(exponent - largest));
    return terms[k] / terms.reduce((sum, term) => sum + term, 0);
  };
  const components = [...settings[0].means.keys()];
  const moving = (setting: Softness) => [
    ...components.map((k) => ({
      y: compact(
        valuesOn(grid, (x) => responsibility(x, k, setting)),
        3,
      ),
    })),
    {
      y: compact(
        observations.map((y) => responsibility(y, 0, setting)),
        3,
      ),
    },
    { x: compact(setting.means) },
  ];
  const label = (setting: Softness): string => {
    const surest = observations.map((y) => Math.max(...components.map((k) => responsibility(y, k, setting))));
    return (
      `σ = ${setting.deviation}: means ${setting.means.map(shortNumber).join(", ")}; ` +
      `the least decided observation belongs to its component with ${shortNumber(extremes(surest)[0])}`
    );
  };
  const start = moving(settings[0]);
  return {
    title: "The responsibilities harden",
    alt:
      `Line chart with a slider over the deviation σ that all components share: observation against responsibility, a curve per component. ` +
      `${label(settings[0])}. ${label(settings[settings.length - 1])}.`,
    data: [
      ...components.map((k) => ({
        type: "scatter" as const,
        mode: "lines" as const,
        name: `component ${k}`,
        x0: grid.x0,
        dx: grid.dx,
        ...start[k],
        line: { color: cycled(colours, k), dash: cycled(dashes, k), width: 2 },
      })),
      {
        type: "scatter",
        mode: "markers",
        name: "observations",
        x: compact(observations),
        ...start[components.length],
        marker: { color: colours[0], symbol: "circle", size: 8 },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "means",
        y: components.map(() => -0.06),
        ...start[components.length + 1],
        marker: {
          color: components.map((k) => cycled(colours, k)),
          symbol: components.map(() => "triangle-up"),
          size: 12,
        },
      },
    ],
    layout: layoutWith({
      xaxis: { title: { text: "observation y (normalised)" } },
      yaxis: { title: { text: "responsibility" }, range: [-0.12, 1.05] },
    }),
    steps: settings.map((setting) => ({
      label: label(setting),
      data: moving(setting),
      traces: [...components, components.length, components.length + 1],
    })),
  };
}

/**
 * Numbers of updates against the distance of two components, on a logarithmic scale.
 * @param counts a list of updates for each name, one entry for each distance
 */
export function updatesByDistance({
  distances,
  counts,
}: {
  readonly distances: readonly number[];
  readonly counts: Readonly<Record<string, readonly number[]>>;
}): Figure {
  const rows = Object.entries(counts);
  const ends = rows.map(([name, values]) => `${name} from ${values[0]} to ${values[values.length - 1]}`);
  return {
    title: "Updates until nothing moves, against the distance of the components",
    alt:
      `Line chart: distance of two components, in deviations, from ${distances[0]} to ${distances[distances.length - 1]}, against the number of ` +
      `updates on a logarithmic scale. ${ends.join("; ")}.`,
    data: rows.map(([name, values], i) => ({
      type: "scatter",
      mode: "lines+markers",
      name: plotlyText(name),
      x: [...distances],
      y: [...values],
      line: { color: cycled(colours, i), dash: cycled(dashes, i), width: 2 },
      marker: { symbol: cycled(symbols, i), size: 8 },
    })),
    layout: layoutWith({
      xaxis: { title: { text: "distance of the components, in deviations" } },
      yaxis: { title: { text: "updates" }, type: "log" },
    }),
  };
}
