import type { Data, Layout } from "plotly.js-dist-min";

/**
 * A curve that is a sum of weighted normal densities, given by them alone: `browser/live.js` works out its `points`
 * values at x0, x0 + dx, … So a slider over many iterations stays small.
 */
export interface NormalCurve {
  /** [weight, mean, deviation] of each term. */
  readonly normals: readonly (readonly [number, number, number])[];
  readonly points: number;
}

/** One position of a figure's slider: what it changes in the picture, and the words that name it. */
export interface Step {
  /** Names the position in plain text, e.g. "t = 3, log-likelihood 0.2482". */
  readonly label: string;
  /** The properties that change, one entry for each of `traces`. */
  readonly data: readonly (Data | Pick<NormalCurve, "normals">)[];
  /** Indices into the figure's `data`. */
  readonly traces: readonly number[];
}

/** What a picture shows: the part of a {@link Figure} that a reader's choice replaces. */
export interface View {
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
  /** The positions of the slider, the first being what `data` shows. Without steps there is no slider. */
  readonly steps?: readonly Step[];
}

/** A choice beside the slider, such as that of the start. */
export interface Handle {
  readonly name: string;
  readonly values: readonly string[];
}

/**
 * A picture as plain data, ready for `JSON.stringify` and plotly.js. `title`, `alt` and the steps' labels are plain
 * text and may come from anywhere; text inside `data` and `layout` is read by plotly.js as pseudo-HTML, so text that
 * is not our own must go through {@link import("./text.js").plotlyText} on its way there.
 */
export interface Figure extends View {
  /** Shown above the picture. */
  readonly title: string;
  /** For those who do not see the picture: chart type, axes, the finding. */
  readonly alt: string;
  readonly handles?: readonly Handle[];
  /**
   * A view for every combination of the handles' values but the first, which is the figure itself; the last handle
   * changes fastest. A view's layout holds only what differs from the figure's.
   */
  readonly views?: readonly View[];
}
