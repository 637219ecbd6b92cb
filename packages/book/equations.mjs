// Equations in a notebook's text, typeset when its page is made: they need neither a script nor the network.
import katex from "katex";

// Code keeps its dollars; then come displayed and inline equations.
const pattern = /(^```[\s\S]*?^```|`[^`\n]*`|\\\$)|\$\$([\s\S]+?)\$\$|\$([^$]+?)\$/gm;

/** Takes the equations out of Markdown, which would read their underscores as its own, and puts them into its HTML. */
export class Equations {
  /** @type {string[]} */
  #typeset = [];

  /** The text with a mark in each equation's place. @param {string} markdown */
  take(markdown) {
    return markdown.replace(pattern, (whole, code, displayed, inline) => {
      if (code !== undefined) return whole;
      /** @type {import("katex").KatexOptions} */
      const options = { displayMode: displayed !== undefined, strict: "error" };
      this.#typeset.push(katex.renderToString(displayed ?? inline, options));
      return `<span data-equation="${this.#typeset.length - 1}"></span>`;
    });
  }

  /** The HTML made of the text, with the typeset equations in place of the marks. @param {string} html */
  put(html) {
    return html.replace(/<span data-equation="(\d+)"><\/span>/g, (_, i) => this.#typeset[Number(i)]);
  }
}
