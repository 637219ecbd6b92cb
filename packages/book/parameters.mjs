// A notebook's parameters from outside, as papermill puts them in: a cell after the one that declares them.
import { joined } from "./notebook.mjs";

/** @typedef {import("./notebook.mjs").Notebook} Notebook */

/** A name that a notebook does not declare. */
export class ParameterError extends Error {
  /** @override */
  name = "ParameterError";
}

/** The value of a parameter as it is written on a command line: JSON, or else a text as it stands. @param {string} name @param {string} text */
export function parameterValue(name, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (/^\s*[[{"]/.test(text))
      throw new ParameterError(`The value of "${name}" is no JSON: ${/** @type {Error} */ (error).message}`);
    return text;
  }
}

const declaration = /^(?:const|let|var) ([\p{ID_Start}$_][\p{ID_Continue}$]*)(: [^=\n]+)? =/gmu;

/** The names that a cell declares by `const`, `let` or `var`, each with its type as it is written. @param {import("./notebook.mjs").Cell} cell */
const declared = ({ cell_type, source }) =>
  cell_type === "code"
    ? [...joined(source).matchAll(declaration)].map(([, name = "", type = ""]) => ({ name, type }))
    : [];

/**
 * The notebook with values of its own for names that its cells declare: after the first cell that declares some of them
 * comes one that declares them anew. Cells below see the new values, as everywhere in a notebook.
 * @param {Notebook} notebook @param {Readonly<Record<string, unknown>>} parameters @returns {Notebook}
 */
export function withParameters(notebook, parameters) {
  const missing = new Set(Object.keys(parameters));
  const cells = notebook.cells.flatMap((cell) => {
    const names = declared(cell).filter(({ name }) => missing.delete(name));
    if (names.length === 0) return [cell];
    const lines = names.map(({ name, type }) => `let ${name}${type} = ${JSON.stringify(parameters[name])};`);
    const given = {
      cell_type: "code",
      id: `parameters-${cell.id}`.slice(0, 64),
      metadata: { tags: ["injected-parameters"] },
      source: ["// Parameters", ...lines].join("\n"),
      execution_count: null,
      outputs: [],
    };
    return [cell, given];
  });
  const [name] = missing;
  if (name === undefined) return { ...notebook, cells };
  const known = [...new Set(notebook.cells.flatMap(declared).map(({ name }) => name))].join(", ");
  throw new ParameterError(`No cell declares "${name}" by const or let. This notebook declares ${known || "nothing"}.`);
}
