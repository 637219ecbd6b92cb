// The lesson on tslab as it is published, for readers who have that kernel and not the lesson's own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { setUp } from "../../scripts/set-up/index.mjs";
import { joined, readCells } from "../notebook.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const notebooks = join(root, "notebooks");
const output = join(root, "build/test-stock-tslab");

/** What each cell printed. Figures are left out: the stock kernel shows them, too, in an output of another kind. */
const printedBy = (file: string) =>
  readCells(file).map(({ id, outputs = [] }) => [
    id,
    outputs.map(({ output_type, text }) => (output_type === "stream" ? joined(text) : "")).join(""),
  ]);

for (const name of readdirSync(notebooks).filter((name) => /^\d.*\.ipynb$/.test(name)))
  test(`${name} prints on a stock tslab what it prints on the lesson's kernel`, () => {
    rmSync(join(output, name), { force: true });
    const jupyter = setUp();
    const convert = ["nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.kernel_name=tslab-stock"];
    const run = spawnSync(
      jupyter.command,
      [...jupyter.args, ...convert, "--output-dir", output, join(notebooks, name)],
      {
        cwd: notebooks,
        env: jupyter.env,
        encoding: "utf8",
      },
    );
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(printedBy(join(output, name)), printedBy(join(notebooks, name)));
  });
