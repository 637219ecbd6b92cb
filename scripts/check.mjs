// npm run check [-- FILE …]: format, lint, types and unit tests, or those of some files; under a minute.
import { readdirSync } from "node:fs";
import { setUpNode } from "./set-up/index.mjs";
import { path, run, runMain } from "./set-up/project.mjs";

/** Test files below a folder of test/. @param {string} folder */
export const testFiles = (folder) =>
  readdirSync(path("test", folder))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => path("test", folder, name));

/** @param {readonly string[]} files @param {NodeJS.ProcessEnv} [env] */
export const runTests = (files, env = process.env) =>
  run(process.execPath, ["--import", "tsx", "--test", "--test-reporter=spec", "--test-timeout=900000", ...files], {
    env,
  });

/** Format, lint and types: 0 where all is well. All is looked at, whatever fails first. */
export function lint() {
  const biome = run(process.execPath, [
    path("node_modules", "@biomejs", "biome", "bin", "biome"),
    "check",
    "--error-on-warnings",
  ]);
  const types = run(process.execPath, [path("node_modules", "typescript", "bin", "tsc"), "-p", path("tsconfig.json")]);
  return biome || types;
}

if (process.argv[1] === path("scripts", "check.mjs")) {
  await runMain(() => {
    setUpNode();
    // The tests run, too, where only a format is wrong.
    const files = process.argv.slice(2);
    const codes = [lint(), runTests(files.length > 0 ? files : testFiles("."))];
    return codes.find((code) => code !== 0) ?? 0;
  });
}
