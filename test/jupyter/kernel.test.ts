// The kernel in Jupyter: jupyter_kernel_test, what goes beyond it, random sequences, and a notebook for each fault of
// stock tslab, run by nbconvert on our kernel and on stock tslab. KERNEL_NODE=<path> tries another Node.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { kernelSpec, prepareJupyter, registerKernel, stockKernelSpec } from "../../scripts/set-up/jupyter.mjs";
import { type Cell, joined, readCells, readMetadata } from "../notebook.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = join(root, "build/kernel-test");
const node = process.env["KERNEL_NODE"] ?? process.execPath;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const jupyter = prepareJupyter();
registerKernel(join(folder, "share"), "ours", kernelSpec(node));
registerKernel(join(folder, "share"), "stock", stockKernelSpec(node));
const env = {
  ...jupyter.env,
  JUPYTER_PATH: [join(folder, "share"), jupyter.env["JUPYTER_PATH"]].filter(Boolean).join(delimiter),
  KERNEL_NAME: "ours",
  KERNEL_TEST_FOLDER: folder,
};

/** Exit code and all output, without colours, of a program, which runs in the project's folder. */
function run(command: string, args: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
  return new Promise((done) => child.on("close", (code) => done({ code, text: stripVTControlCharacters(text) })));
}

async function passes(program: string): Promise<void> {
  const { code, text } = await run(jupyter.python ?? "python3", [join(root, "test/jupyter", program)]);
  assert.equal(code, 0, text);
}

interface Executed {
  /** The code cells. */
  readonly cells: readonly Cell[];
  readonly language: { readonly codemirror_mode?: unknown };
}

/** Runs faults' notebooks by nbconvert; what it made of each is read by `executed`. */
function nbconvert(kernel: "ours" | "stock", names: readonly string[], ...options: readonly string[]) {
  const inputs = names.map((name) => join(root, "test/fixtures/notebooks", `${name}.ipynb`));
  const choice = `--ExecutePreprocessor.kernel_name=${kernel}`;
  const output = ["--to", "notebook", "--output-dir", join(folder, kernel)];
  return run(jupyter.command, [...jupyter.args, "nbconvert", "--execute", choice, ...output, ...options, ...inputs]);
}

function executed(kernel: "ours" | "stock", name: string): Executed {
  const file = join(folder, kernel, `${name}.ipynb`);
  const cells = readCells(file).filter((cell) => cell.cell_type === "code");
  return { cells, language: readMetadata(file).language_info };
}

/** What the cells printed to stdout: stock tslab prints its errors to stderr. */
const stdout = ({ cells }: Executed): string =>
  cells
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => (output.name === "stdout" ? joined(output.text) : ""))
    .join("");

const errors = ({ cells }: Executed) =>
  cells.flatMap((cell) => (cell.outputs ?? []).filter((output) => output.output_type === "error"));

const compared = [
  "1-every-kind-of-error",
  "2-cells-after-an-error",
  "3-many-lines",
  "6-rich-last-expression",
  "7-language",
  "8-names-of-a-failed-cell",
  "functions-of-em-kernel",
];
const unnoticed = ["4-rejection-that-nobody-awaits", "4-throw-in-a-timer"];

