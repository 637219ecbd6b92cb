// A mixture fitted to a table of DuckDB, and the table scored in place. npm install em-sql @duckdb/node-api
import { DuckDBInstance } from "@duckdb/node-api";
import { GaussianMixture } from "em-mixtures";
import { duckDbChunks, fitTable, scoreSql } from "em-sql";

const connection = await (await DuckDBInstance.create(":memory:")).connect();
/** @type {import("em-sql").Query} */
const query = async (sql, signal) => {
  const cancel = () => connection.interrupt();
  signal?.addEventListener("abort", cancel);
  try {
    return (await connection.runAndReadAll(sql)).getRowObjects();
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
};

// Two groups of people: heights in cm, of which every third row belongs to the first.
await connection.run(`
  CREATE TABLE people AS SELECT i AS id,
    CASE WHEN i % 3 = 0 THEN 120 ELSE 175 END
      + 8 * sqrt(-2 * ln((hash(i, 1) % 1000003 + 1) / 1000004)) * cos(2 * pi() * (hash(i, 2) % 1000003) / 1000003) AS height
  FROM range(200000) r(i)`);

const table = { table: "people", columns: ["height"] };
const model = await fitTable(query, { dialect: "duckdb", ...table, key: "id", nComponents: 2 });
console.log("weights", model.params.weights, "means", model.params.means.flat(), "passes", model.report.evaluations);

await connection.run(`CREATE VIEW scored AS ${scoreSql(model, { dialect: "duckdb", ...table, keep: ["id"] })}`);
console.log(await query("SELECT label, count(*) AS people FROM scored GROUP BY label ORDER BY label"));

// The same by chunks, on one core: with several columns it takes less of the processor than SQL.
const byChunks = await GaussianMixture.fitChunks(duckDbChunks(connection, table), { nComponents: 2 });
console.log("by chunks", byChunks.params.means.flat());
connection.closeSync();
