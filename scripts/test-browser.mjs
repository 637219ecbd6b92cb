// npm run test:browser [-- FILE …]: the site in a real browser (test/browser), made first: some two minutes.
import { runTests, testFiles } from "./check.mjs";
import { setUp } from "./set-up/index.mjs";
import { path, run, runMain } from "./set-up/project.mjs";

await runMain(() => {
  const jupyter = setUp();
  const made = run(process.execPath, [path("scripts", "site.mjs"), "--output", "build/test-site"]);
  const files = process.argv.slice(2);
  return made || runTests(files.length > 0 ? files : testFiles("browser"), jupyter.env);
});
