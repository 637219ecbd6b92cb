import type { GaussianMixture } from "em-mixtures";
import { eStepChain } from "./e-step.js";
import { readTable, type TableOptions } from "./table.js";

/** Which table is scored, and what of it is kept beside the scores. */
export interface ScoreOptions extends Omit<TableOptions, "weightColumn" | "dropIncomplete"> {
  /** Columns to keep, such as the key. */
  readonly keep?: readonly string[];
}

/**
 * A SELECT that scores a table in place, for a view or a query: for each row the columns kept, `log_density`, the
 * responsibilities `p0`, `p1`, … and `label`, the most probable component. They are NULL in incomplete rows.
 *
 * @example
 * await query(`CREATE VIEW scored AS ${scoreSql(model, { dialect: "duckdb", table: "events", columns: ["x", "y"], keep: ["id"] })}`);
 */
export function scoreSql(model: GaussianMixture, options: ScoreOptions): string {
  const { keep = [] } = options;
  const { dialect, from, columns, value, complete } = readTable(options);
  const densities = model.densities();
  // The caller's names come back at the end only, so that they cannot be taken for one of ours.
  const kept = keep.map((_, at) => `k${at}`);
  const rows = [
    ...columns.map((column, j) => `CASE WHEN ${complete} THEN ${value(column)} END AS x${j}`),
    ...keep.map((column, at) => `${dialect.quote(column)} AS k${at}`),
  ];
  const { text, last, components } = eStepChain(dialect, `SELECT ${rows.join(", ")} FROM ${from}`, densities, kept);
  const responsibilities = Array.from({ length: densities.components }, (_, k) =>
    components.includes(k) ? `e${k} / s AS p${k}` : `CASE WHEN s IS NOT NULL THEN 0e0 END AS p${k}`,
  );
  const labels = components.map((k) => `WHEN l${k} = g THEN ${k}`).join(" ");
  const scores = ["g + ln(s) AS log_density", ...responsibilities, `CASE ${labels} END AS label`];
  const names = keep.map((column, at) => `k${at} AS ${dialect.quote(column)}`);
  return `${text}\nSELECT ${[...names, ...scores].join(", ")} FROM ${last}`;
}
