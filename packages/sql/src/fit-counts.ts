import { InputError, type Matrix } from "em-mixtures";
import { numberOf, type Query, repeated } from "./query.js";
import { countRows } from "./survey.js";
import { completeRows, readTable, type TableOptions, tableOptions } from "./table.js";

/** Anything that fits weighted rows, such as `PoissonMixture`. */
export interface WeightedModel<O, R> {
  fit(X: Matrix, options: O): R;
}

/** Options of `fitCounts` beside those of the model's `fit`. */
export interface FitCountsOptions extends TableOptions {
  /** The most different rows that are taken into memory; a million unless given. */
  readonly mostDistinct?: number;
  readonly signal?: AbortSignal;
}

/**
 * Fits a model to a table whose rows are often alike, such as counts: one GROUP BY brings each different row and how
 * often it occurs, which is all that a fit needs. It is exact.
 *
 * @throws TableError for a table that cannot be fitted; QueryError where a query fails twice; InputError for more
 * different rows than `mostDistinct`
 * @example
 * await fitCounts(PoissonMixture, query, { dialect: "duckdb", table: "visits", columns: ["count"], nComponents: 2 });
 */
export async function fitCounts<O extends object, R>(
  model: WeightedModel<O, R>,
  query: Query,
  options: FitCountsOptions & O,
): Promise<R> {
  const { mostDistinct = 1_000_000, signal } = options;
  const table = readTable(options);
  const run = repeated(query, signal);
  await countRows(run, table);
  const names = table.columns.map((_, j) => `x${j}`).join(", ");
  const weight = table.weightColumn === undefined ? "count(*)" : "sum(w)";
  const found = await run(
    `SELECT ${names}, ${weight} AS v FROM (${completeRows(table)}) AS x GROUP BY ${names} ORDER BY ${names} LIMIT ${mostDistinct + 1}`,
  );
  if (found.length > mostDistinct) {
    const remedy = "Raise mostDistinct, or round the values.";
    throw new InputError(table.name, `must have at most ${mostDistinct} different rows`, "more", remedy);
  }
  const columns = table.columns.length;
  const values = new Float64Array(found.length * columns);
  found.forEach((row, at) => {
    for (let j = 0; j < columns; j++) values[at * columns + j] = numberOf(row, `x${j}`);
  });
  const ours: readonly string[] = [...tableOptions, "mostDistinct", "signal"];
  const rest = Object.fromEntries(Object.entries(options).filter(([name]) => !ours.includes(name)));
  const sampleWeight = Float64Array.from(found, (row) => numberOf(row, "v"));
  return model.fit({ values, columns }, { ...rest, sampleWeight } as unknown as O);
}
