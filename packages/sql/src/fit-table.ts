import {
  type CovarianceType,
  type Fitted,
  GaussianMixture,
  type GaussianSumsOptions,
  InputError,
  type SumsSource,
} from "em-mixtures";
import { TableError } from "./errors.js";
import { type Query, repeated } from "./query.js";
import { sumsQuery } from "./sums.js";
import { sampleTable, surveyTable } from "./survey.js";
import { readTable, type TableOptions, tableOptions } from "./table.js";

/** Options of `fitTable`: the table's, and those of `GaussianMixture.fitSums`. */
export interface FitTableOptions<T extends CovarianceType = CovarianceType>
  extends TableOptions,
    GaussianSumsOptions<T> {
  /** A column, or some together, that tells the rows apart: by its hash the same sample is drawn for the same seed. */
  readonly key?: string | readonly string[];
  /** How many rows the start is found on; 20,000 unless given. */
  readonly sampleRows?: number;
  /** Once it is aborted, the fit ends with its reason thrown, and it is handed to `query` to cancel what runs. */
  readonly signal?: AbortSignal;
}

/**
 * Fits a mixture of normal distributions to a table where it lies. Four short queries find what the columns are like and
 * draw a sample, on which `GaussianMixture.fit` finds a start; then each EM step is one query, in which the engine sums
 * over all rows, and whose result does not grow with their number. The options, the report and the warnings are those of
 * the library; `acceleration` is "anderson" unless given, because a pass over a table is dear.
 *
 * Equal seeds give equal fits on one engine with a `key`, but for last digits: parallel engines sum in any order.
 *
 * @throws TableError for a table that cannot be fitted, or that changes meanwhile; QueryError where a query fails twice;
 * InputError as `GaussianMixture.fit` does; the signal's reason once it is aborted
 * @example
 * const connection = await (await DuckDBInstance.create("events.duckdb")).connect();
 * const query = async (sql) => (await connection.runAndReadAll(sql)).getRowObjects();
 * const model = await fitTable(query, {
 *   dialect: "duckdb", table: "events", columns: ["x", "y"], key: "id", nComponents: 3,
 * });
 */
export async function fitTable<T extends CovarianceType = "full">(
  query: Query,
  options: FitTableOptions<T>,
): Promise<Fitted<GaussianMixture<T>>> {
  const { key = [], sampleRows = 20_000, signal, seed = 0 } = options;
  const table = readTable(options);
  if (!Number.isInteger(sampleRows) || sampleRows < 1)
    throw new InputError("sampleRows", "must be an integer of at least 1", sampleRows, "Give some thousands.");
  const run = repeated(query, signal);
  const keys = typeof key === "string" ? [key] : key;
  const ours: readonly string[] = [...tableOptions, "key", "sampleRows"];
  const fitOptions = Object.fromEntries(Object.entries(options).filter(([name]) => !ours.includes(name)));
  const open = async (): Promise<SumsSource> => {
    const survey = await surveyTable(run, table);
    const drawn = await sampleTable(run, table, keys, sampleRows, seed);
    return {
      name: table.name,
      columns: table.columns.length,
      ...survey,
      ...drawn,
      async sumsAt(densities, centres) {
        const { sql, read } = sumsQuery(table, densities, centres);
        const { sums, rows } = read(await run(sql));
        if (rows === survey.rows) return sums;
        const change = `had ${survey.rows} complete rows at first and has ${rows} now`;
        throw new TableError(`${table.name} changed during the fit: it ${change}. Fit a snapshot of it.`);
      },
    };
  };
  return GaussianMixture.fitSums<T>(open, { acceleration: "anderson", ...fitOptions } as GaussianSumsOptions<T>);
}
