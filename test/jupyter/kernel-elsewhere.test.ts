// The kernel away from the project: packed and installed alone, and started in a folder that has no packages.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { setUp } from "../../scripts/set-up/index.mjs";
import { joined, readCells } from "../notebook.js";
import { installPacked, packKernel } from "../packed-kernel.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const jupyter = setUp();
const folder = mkdtempSync(join(tmpdir(), "em-elsewhere-"));
const data = join(folder, "data");
const env = { ...jupyter.env, JUPYTER_DATA_DIR: data };
after(() => rmSync(folder, { recursive: true }));

/** Runs cells in an empty folder through nbconvert, on the kernel of a name; of each its text or its error. */
function runCells(name: string, ...cells: readonly string[]): string[] {
  const place = mkdtempSync(join(folder, "notebook-"));
  const notebook = {
    cells: cells.map((source, i) => ({
      cell_type: "code",
      id: `cell-${i}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    })),
    metadata: { kernelspec: { name, display_name: name, language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  const file = join(place, "empty.ipynb");
  writeFileSync(file, JSON.stringify(notebook));
  const options = ["--to", "notebook", "--execute", "--allow-errors", "--inplace", "--log-level=ERROR", file];
  const { status, stderr } = spawnSync(jupyter.command, [...jupyter.args, "nbconvert", ...options], {
    cwd: place,
    env,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return readCells(file).map(({ outputs = [] }) =>
    outputs.map((output) => joined(output.text ?? output.data?.["text/plain"] ?? output.evalue)).join(""),
  );
}

/** Runs `em-kernel` or the project's command for it. */
function command(script: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { env, encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}

describe("the packed kernel in an empty folder", () => {
  before(() => {
    mkdirSync(join(folder, "packed"));
    command(installPacked(packKernel(folder), join(folder, "packed")), "install", "--user");
  });

  test("runs a notebook, with types, Node and its own package", () => {
    const cells = [
      "const xs: readonly number[] = [1, 2, 3];\nxs.reduce((a, b) => a + b)",
      'import { join } from "node:path";\njoin("a", "b").length',
      'import { mime } from "em-kernel";\nmime({ "text/plain": "shown" })',
      'const wrong: number = "text";',
    ];
    const outputs = runCells("em-tslab", ...cells);
    assert.deepEqual(outputs.slice(0, 3), ["6", "3", "shown"]);
    assert.match(outputs[3] ?? "", /Type 'string' is not assignable to type 'number'/);
  });

  test("says of a package that is not there where it was looked for", () => {
    const [missing, relative] = runCells("em-tslab", 'import * as d3 from "d3";\nd3', 'import { a } from "./own";\na');
    assert.match(missing ?? "", /Cannot find module 'd3' in .*notebook-.*working folder.*npm install d3/);
    assert.match(relative ?? "", /Cannot find module '.\/own' from .*notebook-.*working folder/);
  });
});

test("the lesson's kernel finds the lesson's packages from anywhere, by `import`, `import()` and `require`", () => {
  command(join(root, "scripts/kernel.mjs"), "install", "--name", "em-lesson");
  const outputs = runCells(
    "em-lesson",
    'import { multiply } from "mathjs";\nimport { GaussianMixture } from "em-mixtures";\nmultiply(6, 7)',
    'const { em } = await import("em-lesson");\ntypeof em',
    'typeof require("em-figures").show',
  );
  assert.deepEqual(outputs, ["42", "'function'", "'function'"]);
  command(join(root, "scripts/kernel.mjs"), "uninstall", "--name", "em-lesson");
});
