// A mixture fitted to a table of PostgreSQL. npm install em-sql pg; PGHOST, PGPORT, PGUSER and PGDATABASE say where.
import { fitTable } from "em-sql";
import pg from "pg";

const client = new pg.Client();
const canceller = new pg.Client();
await client.connect();
await canceller.connect();
const [{ pid }] = (await client.query("SELECT pg_backend_pid() AS pid")).rows;
/** @type {import("em-sql").Query} */
const query = async (sql, signal) => {
  const cancel = () => canceller.query("SELECT pg_cancel_backend($1)", [pid]);
  signal?.addEventListener("abort", cancel);
  try {
    return (await client.query(sql)).rows;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
};

await client.query("SELECT setseed(0.5)");
await client.query(`
  CREATE TEMPORARY TABLE people AS SELECT i AS id,
    CASE WHEN i % 3 = 0 THEN 120 ELSE 175 END + 8 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS height
  FROM generate_series(1, 100000) AS i`);

const model = await fitTable(query, {
  dialect: "postgres",
  table: "people",
  columns: ["height"],
  key: "id",
  nComponents: 2,
});
console.log("weights", model.params.weights, "means", model.params.means.flat(), "passes", model.report.evaluations);
await client.end();
await canceller.end();
