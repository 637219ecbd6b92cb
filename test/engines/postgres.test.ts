import { test } from "node:test";
import { checkEngine } from "./checks.js";
import { openPostgres } from "./engine.js";
import { assertExample } from "./example.js";

const port = process.env.EM_POSTGRES_PORT;
const missing = port === undefined ? "npm run engines starts one" : undefined;

checkEngine("PostgreSQL", missing ?? (() => openPostgres(Number(port))), 1200);

test("PostgreSQL: the example runs", { skip: missing ?? false }, async () => {
  if (port !== undefined)
    await assertExample("postgres", { PGPORT: port, PGHOST: "127.0.0.1", PGUSER: "em", PGDATABASE: "postgres" });
});