// Two at a time: CI has two cores.
describe("the kernel", { concurrency: 2 }, () => {
  test("passes jupyter_kernel_test", () => passes("kernel_suite.py"));
  test("does what goes beyond jupyter_kernel_test", () => passes("kernel_behaviour.py"));
  test("is made neither to hang nor to fall by any cell, asks, and keeps to the protocol", () =>
    passes("kernel_guards.py"));
  test("keeps its state in random sequences of cells", () => passes("kernel_fuzz.py"));

  test("fault 1: nbconvert names a failed cell's error, message and lines", async () => {
    const { code, text } = await nbconvert("ours", ["1-errors-are-shown"]);
    assert.notEqual(code, 0);
    for (const told of ["RangeError: zero has no inverse", "In[1], line 2", "at In[1]:6:1"])
      assert.ok(text.includes(told), text);
  });

  for (const name of unnoticed)
    test(`fault 4: ${name} fails the notebook`, async () => {
      const { code, text } = await nbconvert("ours", [name]);
      assert.notEqual(code, 0);
      assert.match(text, name.includes("timer") ? /Error: in a timer/ : /Error: no convergence/);
    });

  // Not on stock tslab: its process would be left behind, at full speed.
  test("fault 5: nbconvert's cell timeout ends a loop after an await", async () => {
    const name = "5-loop-after-await";
    const limits = ["--ExecutePreprocessor.timeout=2", "--ExecutePreprocessor.interrupt_on_timeout=True"];
    const { code, text } = await nbconvert("ours", [name], ...limits, "--allow-errors");
    assert.equal(code, 0, text);
    assert.equal(errors(executed("ours", name))[0]?.ename, "InterruptedError");
    assert.equal(stdout(executed("ours", name)), "steps 7\n");
  });

  describe("beside stock tslab", () => {
    before(async () => {
      const runs = [
        await nbconvert("ours", compared, "--allow-errors"),
        await nbconvert("stock", [...compared, ...unnoticed], "--allow-errors"),
      ];
      for (const { code, text } of runs) assert.equal(code, 0, text);
    });

    test("fault 1: every kind of error has name, message and trace", () => {
      const ours = executed("ours", "1-every-kind-of-error");
      assert.deepEqual(
        errors(ours).map(({ ename, evalue }) => `${ename}: ${evalue}`),
        [
          "TypeCheckError: Type 'string' is not assignable to type 'number'. (In[1]:1:7)",
          "SyntaxError: Variable declaration expected. (In[2]:1:7)",
          "Thrown: { weight: -1 }",
          "Thrown: undefined",
          "Error: awaited",
          "Error: outer",
        ],
      );
      const traces = errors(ours).map(({ traceback = [] }) => stripVTControlCharacters(traceback.join("\n")));
      assert.match(traces[0] ?? "", /1 \| const half: number = "0\.5";\n {2}\| {7}~~~~/);
      assert.match(traces[5] ?? "", /\[cause\]: TypeError: inner/);
      assert.deepEqual(errors(executed("stock", "1-every-kind-of-error")), []);
    });

    test("fault 2: cells after an expected error run", () => {
      assert.equal(stdout(executed("ours", "2-cells-after-an-error")), "went on\n");
      assert.equal(stdout(executed("stock", "2-cells-after-an-error")), "");
    });

    test("fault 3: twenty thousand lines arrive", () => {
      const lines = Array.from({ length: 20000 }, (_, line) => `${line}\n`).join("");
      assert.equal(stdout(executed("ours", "3-many-lines")), `${lines}after it\n`);
      assert.ok(stdout(executed("stock", "3-many-lines")).length < lines.length);
    });

    for (const name of unnoticed)
      test(`fault 4: stock tslab does not notice ${name}`, () => {
        assert.deepEqual(errors(executed("stock", name)), []);
      });

    test("fault 6: a last expression shows its MIME bundle", () => {
      const [ours] = executed("ours", "6-rich-last-expression").cells[0]?.outputs ?? [];
      assert.equal(ours?.output_type, "execute_result");
      assert.deepEqual(ours.data, { "text/html": ["<b>bold</b>"], "text/plain": ["bold"] });
      const [stock] = executed("stock", "6-rich-last-expression").cells[0]?.outputs ?? [];
      assert.equal(stock?.output_type, "stream");
    });

    test("fault 7: the kernel names its language so that JupyterLab highlights TypeScript", () => {
      assert.equal(executed("ours", "7-language").language.codemirror_mode, "typescript");
      assert.equal(typeof executed("stock", "7-language").language.codemirror_mode, "object");
    });

    test("em-kernel's functions work on both, as far as stock tslab can", () => {
      const [ours, stock] = [executed("ours", "functions-of-em-kernel"), executed("stock", "functions-of-em-kernel")];
      const shown = ({ cells }: Executed) => cells.map((cell) => (cell.outputs ?? []).map(({ data }) => data));
      assert.deepEqual(shown(ours).slice(0, 2), [
        [{ "text/plain": ["steps: 1000 of 1000"] }],
        [{ "text/html": ["<b>second</b>"], "text/plain": ["second"] }],
      ]);
      assert.equal(stdout(ours), "kept 499500\n");
      // There a display has one MIME type, and nothing clears it.
      assert.deepEqual(shown(stock).slice(0, 2), [
        [{ "text/plain": ["steps: 1000 of 1000"] }],
        [{ "text/html": ["<b>second</b>"] }],
      ]);
      assert.equal(stdout(stock), "cleared\nkept 499500\n");
    });

    test("fault 8: a failed cell's names stay, and top-level for await works", () => {
      assert.equal(stdout(executed("ours", "8-names-of-a-failed-cell")), "0.25 2 from before\nitem 1\nitem 2\n");
      assert.equal(stdout(executed("stock", "8-names-of-a-failed-cell")), "");
    });
  });
});
