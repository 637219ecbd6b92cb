// Static images of figures, drawn by the plotly.js and the program that draw them live.
import { createRequire } from "node:module";
import { plotOf, withImage } from "./notebook.mjs";

/**
 * Opens a page that draws figures as images: the same bytes for the same figure, by the same browser.
 * @param {import("playwright-core").Browser} browser
 * @returns {Promise<(figure: string) => Promise<string>>} from a figure's HTML to the same with its image
 */
export async function stillsIn(browser) {
  const { resolve } = createRequire(import.meta.url);
  const page = await browser.newPage();
  for (const script of ["plotly.js-dist-min", "em-figures/browser/live.js"])
    await page.addScriptTag({ path: resolve(script) });
  return async (figure) => {
    const image = await page.evaluate(async (plot) => {
      // plotly.js names the parts of a drawing at random: with the same numbers each time they get the same names.
      let state = 1;
      Math.random = () => {
        state = (state * 48271) % 2147483647;
        return state / 2147483647;
      };
      return /** @type {any} */ (globalThis).emFigures.still(plot);
    }, plotOf(figure));
    return withImage(figure, compactUri(image));
  };
}

/** The data URI that plotly.js writes for an SVG, in base64, which is half as long and has no character that HTML knows. @param {string} uri */
function compactUri(uri) {
  const svg = /^data:image\/svg\+xml,(.*)$/s.exec(uri)?.[1];
  return svg === undefined
    ? uri
    : `data:image/svg+xml;base64,${Buffer.from(withShortPoints(decodeURIComponent(svg))).toString("base64")}`;
}

/** The points of a cloud by their colour alone: what plotly.js says of each beside it is what holds without being said. @param {string} svg */
const withShortPoints = (svg) =>
  svg.replace(
    /<path class="point" ([^>]*?) style="opacity: 1; stroke-width: 0px; fill: rgb\((\d+), (\d+), (\d+)\); fill-opacity: 1;"\/>/g,
    (_, place, ...channels) => `<path ${place} fill="#${channels.slice(0, 3).map(hex).join("")}"/>`,
  );

/** @param {string} channel */
const hex = (channel) => Number(channel).toString(16).padStart(2, "0");
