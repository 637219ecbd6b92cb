import type { Data, Layout } from "plotly.js-dist-min";

/** One position of a figure's slider: what it changes in the picture, and the words that name it. */
export interface Step {
  /** Names the position in plain text, e.g. "t = 3, log-likelihood 0.2482". */
  readonly label: string;
  /** The properties that change, one entry for each of `traces`. */
  readonly data: readonly Data[];
  /** Indices into the figure's `data`. */
  readonly traces: readonly number[];
}

/**
 * A picture as plain data, ready for `JSON.stringify` and plotly.js. `title`, `alt` and the steps' labels are plain
 * text and may come from anywhere; text inside `data` and `layout` is read by plotly.js as pseudo-HTML, so text that
 * is not our own must go through {@link import("./text.js").plotlyText} on its way there.
 */
export interface Figure {
  /** Shown above the picture. */
  readonly title: string;
  /** For those who do not see the picture: chart type, axes, the finding. */
  readonly alt: string;
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
  /** The positions of the slider, the first being what `data` shows. Without steps there is no slider. */
  readonly steps?: readonly Step[];
}
