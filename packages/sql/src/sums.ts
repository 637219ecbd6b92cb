import type { GaussianDensities, GaussianSums } from "em-mixtures";
import { literal } from "./dialects.js";
import { eStepChain } from "./e-step.js";
import { numberOf, type Row } from "./query.js";
import { completeRows, type Table } from "./table.js";

/** The query for one EM step, and how its result becomes sums. */
export interface SumsQuery {
  readonly sql: string;
  /** @returns the sums, and how many rows they are over */
  read(rows: readonly Row[]): { readonly sums: GaussianSums; readonly rows: number };
}

/**
 * One EM step as one query: the E-step, and the sums for the M-step about the given centres, of which every engine makes
 * 2 + K (1 + D + D (D + 1) / 2) numbers. They come as one row (c, f and s for counts, first and second sums) or, where
 * that would be too wide for the engine, as one row for each component.
 */
export function sumsQuery(table: Table, densities: GaussianDensities, centres: Float64Array): SumsQuery {
  const { dialect, weightColumn } = table;
  const { components: K, columns: D, shape, means } = densities;
  const weighted = weightColumn !== undefined;
  // The offsets from the means serve again, unless the means have moved far, to other centres.
  const moved = centres.some((centre, at) => centre !== means[at]);
  const range = Array.from({ length: D }, (_, j) => j);
  const carried = [...(weighted ? ["w"] : []), ...(moved ? range.map((j) => `x${j}`) : [])];
  const { text, last, components } = eStepChain(dialect, completeRows(table), densities, carried);
  const times = weighted ? "w * " : "";
  const pairs = range.flatMap((i) => (shape === "full" ? range.slice(0, i + 1) : [i]).map((j) => [i, j] as const));
  const offset = (k: number, j: number) => (moved ? `x${j} - ${literal(centres[k * D + j])}` : `d${k}_${j}`);
  const made = components.flatMap((k) => [
    `${times}e${k} / s AS r${k}`,
    ...range.map((j) => `${offset(k, j)} AS o${k}_${j}`),
  ]);
  const r = `${text}\n, r AS (SELECT ${times}(g + ln(s)) AS ll, ${made.join(", ")} FROM ${last}${dialect.fence})`;
  const outputs = 2 + components.length * (1 + D + pairs.length);
  const wide = outputs <= dialect.widest;
  return {
    sql: wide ? `${r}\n${oneRow()}` : `${r}\n${rowPerComponent()}`,
    read(rows) {
      const sums = {
        logLikelihood: numberOf(rows[0], "ll"),
        counts: new Float64Array(K),
        first: new Float64Array(K * D),
        second: new Float64Array(K * D * (shape === "full" ? D : 1)),
      };
      for (const k of components) {
        const row = wide ? rows[0] : (rows.find((each) => numberOf(each, "k") === k) as Row);
        const name = (letter: string, ...at: readonly number[]) => letter + [...(wide ? [k] : []), ...at].join("_");
        sums.counts[k] = numberOf(row, name("c"));
        for (const j of range) sums.first[k * D + j] = numberOf(row, name("f", j));
        for (const [i, j] of pairs)
          sums.second[shape === "full" ? (k * D + i) * D + j : k * D + i] = numberOf(row, name("s", i, j));
      }
      if (!wide) sums.logLikelihood = rows.reduce((sum, row) => sum + numberOf(row, "ll"), 0);
      return { sums, rows: numberOf(rows[0], "n") };
    },
  };

  function oneRow(): string {
    // r · offset once, for the first and the second sums.
    const products = components.flatMap((k) => [
      `r${k}`,
      ...range.flatMap((j) => [`o${k}_${j}`, `r${k} * o${k}_${j} AS q${k}_${j}`]),
    ]);
    const sums = components.flatMap((k) => [
      `sum(r${k}) AS c${k}`,
      ...range.map((j) => `sum(q${k}_${j}) AS f${k}_${j}`),
      ...pairs.map(([i, j]) => `sum(q${k}_${i} * o${k}_${j}) AS s${k}_${i}_${j}`),
    ]);
    return `, q AS (SELECT ll, ${products.join(", ")} FROM r${dialect.fence})
SELECT count(*) AS n, sum(ll) AS ll, ${sums.join(", ")} FROM q`;
  }

  function rowPerComponent(): string {
    const names = ["k", "ll", "r", ...range.map((j) => `o${j}`)];
    const lists = components.map((k, at) => [
      String(k),
      at === 0 ? "ll" : "0e0",
      `r${k}`,
      ...range.map((j) => `o${k}_${j}`),
    ]);
    const sums = [
      "sum(r) AS c",
      ...range.map((j) => `sum(r * o${j}) AS f${j}`),
      ...pairs.map(([i, j]) => `sum(r * o${i} * o${j}) AS s${i}_${j}`),
    ];
    const exploded = dialect.explode(names, lists, "r");
    return `, z AS (${exploded})\nSELECT k, count(*) AS n, sum(ll) AS ll, ${sums.join(", ")} FROM z GROUP BY k`;
  }
}
