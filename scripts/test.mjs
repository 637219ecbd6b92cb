// npm test: everything. Lint and types, unit tests, then the tests that need Jupyter (test/jupyter) or an engine for SQL
// (test/engines): DuckDB, that is, which its driver brings along. npm run engines starts the others.
import { lint, runTests, testFiles } from "./check.mjs";
import { installDrivers } from "./set-up/engines.mjs";
import { setUp } from "./set-up/index.mjs";
import { runMain } from "./set-up/project.mjs";

await runMain(() => {
  const jupyter = setUp();
  installDrivers();
  const files = [".", "jupyter", "engines"].flatMap(testFiles);
  return lint() || runTests(files, jupyter.env);
});
