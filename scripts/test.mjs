// npm test: everything. Lint and types, unit tests, then the tests that need Jupyter (test/jupyter).
import { lint, runTests, testFiles } from "./check.mjs";
import { setUp } from "./set-up/index.mjs";
import { runMain } from "./set-up/project.mjs";

await runMain(() => {
  const jupyter = setUp();
  return lint() || runTests([...testFiles("."), ...testFiles("jupyter")], jupyter.env);
});
