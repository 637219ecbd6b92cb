// npm run engines [-- duckdb postgres spark]: em-sql's checks on the engines that can be had here.
import { runTests } from "./check.mjs";
import { installDrivers, startPostgres, startSpark } from "./set-up/engines.mjs";
import { setUpNode } from "./set-up/index.mjs";
import { path, runMain, SetUpError } from "./set-up/project.mjs";

/** @type {Readonly<Record<string, () => Promise<import("./set-up/engines.mjs").Server | string>>>} */
const engines = {
  duckdb: async () => ({ port: 0, version: "DuckDB, embedded", stop: async () => {} }),
  postgres: startPostgres,
  spark: startSpark,
};

await runMain(async () => {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(engines);
  const unknown = wanted.filter((name) => !(name in engines));
  if (unknown.length > 0)
    throw new SetUpError(`Unknown engines: ${unknown.join(", ")}. Known: ${Object.keys(engines).join(", ")}.`);
  setUpNode();
  if (!installDrivers()) return 1;
  const table = [];
  for (const name of wanted) {
    const began = performance.now();
    const server = await engines[name]();
    const started = (performance.now() - began) / 1000;
    if (typeof server === "string") {
      table.push({ engine: name, checks: `left out: ${server}` });
      continue;
    }
    try {
      const env = { ...process.env, [`EM_${name.toUpperCase()}_PORT`]: String(server.port) };
      const code = runTests([path("test", "engines", `${name}.test.ts`)], env);
      table.push({
        engine: server.version,
        "started in s": started.toFixed(1),
        checks: code === 0 ? "passed" : "FAILED",
      });
    } finally {
      await server.stop();
    }
  }
  console.table(table);
  return table.some(({ checks }) => checks === "FAILED") ? 1 : 0;
});
