// The commands start in a fresh clone, where no package is installed yet, and set up what is missing or stale.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { onceFor } from "../scripts/set-up/project.mjs";

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

test("onceFor does its work once for a key, and again where it was cut short", () => {
  const folder = mkdtempSync(join(tmpdir(), "em-lesson-"));
  const stamp = join(folder, "stamp");
  let done = 0;
  const work = () => {
    done++;
  };
  const fail = () => {
    throw new Error("cut short");
  };
  assert.throws(() => onceFor(stamp, "first", fail), /cut short/);
  for (const key of ["first", "first", "second", "second"]) onceFor(stamp, key, work);
  assert.equal(done, 2);
  rmSync(folder, { recursive: true });
});
