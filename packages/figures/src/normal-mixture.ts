import { type Iteration, type NormalMixture, normalMixture } from "em-lesson";
import type { Figure, NormalCurve } from "./figure.js";
import { compact, extremes, type Grid, gridOver, thinned, valuesOn } from "./numbers.js";
import { blend, colours, cycled, dashes, layoutWith, sumColour, symbolNumbers, symbols } from "./template.js";
import { plotlyText, shortNumber } from "./text.js";

/** What the observations are, and in which unit: the title of their axis. */
interface ObservationAxis {
  readonly observationTitle?: string;
}

const defaultTitle = "observation y (normalised)";
const densityTitle = "probability density";
const componentName = (k: number): string => `component ${k}`;

/**
 * The original's Out[14], as it drew it: each component's density without its weight, over [−1, 1]. The original's
 * 5000 points a curve are 401 here, which no screen can tell from them.
 */
export function originalDensities({
  means,
  deviations,
}: {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}): Figure {
  const grid = gridOver(-1, 1, 401);
  return {
    title: "The original's picture: two densities without their weights, over [−1, 1]",
    alt:
      `Line chart: observation from −1 to 1 against density, one curve per component. ` +
      `Each curve has area 1 whatever its weight, and ${describeComponents({ means, deviations })}.`,
    data: means.map((mean, k) => curve(componentName(k), k, grid, [[1, mean, deviations[k]]])),
    layout: layoutWith({
      xaxis: { title: { text: defaultTitle } },
      yaxis: { title: { text: densityTitle }, rangemode: "tozero" },
    }),
  };
}

/** The corrected picture: weighted components and their sum over the data's range, the observations as a rug below. */
export function weightedDensities({
  observations,
  params,
  observationTitle = defaultTitle,
}: {
  readonly observations: readonly number[];
  readonly params: NormalMixture;
} & ObservationAxis): Figure {
  const grid = gridAround(observations);
  const curves = mixtureCurves(params, grid);
  const top = highest(params, grid);
  return {
    title: "The mixture: weighted components, their sum, and the observations",
    alt:
      `Line chart: observation against density, a curve per component times its weight, and their sum; ` +
      `the observations as marks below. Component weights ${params.weights.map(shortNumber).join(", ")}; ` +
      `${describeComponents(params)}.`,
    data: [
      ...curves,
      {
        type: "scatter",
        mode: "markers",
        name: "observations",
        x: [...observations],
        y: observations.map(() => rugHeight(top)),
        marker: { color: colours[3], symbol: "line-ns-open", size: 12, line: { width: 2 } },
        hovertemplate: "y = %{x}",
      },
    ],
    layout: densityLayout(observationTitle, grid, top),
  };
}

/** The original's Out[15], as it drew it: index against observation, coloured by its (inverted) label. */
export function originalLabels({
  observations,
  labels,
}: {
  readonly observations: readonly number[];
  readonly labels: readonly number[];
}): Figure {
  const values = [...new Set(labels)].sort((a, b) => a - b);
  return {
    title: "The original's picture: the observations by their label",
    alt:
      `Scatter chart: index of the observation against its value, coloured by label. ` +
      `${values.map((label) => `Label ${label}: ${labels.filter((l) => l === label).length} observations`).join("; ")}. ` +
      `The labels are inverted: the first component has label 1.`,
    data: values.map((label) => ({
      ...points(`label ${label}`, label),
      ...selected(observations, (j) => labels[j] === label),
    })),
    layout: labelLayout(defaultTitle),
  };
}

/** The corrected picture: the same points, coloured by their responsibilities, with the components named. */
export function softLabels({
  observations,
  responsibilities,
  names,
  observationTitle = defaultTitle,
}: {
  readonly observations: readonly number[];
  readonly responsibilities: readonly (readonly number[])[];
  /** The components' names, e.g. "low" and "high"; by default "component 0" and so on. */
  readonly names?: readonly string[];
} & ObservationAxis): Figure {
  const owners = responsibilities.map(owner);
  const components = responsibilities[0]?.map((_, k) => names?.[k] ?? componentName(k)) ?? [];
  return {
    title: "The components' responsibilities for each observation",
    alt:
      `Scatter chart: index of the observation against its value; colour mixes the components' colours by their responsibilities, ` +
      `the marker's shape is the component with the largest. ` +
      `${components.map((name, k) => `${name}: ${owners.filter((o) => o === k).length} observations`).join("; ")}. ` +
      `The least decided observation belongs to its component with ${shortNumber(extremes(responsibilities.map((row) => Math.max(...row)))[0])}.`,
    data: components.map((name, k) => {
      const { x, y } = selected(observations, (j) => owners[j] === k);
      const rows = responsibilities.filter((_, j) => owners[j] === k);
      const trace = points(plotlyText(name), k);
      return {
        ...trace,
        x,
        y,
        marker: { ...trace.marker, color: rows.map(blend) },
        text: rows.map((row) =>
          row.map((share, i) => `${plotlyText(components[i])}: ${shortNumber(share)}`).join("<br>"),
        ),
        hovertemplate: "y<sub>%{x}</sub> = %{y}<br>%{text}<extra></extra>",
      };
    }),
    layout: labelLayout(observationTitle),
  };
}

/**
 * EM at work on the mixture: points coloured by responsibility, weighted components and their sum, with a slider over
 * the updates.
 * @param iterations what `onIteration` of `em` or of `normalMixture.fit` was given, in order
 * @param positions the slider's positions at most (60): of more iterations it shows the first, the last, and some
 * evenly between them
 */
