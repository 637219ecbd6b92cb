// Static images of figures, drawn by the plotly.js and the program that draw them live.
import { createRequire } from "node:module";
import { plotOf, withImage } from "./notebook.mjs";

const require = createRequire(import.meta.url);
/** @type {typeof import("@pdf-lib/upng")} */
const UPNG = require("@pdf-lib/upng").default;

/** Pixels of the PNG for one of the figure's: in print, 170 to the inch. */
const scale = 1.5;
/** A PNG of so few colours looks like the whole one, and has a quarter of its bytes. */
const mostColours = 64;

/**
 * Opens a page that draws figures as images: the same bytes for the same figure, by the same browser.
 * @param {import("playwright-core").Browser} browser
 * @returns {Promise<(figure: string) => Promise<import("./notebook.mjs").Still>>} from a figure's HTML to its still
 */
export async function stillsIn(browser) {
  const page = await browser.newPage();
  for (const script of ["plotly.js-dist-min", "em-figures/browser/live.js"])
    await page.addScriptTag({ path: require.resolve(script) });
  return async (figure) => {
    const [image, pixels] = await page.evaluate(
      async ([plot, scale]) => {
        // plotly.js names the parts of a drawing at random: with the same numbers each time they get the same names.
        let state = 1;
        Math.random = () => {
          state = (state * 48271) % 2147483647;
          return state / 2147483647;
        };
        const source = await /** @type {any} */ (globalThis).emFigures.still(plot);
        const picture = new Image();
        picture.src = source;
        await picture.decode();
        const canvas = document.createElement("canvas");
        Object.assign(canvas, { width: picture.width * scale, height: picture.height * scale });
        canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
        return [source, canvas.toDataURL("image/png")];
      },
      /** @type {const} */ ([plotOf(figure), scale]),
    );
    return { html: withImage(figure, compactUri(image)), png: compactPng(pixels) };
  };
}

/** A PNG in base64 with few colours. @param {string} uri */
function compactPng(uri) {
  const decoded = UPNG.decode(bytesOf(uri));
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(decoded), decoded.width, decoded.height, mostColours)).toString("base64");
}

/** @param {string} uri with base64 @returns {ArrayBuffer} */
const bytesOf = (uri) => new Uint8Array(Buffer.from(uri.replace(/^[^,]*,/, ""), "base64")).buffer;

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
