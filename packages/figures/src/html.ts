import type { Figure } from "./figure.js";
import { htmlText, scriptJson } from "./text.js";

/**
 * What a notebook keeps of a figure, static first: where scripts are stripped or plotly.js is not at hand, the image
 * (or its alternative text, before `npm run save` has drawn it) stays; else `browser/live.js` puts the live plot in its place.
 * The classes after the first keep MathJax 3 and 2 from reading dollars in its text.
 */
export function figureHtml({ title, alt, ...plot }: Figure): string {
  return `<figure class="em-figure mathjax_ignore tex2jax_ignore">
<figcaption>${htmlText(title)}</figcaption>
<img alt="${htmlText(alt)}">
<script type="application/json">${scriptJson(plot)}</script>
<script>globalThis.emFigures?.drawAll()</script>
</figure>`;
}

/** What is said of plotly.js where it does not draw. */
export const libraryText =
  "Here stands plotly.js, which draws the figures below and takes 1.8 MB of this file. npm run save puts the notebook back without it.";

/**
 * What brings plotly.js to a notebook's page: the library, packed, and the program that unpacks it and draws. A word on both
 * stays where no script runs.
 * @param packed gzip in base64
 * @param live the text of `browser/live.js`
 */
export function libraryHtml(packed: string, live: string): string {
  return `<script type="text/plain" class="em-plotly">${packed}</script>
<p class="em-plotly-word"><small>${libraryText}</small></p>
<script>${live}</script>`;
}
