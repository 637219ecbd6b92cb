// Other data and another start from the command line: by the project's own command, and by papermill.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { setUp } from "../../scripts/set-up/index.mjs";
import { findCell, printed, readCells } from "../notebook.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const output = join(root, "build/test-parameters");

function lesson(...args: readonly string[]) {
  const script = [join(root, "scripts/lesson.mjs"), "--output", output, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, script, { cwd: root, encoding: "utf8" });
  return { status, text: stdout + stderr };
}

test("npm run lesson -- 02 -p runs notebook 2 to its end on other data from another start", () => {
  const raw = [1.2, 2.1, 3, 4.5, 5, 9.7, 11, 12.2, 13, 14.9];
  const start = { weights: [0.4, 0.6], means: [0.2, 0.8], deviations: [0.3, 0.3] };
  const { status, text } = lesson("02", "-p", "raw", JSON.stringify(raw), "-p", "start", JSON.stringify(start));
  assert.equal(status, 0, text);
  const cells = readCells(join(output, "notebooks", "02-gaussian-mixture.ipynb"));
  // The two groups' means, as far as they are apart.
  const [, low, high] = /means: \[ ([\d.]+), ([\d.]+) \]/.exec(printed(findCell(cells, "original-units"))) ?? [];
  assert.ok(Math.abs(Number(low) - 3.2) < 0.1 && Math.abs(Number(high) - 12.2) < 0.1, `${low}, ${high}`);
});

test("a parameter that the notebook has not, or that is no value, is told before anything runs", () => {
  const unknown = lesson("02", "-p", "observation", "1");
  assert.equal(unknown.status, 1);
  assert.match(unknown.text, /02-gaussian-mixture\.ipynb: No cell declares "observation".*raw, .*start/);
  assert.match(lesson("02", "-p", "raw", "[1,").text, /The value of "raw" is no JSON/);
  assert.match(lesson("02", "-p", "raw").text, /-p takes a name and a value/);
});

test("papermill finds how TypeScript is written", () => {
  const { python, env } = setUp();
  if (python === undefined) return;
  // papermill itself is not among the project's packages: in its place what the translator uses of it.
  const program = `
import json, sys, types
registered = {}
parts = {
    "papermill": {},
    "papermill.engines": {"NBClientEngine": object},
    "papermill.models": {"Parameter": dict},
    "papermill.translators": {
        "Translator": object,
        "papermill_translators": types.SimpleNamespace(register=registered.__setitem__),
    },
}
for name, content in parts.items():
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(content)
from importlib.metadata import entry_points
[entry] = entry_points(group="papermill.engine", name="em-kernel")
entry.load()
ts = registered["typescript"]
values = {"raw": [1, 2.5], "start": {"a": None}, "name": 'say "é"', "on": True, "far": float("inf")}
print(json.dumps([[ts.assign(name, ts.translate(value)) for name, value in values.items()], ts.comment("a\\nb"),
                  ts.inspect({"source": "const raw = [1];\\nlet rate: number = 2; // a year\\nraw.length"})]))`;
  const { status, stdout, stderr } = spawnSync(python, ["-c", program], { env, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), [
    [
      "let raw = [1, 2.5];",
      'let start = {"a": null};',
      'let name = "say \\"\\u00e9\\"";',
      "let on = true;",
      "let far = Infinity;",
    ],
    "// a\n// b",
    [
      { name: "raw", inferred_type_name: "None", default: "[1]", help: "" },
      { name: "rate", inferred_type_name: "number", default: "2", help: "a year" },
    ],
  ]);
});
