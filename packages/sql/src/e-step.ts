import type { GaussianDensities } from "em-mixtures";
import { type Dialect, literal } from "./dialects.js";

/** Common table expressions, each of which reads the one before. */
export interface Chain {
  /** `WITH … ` up to the last expression. */
  readonly text: string;
  /** The last expression's name. */
  readonly last: string;
  /** The components of a weight above 0: all others have no column. */
  readonly components: readonly number[];
}

/**
 * The E-step as a chain of common table expressions over rows x0 … x(D−1):
 * d, offsets from the means; y = W d, whitened; l = log(w_k f_k(x)); g, the greatest l; e = exp(l − g); s = Σ e. So no
 * density under- or overflows, and s is at least 1: there is no logarithm of 0 and no division by 0.
 *
 * @param rows the SELECT that gives the rows; `carried` its other columns, which every expression passes on
 */
export function eStepChain(
  dialect: Dialect,
  rows: string,
  densities: GaussianDensities,
  carried: readonly string[],
): Chain {
  const { columns: D, shape, logScales, means, whiteners } = densities;
  const components = [...logScales.keys()].filter((k) => logScales[k] !== Number.NEGATIVE_INFINITY);
  const expressions = [`WITH x AS (${rows})`];
  const range = Array.from({ length: D }, (_, j) => j);
  const each = (made: (k: number) => readonly string[]) => components.flatMap(made);
  let last = "x";
  const add = (name: string, kept: readonly string[], made: readonly string[]) => {
    expressions.push(`${name} AS (SELECT ${[...carried, ...kept, ...made].join(", ")} FROM ${last}${dialect.fence})`);
    last = name;
  };
  const offsets = each((k) => range.map((j) => `d${k}_${j}`));
  const logs = components.map((k) => `l${k}`);

  add(
    "d",
    [],
    each((k) => range.map((j) => `x${j} - ${literal(means[k * D + j])} AS d${k}_${j}`)),
  );
  const whitened = (k: number, i: number): string =>
    shape === "diagonal"
      ? `${literal(whiteners[k * D + i])} * d${k}_${i}`
      : range
          .slice(0, i + 1)
          .filter((j) => whiteners[(k * D + i) * D + j] !== 0)
          .map((j) => `${literal(whiteners[(k * D + i) * D + j])} * d${k}_${j}`)
          .join(" + ");
  add(
    "y",
    offsets,
    each((k) => range.map((i) => `${whitened(k, i)} AS y${k}_${i}`)),
  );
  const square = (k: number) => range.map((i) => `y${k}_${i} * y${k}_${i}`).join(" + ");
  add(
    "l",
    offsets,
    components.map((k) => `${literal(logScales[k])} - 0.5e0 * (${square(k)}) AS l${k}`),
  );
  add("g", [...offsets, ...logs], [`${logs.length > 1 ? `greatest(${logs.join(", ")})` : logs[0]} AS g`]);
  add(
    "e",
    [...offsets, ...logs, "g"],
    components.map((k) => `${dialect.exp(`l${k} - g`)} AS e${k}`),
  );
  const exponentials = components.map((k) => `e${k}`);
  add("s", [...offsets, ...logs, "g", ...exponentials], [`${exponentials.join(" + ")} AS s`]);
  return { text: expressions.join("\n, "), last, components };
}
