// npm run lesson [-- NAME …]: runs the notebooks through `jupyter nbconvert --execute`, all or those named (a name, its
// number, or the path of any .ipynb), into build/notebooks/, and makes their pages in build/html/. With --output DIR,
// into DIR/notebooks/ and DIR/html/. With --kernel NAME, on another kernel: tslab-stock is tslab as its authors made it.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { joined, readNotebook, withJoinedStreams, writeNotebook } from "../packages/book/notebook.mjs";
import { setUp } from "./set-up/index.mjs";
import { path, root, run, runMain, SetUpError } from "./set-up/project.mjs";

/** @typedef {import("./set-up/jupyter.mjs").Jupyter} Jupyter */
/** @typedef {{ cell: number, stderr: string, ename?: string, evalue?: string, traceback?: string[] }} CellError */

const { values, positionals } = readArguments();
const executedFolder = path(values.output, "notebooks");
const pagesFolder = path(values.output, "html");

/** @returns {{ values: { output: string, kernel: string }, positionals: string[] }} */
function readArguments() {
  try {
    const options = /** @type {const} */ ({
      output: { type: "string", default: "build" },
      kernel: { type: "string", default: "tslab" },
    });
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    console.error(
      `${/** @type {Error} */ (error).message}\nUsage: npm run lesson -- [--output DIR] [--kernel NAME] [NAME …]`,
    );
    process.exit(1);
  }
}

/** Runs what the command line names; returns the exit code. */
async function main() {
  const notebooks = positionals.length > 0 ? positionals.map(findNotebook) : lessonNotebooks();
  const jupyter = setUp();
  mkdirSync(executedFolder, { recursive: true });
  for (const notebook of notebooks) {
    if (!(await execute(jupyter, notebook))) return 1;
  }
  // Appendices have text only: there is nothing to run.
  const executed = [...notebooks.map((notebook) => join(executedFolder, basename(notebook))), ...appendices()];
  // Imported late: a fresh clone has its packages only now.
  const { makePages } = await import("../packages/book/pages.mjs");
  const convert = (/** @type {readonly string[]} */ files) => {
    const args = ["nbconvert", "--to", "html", "--template", "basic", "--log-level=ERROR", ...files];
    if (run(jupyter.command, [...jupyter.args, ...args], { env: jupyter.env }) !== 0)
      throw new SetUpError("nbconvert could not make the pages: see its message above.");
  };
  makePages(convert, executed, lessonNotebooks(), pagesFolder);
  console.log(
    `\nExecuted notebooks: ${relative(root, executedFolder)}/   Pages: ${relative(root, pagesFolder)}/index.html`,
  );
  return 0;
}

/** The notebooks of the lesson, in order: their names begin with their numbers. */
const lessonNotebooks = () => notebooksNamed(/^\d.*\.ipynb$/);

const appendices = () => notebooksNamed(/^appendix-.*\.ipynb$/);

/** @param {RegExp} pattern */
const notebooksNamed = (pattern) =>
  readdirSync(path("notebooks"))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => path("notebooks", name));

/** @param {string} name */
function findNotebook(name) {
  const file = resolve(process.env["INIT_CWD"] ?? ".", name);
  if (name.endsWith(".ipynb") && existsSync(file)) return file;
  const all = lessonNotebooks();
  const wanted = basename(name, ".ipynb");
  const found = all.filter((notebook) => {
    const own = basename(notebook, ".ipynb");
    return own === wanted || own.split("-")[0] === wanted.padStart(2, "0");
  });
  if (found[0] !== undefined) return found[0];
  const names = all.map((notebook) => `  ${basename(notebook, ".ipynb")}`).join("\n");
  throw new SetUpError(`There is no notebook "${name}". The lesson has:\n${names}`);
}

/**
 * Runs one notebook, showing the cells as they are done. A failure is told with its cell and message.
 * @param {Jupyter} jupyter @param {string} notebook @returns {Promise<boolean>} whether it passed
 */