export function mixtureSlider({
  observations,
  iterations,
  positions = 60,
  observationTitle = defaultTitle,
}: {
  readonly observations: readonly number[];
  readonly iterations: readonly Iteration<NormalMixture>[];
  readonly positions?: number;
} & ObservationAxis): Figure {
  const [first, last] = [iterations[0], iterations[iterations.length - 1]];
  if (first === undefined || last === undefined)
    throw new RangeError("mixtureSlider: `iterations` is empty: give at least one");
  const grid = gridAround(observations);
  const shown = thinned(iterations, positions);
  // Over all positions, so that the axes stay fixed.
  const top = Math.max(...shown.map(({ params }) => highest(params, grid)));
  const marks = ({ params }: Iteration<NormalMixture>) => {
    const responsibilities = normalMixture.eStep(params, observations);
    return {
      marker: {
        color: responsibilities.map(blend),
        symbol: responsibilities.map((row) => cycled(symbolNumbers, owner(row))),
        size: 10,
      },
    };
  };
  const curves = mixtureCurves(first.params, grid);
  const traces = [...curves.keys(), curves.length];
  return {
    title: "EM on the mixture, update by update",
    alt:
      `Line chart with a slider over the updates t = ${first.iteration} to ${last.iteration}: observation against density, a curve per weighted component and their sum; ` +
      `the observations as points below, coloured by responsibility. The log-likelihood goes from ${shortNumber(first.logLikelihood)} to ` +
      `${shortNumber(last.logLikelihood)}; at the end ${describeComponents(last.params)}.`,
    data: [
      ...curves,
      {
        type: "scatter",
        mode: "markers",
        name: "observations, by responsibility",
        x: [...observations],
        y: observations.map(() => rugHeight(top)),
        ...marks(first),
        hovertemplate: "y = %{x}",
      },
    ],
    layout: densityLayout(observationTitle, grid, top),
    steps: shown.map((iteration) => ({
      label: readout(iteration),
      data: [...mixtureCurves(iteration.params, grid).map(({ normals }) => ({ normals })), marks(iteration)],
      traces,
    })),
  };
}

/** All that a position of the slider stands for. */
function readout({ iteration, params: { weights, means, deviations }, logLikelihood }: Iteration<NormalMixture>) {
  const list = (values: readonly number[]) => values.map(shortNumber).join(", ");
  return (
    `t = ${iteration}: log-likelihood ${shortNumber(logLikelihood)}; weights ${list(weights)}; ` +
    `means ${list(means)}; deviations ${list(deviations)}`
  );
}

type Curve = ReturnType<typeof curve> & {
  readonly opacity?: number;
  readonly zorder?: number;
};

function curve(name: string, k: number, grid: Grid, normals: NormalCurve["normals"]) {
  return {
    type: "scatter" as const,
    mode: "lines" as const,
    name,
    x0: grid.x0,
    dx: grid.dx,
    // More digits than a screen shows, so that narrow curves stand where they should.
    normals: normals.map(([weight, mean, deviation]) => [digits(weight), digits(mean), digits(deviation)] as const),
    points: grid.count,
    line: { color: cycled<string>(colours, k), dash: cycled(dashes, k), width: 2 },
  };
}

const digits = (value: number): number => Number(value.toPrecision(6));

/** A curve per weighted component, then their sum: broad and grey behind them, since it all but hides one or the other. */
function mixtureCurves({ weights, means, deviations }: NormalMixture, grid: Grid): Curve[] {
  const terms = weights.map((weight, k) => [weight, means[k], deviations[k]] as const);
  return [
    ...terms.map((term, k) => curve(`weighted ${componentName(k)}`, k, grid, [term])),
    {
      ...curve("their sum", terms.length, grid, terms),
      line: { color: sumColour, dash: "solid", width: 6 },
      opacity: 1,
      zorder: -1,
    },
  ];
}

/** The data's range and 15 % of it on either side. */
function gridAround(observations: readonly number[]): Grid {
  const [low, high] = extremes(observations);
  const margin = 0.15 * (high - low);
  return gridOver(low - margin, high + margin, 131);
}

/** The top of the components' sum, which lies above each of them. */
const highest = (params: NormalMixture, grid: Grid): number =>
  Math.max(...valuesOn(grid, (x) => normalMixture.density(x, params)));

/** Observations stand a little below the axis of the densities. */
const rugHeight = (top: number): number => -0.06 * top;

const densityLayout = (observationTitle: string, grid: Grid, top: number) =>
  layoutWith({
    xaxis: { title: { text: plotlyText(observationTitle) }, range: [grid.x0, grid.x0 + (grid.count - 1) * grid.dx] },
    yaxis: { title: { text: densityTitle }, range: [-0.12 * top, 1.05 * top] },
  });

const labelLayout = (observationTitle: string) =>
  layoutWith({
    xaxis: { title: { text: "index j of the observation" } },
    yaxis: { title: { text: plotlyText(observationTitle) } },
  });

/** Markers in the colour and shape of component k. */
const points = (name: string, k: number) => ({
  type: "scatter" as const,
  mode: "markers" as const,
  name,
  marker: { color: cycled(colours, k), symbol: cycled(symbols, k), size: 10 },
});

/** The observations that `wanted` chooses, against their index. */
function selected(observations: readonly number[], wanted: (j: number) => boolean): { x: number[]; y: number[] } {
  const x = [...observations.keys()].filter(wanted);
  return { x, y: compact(x.map((j) => observations[j])) };
}

/** The component with the largest responsibility. */
const owner = (row: readonly number[]): number => row.indexOf(Math.max(...row));

const describeComponents = ({ means, deviations }: Pick<NormalMixture, "means" | "deviations">): string =>
  means
    .map((mean, k) => `${componentName(k)} has mean ${shortNumber(mean)} and deviation ${shortNumber(deviations[k])}`)
    .join(", ");
