import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the built declarations can be read by tslab's TypeScript, and require alt", () => {
  const root = resolve(fileURLToPath(import.meta.url), "../..");
  const compiler = resolve(root, "node_modules/@tslab/typescript-for-tslab/bin/tsc");
  const options = "--noEmit --strict --skipLibCheck --moduleResolution node --target ES2022 --lib ES2022 --types node";
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, ...options.split(" "), resolve(root, "test/fixtures/figure-types.ts")],
    { cwd: root, encoding: "utf8" },
  );
  assert.equal(status, 0, stdout);
});
