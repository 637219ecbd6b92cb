import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs an example of em-sql where the drivers are installed; asserts that it finds the two groups of people. */
export async function assertExample(name: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const file = join(root, "build", "engines", `${name}.mjs`);
  cpSync(join(root, "packages", "sql", "examples", `${name}.mjs`), file);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { env: { ...process.env, ...env } });
  const [, low, high] = /means \[\s*([\d.]+),\s*([\d.]+)\s*\]/.exec(stdout)?.map(Number) ?? [];
  // The standard error of a mean of 30,000 heights is .05; the groups overlap a little.
  assert.ok(Math.abs(low - 120) < 0.5 && Math.abs(high - 175) < 0.5, stdout);
}
