import type { Chunks } from "em-mixtures";
import { completeRows, readTable, type TableOptions } from "./table.js";

/** What is used of a connection of `@duckdb/node-api`. */
export interface DuckDbConnection {
  stream(sql: string): Promise<{ fetchChunk(): Promise<DuckDbChunk | null> }>;
}

interface DuckDbChunk {
  readonly rowCount: number;
  getColumnVector(column: number): { getItem(row: number): unknown };
}

/** Rows of a chunk for the library: large enough that the passes over a chunk cost more than its making. */
const chunkRows = 65_536;

/**
 * A table of DuckDB as chunks for `GaussianMixture.fitChunks`, read anew at every pass. Where there are several
 * columns it takes less of the processor than `fitTable`, and as little memory; but it sums on one core. Incomplete rows
 * are left out with `dropIncomplete`; else the fit names the first.
 *
 * @example
 * const chunks = duckDbChunks(connection, { sql: "SELECT * FROM 'events-*.parquet'", columns: ["x", "y"] });
 * const model = await GaussianMixture.fitChunks(chunks, { columns: 2, nComponents: 3 });
 */
export function duckDbChunks(connection: DuckDbConnection, options: Omit<TableOptions, "dialect">): Chunks {
  const table = readTable({ ...options, dialect: "duckdb" });
  const D = table.columns.length;
  const weighted = table.weightColumn !== undefined;
  const sql = completeRows(table.dropIncomplete ? table : { ...table, complete: "true" });
  return {
    async *[Symbol.asyncIterator]() {
      const result = await connection.stream(sql);
      let values = new Float64Array(chunkRows * D);
      let weights = new Float64Array(weighted ? chunkRows : 0);
      let rows = 0;
      const taken = () => {
        const whole = values.subarray(0, rows * D);
        return weighted ? { values: whole, weights: weights.subarray(0, rows) } : whole;
      };
      for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
        if (chunk.rowCount === 0) break;
        if (rows + chunk.rowCount > chunkRows) {
          yield taken();
          values = new Float64Array(chunkRows * D);
          weights = new Float64Array(weights.length);
          rows = 0;
        }
        for (let j = 0; j < D; j++) {
          const vector = chunk.getColumnVector(j);
          for (let row = 0; row < chunk.rowCount; row++)
            values[(rows + row) * D + j] = (vector.getItem(row) as number | null) ?? Number.NaN;
        }
        if (weighted) {
          const vector = chunk.getColumnVector(D);
          for (let row = 0; row < chunk.rowCount; row++)
            weights[rows + row] = (vector.getItem(row) as number | null) ?? Number.NaN;
        }
        rows += chunk.rowCount;
      }
      if (rows > 0) yield taken();
    },
  };
}
