// The commands start in a fresh clone, where no package is installed yet, and set up what is missing or stale.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** What a script prints that stands in a project of its own. */
function runIn(folder: string, script: string) {
  mkdirSync(join(folder, "scripts"), { recursive: true });
  cpSync(join(root, "scripts", "set-up"), join(folder, "scripts", "set-up"), { recursive: true });
  writeFileSync(join(folder, "scripts", "try.mjs"), script);
  return () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "scripts", "try.mjs")], {
      encoding: "utf8",
      timeout: 20_000, // an endless wait is what must not be
    });
    return { status, text: stdout + stderr };
  };
}

const tryAlone = `import { alone, runMain } from "./set-up/project.mjs";
await runMain(() => alone(() => { console.log("done"); return 0; }));`;

test("a checkout that may only be read is used as it is", {
  skip: process.getuid?.() === 0 && "root may write",
}, () => {
  const folder = mkdtempSync(join(tmpdir(), "em-lesson-"));
  const command = runIn(folder, tryAlone);
  chmodSync(folder, 0o555);
  assert.deepEqual(command(), { status: 0, text: "done\n" });
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

test("what the disk refuses is told without a stack, with what to do", () => {
  const folder = mkdtempSync(join(tmpdir(), "em-lesson-"));
  const full = `import { runMain } from "./set-up/project.mjs";
await runMain(() => { throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }); });`;
  const { status, text } = runIn(folder, full)();
  assert.equal(status, 1);
  assert.equal(
    text,
    "\nENOSPC: no space left on device, write\nThe disk is full: make room, and run the command again.\n",
  );
  // A lock that cannot be made is no other command's lock.
  writeFileSync(join(folder, "build"), "");
  const inTheWay = runIn(folder, tryAlone)();
  assert.notEqual(inTheWay.status, 0);
  assert.doesNotMatch(inTheWay.text, /Waiting/);
  rmSync(folder, { recursive: true });
});
