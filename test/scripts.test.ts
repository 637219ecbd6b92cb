// The commands start in a fresh clone, where no package is installed yet.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The packages that a script needs before its first line runs. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const statement = /^(?:import|export)(?: [^"';]*? from)? "([^"]+)";/gm;
  const names = [...readFileSync(file, "utf8").matchAll(statement)].map(([, name]) => name);
  return names.flatMap((name) => {
    if (name.startsWith("node:")) return [];
    return name.startsWith(".") ? packagesOf(resolve(dirname(file), name), seen) : [`${name} in ${file}`];
  });
}

for (const [command, line] of Object.entries<string>(manifest.scripts)) {
  const [, script] = /^node (\S+\.mjs)/.exec(line) ?? [];
  if (script === undefined) continue;
  test(`npm run ${command} needs no installed package to start`, () => {
    assert.deepEqual(packagesOf(join(root, script)), []);
  });
}
