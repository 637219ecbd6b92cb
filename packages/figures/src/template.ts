import type { Layout } from "plotly.js-dist-min";

/**
 * Okabe and Ito's colours, in the order whose neighbours colour-blind readers tell apart best; each has a contrast of
 * at least 3 : 1 on white and on #111.
 */
export const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"] as const;
/** Of what all components make together: none of theirs, and at least 3 : 1 on white and on #111. */
export const sumColour = "#7A7A84";
/** What tells components apart beside their colour. */
export const dashes = ["solid", "dash", "dot", "dashdot"] as const;
export const symbols = ["circle", "diamond", "square", "triangle-up"] as const;
/** The same symbols by plotly.js's numbers, which take less room where there are many. */
export const symbolNumbers = [0, 2, 1, 5] as const;

/** The k-th entry of a cycle. */
export function cycled<T>(values: readonly T[], k: number): T {
  return values[k % values.length];
}

/** Mixes the components' colours by an observation's responsibilities, which sum to 1. */
export function blend(responsibilities: readonly number[]): string {
  const channels = [1, 3, 5].map((start) =>
    responsibilities.reduce(
      (sum, share, k) => sum + share * Number.parseInt(cycled(colours, k).slice(start, start + 2), 16),
      0,
    ),
  );
  return `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

// Half-transparent grey is seen on light pages and on dark ones.
const faint = "rgba(128,128,128,0.3)";
const clear = "rgba(0,0,0,0)";
const lines = { gridcolor: faint, linecolor: "rgba(128,128,128,0.8)", showline: true, zeroline: false };
const axis = { ...lines, automargin: true, title: { standoff: 8 } };

/** What all figures share. The text colour is missing on purpose: whoever draws a figure takes it from the page. */
const template = {
  layout: {
    font: { family: "system-ui, sans-serif", size: 13 },
    colorway: [...colours],
    paper_bgcolor: clear,
    plot_bgcolor: clear,
    margin: { l: 48, r: 12, t: 12, b: 48 },
    height: 380,
    hovermode: "closest",
    xaxis: axis,
    yaxis: axis,
    scene: { xaxis: lines, yaxis: lines, zaxis: lines },
    // Above the plot, so that it never lies over the data.
    legend: { orientation: "h", x: 0, y: 1.02, xanchor: "left", yanchor: "bottom" },
  },
} satisfies Layout["template"];

/** A figure's own layout on top of the common one. */
export function layoutWith(layout: Partial<Layout>): Partial<Layout> {
  return { template, ...layout };
}
