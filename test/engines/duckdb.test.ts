import assert from "node:assert/strict";
import { test } from "node:test";
import { GaussianMixture } from "em-mixtures";
import { type DuckDbConnection, duckDbChunks } from "em-sql";
import { assertClose } from "../close.js";
import { checkEngine } from "./checks.js";
import { openDuckDb } from "./engine.js";
import { assertExample } from "./example.js";

/** Why there is no DuckDB, or undefined. */
const reason = await openDuckDb().then(
  async (engine) => {
    await engine.close();
    return undefined;
  },
  () => "its driver is not installed: npm run engines",
);

checkEngine("DuckDB", reason ?? openDuckDb);

test("DuckDB: chunks of a table are fitted as the rows in memory", { skip: reason ?? false }, async () => {
  const { connection, close } = await openDuckDb();
  const rows = 150_000;
  await connection.run(
    `CREATE TABLE t AS SELECT i, sin(i * 12.9898) * 3 + CASE WHEN i % 2 = 0 THEN 6 ELSE 0 END AS x, i % 3 AS w FROM range(${rows}) r(i)`,
  );
  const numbers = (await connection.runAndReadAll("SELECT x, w FROM t ORDER BY i")).getRowObjects();
  const values = Float64Array.from(numbers, (row) => Number(row.x));
  const sampleWeight = Float64Array.from(numbers, (row) => Number(row.w));
  const init = { weights: [0.5, 0.5], means: [[0], [5]], covariances: [[[4]], [[4]]] };
  const options = { init, maxIter: 5, tol: 1e-300 };
  const chunks = duckDbChunks(connection as DuckDbConnection, { table: "t", columns: ["x"], weightColumn: "w" });
  const model = await GaussianMixture.fitChunks(chunks, options);
  const expected = GaussianMixture.fit(values, { ...options, sampleWeight });
  assertClose(model.report.history, expected.report.history, 1e-12);
  assertClose(model.params.means, expected.params.means, 1e-10);
  await connection.run("INSERT INTO t VALUES (-1, NULL, 1)");
  const withNull = { table: "t", columns: ["x"] };
  await assert.rejects(
    GaussianMixture.fitChunks(duckDbChunks(connection as DuckDbConnection, withNull), options),
    /chunk \d+\[\d+\] must be a finite number/,
  );
  const without = duckDbChunks(connection as DuckDbConnection, { ...withNull, dropIncomplete: true });
  assert.equal((await GaussianMixture.fitChunks(without, options)).report.iterations, 5);
  await close();
});

test("DuckDB: an aborted signal ends the query that runs", { skip: reason ?? false }, async () => {
  const { query, close } = await openDuckDb();
  const controller = new AbortController();
  const long = query(
    "SELECT sum(exp(sin(a.i + b.i))) AS s FROM range(100000) a(i), range(100000) b(i)",
    controller.signal,
  );
  setTimeout(() => controller.abort(), 100);
  await assert.rejects(long, /interrupt/i);
  assert.equal((await query("SELECT 1 AS one")).length, 1);
  await close();
});

test("DuckDB: the example runs", { skip: reason ?? false }, () => assertExample("duckdb"));