async function execute(jupyter, notebook) {
  const name = basename(notebook, ".ipynb");
  const output = join(executedFolder, basename(notebook));
  // Into a folder of its own first: two runs may go on at once, and a failed one leaves no half.
  const fresh = mkdtempSync(join(executedFolder, ".new-"));
  const progress = new Progress(name, codeCells(notebook));
  const config = `--config=${path("scripts", "report_cells.py")}`;
  const kernel = `--ExecutePreprocessor.kernel_name=${values.kernel}`;
  const args = ["nbconvert", "--to", "notebook", "--execute", "--log-level=WARN", kernel, config];
  const child = spawn(jupyter.command, [...jupyter.args, ...args, "--output-dir", fresh, notebook], {
    cwd: dirname(notebook),
    env: jupyter.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  /** @type {CellError | undefined} */
  let failure;
  let current = -1;
  createInterface(child.stdout).on("line", (line) => {
    if (!line.startsWith('{"event":')) return console.log(line); // what a program that a cell has started prints
    const { event, ...report } = JSON.parse(line);
    if (event === "start") current = report.cell;
    if (event === "done") progress.cellDone();
    if (event === "error") failure = report;
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaints += text;
  });
  const code = await new Promise((done) => child.on("close", done).on("error", () => done(1)));
  const made = join(fresh, basename(notebook));
  if (code === 0) {
    writeNotebook(made, withJoinedStreams(readNotebook(made)));
    renameSync(made, output);
  } else rmSync(output, { force: true });
  rmSync(fresh, { recursive: true, force: true });
  // The kernel's word on an error that came when its cell had replied already.
  const late = complaints.includes("Not caught, after ");
  progress.end(code === 0 && !late);
  if (late) {
    console.error(`\n${basename(notebook)} failed:\n${complaints}`);
    return false;
  }
  if (code === 0) {
    process.stderr.write(complaints);
    return true;
  }
  console.error(`\n${basename(notebook)} failed${failureText(notebook, failure, current) ?? `:\n${complaints}`}`);
  return false;
}

/** Where and why a cell failed. @param {string} notebook @param {CellError | undefined} failure @param {number} current */
function failureText(notebook, failure, current) {
  if (failure === undefined || failure.cell !== current) return undefined;
  const { cells } = readNotebook(notebook);
  const source = joined(cells[failure.cell]?.source).trimEnd().replaceAll(/^/gm, "    ");
  // A stock tslab names no error in its reply: it only writes to stderr.
  const message = failure.ename
    ? `${failure.ename}: ${failure.evalue}`
    : failure.stderr.split("\n").find((line) => /^\w*(Error|Exception): /.test(line));
  const trace = failure.traceback?.length ? failure.traceback.join("\n") : failure.stderr;
  return ` in cell ${failure.cell + 1} of ${cells.length}: ${message ?? "the kernel named no error"}\n${source}\n\n${trace}\n`;
}

/** The number of code cells that will be executed. @param {string} notebook */
const codeCells = (notebook) =>
  readNotebook(notebook).cells.filter((cell) => cell.cell_type === "code" && joined(cell.source).trim() !== "").length;

/** One line a notebook: its name, the cells done and the seconds; rewritten in place on a terminal. */
class Progress {
  #done = 0;
  #start = performance.now();

  /** @param {string} name @param {number} total */
  constructor(name, total) {
    this.name = name;
    this.total = total;
    if (process.stdout.isTTY) this.#show();
  }

  cellDone() {
    this.#done++;
    if (process.stdout.isTTY) this.#show();
  }

  /** @param {boolean} passed */
  end(passed) {
    this.#show();
    process.stdout.write(passed ? "\n" : "  FAILED\n");
  }

  #show() {
    const seconds = ((performance.now() - this.#start) / 1000).toFixed(1);
    const start = process.stdout.isTTY ? "\r" : "";
    process.stdout.write(`${start}${this.name.padEnd(24)} ${this.#done}/${this.total} cells  ${seconds} s`);
  }
}

await runMain(main);
