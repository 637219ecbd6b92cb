import type { Layout } from "plotly.js-dist-min";
import type { Figure, Handle } from "./figure.js";

/**
 * One figure out of several of a kind, in which the reader chooses: a list of values for each handle, and the slider of
 * the chosen figure. Where no scripts run, the first figure is seen.
 *
 * @param handles what can be chosen, e.g. `[{ name: "start", values: ["near", "far"] }]`
 * @param figures one for each combination of the handles' values, the last handle changing fastest
 * @throws RangeError where there are not as many figures as combinations
 */
export function withHandles({
  title,
  handles,
  figures,
}: {
  readonly title: string;
  readonly handles: readonly Handle[];
  readonly figures: readonly Figure[];
}): Figure {
  const combinations = handles.reduce((product, { values }) => product * values.length, 1);
  if (combinations === 0 || figures.length !== combinations)
    throw new RangeError(
      `withHandles: \`figures\` must be ${combinations}, one for each combination of the handles' values, but are ${figures.length}`,
    );
  const [first, ...others] = figures;
  const choices = handles.map(({ name, values }) => `${name}: ${values.join(", ")}`).join("; ");
  return {
    ...first,
    title,
    alt: `${first.alt} To choose from: ${choices}.`,
    handles,
    views: others.map(({ data, layout, steps }) => ({
      data,
      layout: differing(layout, first.layout),
      ...(steps && { steps }),
    })),
  };
}

/** The entries of a layout that differ from another's. */
function differing(layout: Partial<Layout>, from: Partial<Layout>): Partial<Layout> {
  const same = (key: string) =>
    JSON.stringify(layout[key as keyof Layout]) === JSON.stringify(from[key as keyof Layout]);
  return Object.fromEntries(Object.entries(layout).filter(([key]) => !same(key)));
}
