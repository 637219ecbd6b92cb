// A notebook that somebody else runs, with a tool of their own: its pictures stay, and all that is new in it is plotly.js.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  figuresOf,
  joined,
  type Notebook,
  readNotebook,
  withJoinedStreams,
  withoutLibrary,
} from "../../packages/book/notebook.mjs";
import { setUp } from "../../scripts/set-up/index.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const output = join(root, "build/test-rerun");
const name = "02-gaussian-mixture.ipynb";
const jupyter = setUp();
const committed = readNotebook(join(root, "notebooks", name));
let rerun: Notebook;

const outputsOf = ({ cells }: Notebook) =>
  cells.map(({ outputs = [] }) =>
    outputs.map(({ output_type, text, data = {} }) => [
      output_type,
      joined(text),
      Object.entries(data).map(([type, value]) => [type, joined(value).trim()]),
    ]),
  );

before(() => {
  rmSync(output, { recursive: true, force: true });
  const options = ["--to", "notebook", "--execute", "--log-level=ERROR", "--output-dir", output, name];
  const { status, stderr } = spawnSync(jupyter.command, [...jupyter.args, "nbconvert", ...options], {
    cwd: join(root, "notebooks"),
    env: jupyter.env,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  rerun = readNotebook(join(output, name));
});

test("each figure has the still it was saved with, as HTML and as PNG", () => {
  const figures = rerun.cells.flatMap(figuresOf);
  assert.ok(figures.length > 3);
  assert.deepEqual(figures, committed.cells.flatMap(figuresOf));
  assert.deepEqual(outputsOf(withJoinedStreams(withoutLibrary(rerun))), outputsOf(committed));
});

test("it carries plotly.js once, and says how it goes out again", () => {
  const carriers = rerun.cells.flatMap(({ outputs = [] }) =>
    outputs.filter(({ data }) => joined(data?.["text/html"]).includes('class="em-plotly"')),
  );
  assert.equal(carriers.length, 1);
  for (const type of ["text/plain", "text/html"])
    assert.match(joined(carriers[0].data?.[type]), /plotly\.js[^<]*npm run save/);
});

test("LaTeX and PDF take the PNG of each figure", () => {
  const program =
    "from nbconvert.exporters import LatexExporter; print(*LatexExporter().config.NbConvertBase.display_data_priority)";
  const python = spawnSync(jupyter.python ?? "python3", ["-c", program], { env: jupyter.env, encoding: "utf8" });
  assert.equal(python.status, 0, python.stderr);
  const priority = python.stdout.trim().split(" ");
  const files = readdirSync(join(root, "notebooks")).filter((file) => file.endsWith(".ipynb"));
  for (const { outputs = [] } of files.flatMap((file) => readNotebook(join(root, "notebooks", file)).cells))
    for (const { data } of outputs)
      if (joined(data?.["text/html"]).startsWith("<figure"))
        assert.equal(
          priority.find((type) => type in (data ?? {})),
          "image/png",
          "npm run save",
        );
});
