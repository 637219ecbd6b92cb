// npm run lesson [-- NAME …]: runs the notebooks through `jupyter nbconvert --execute`, all or those named (a name, its
// number, or the path of any .ipynb), into build/notebooks/, and makes their pages in build/html/. With --output DIR,
// into DIR/notebooks/ and DIR/html/. With --kernel NAME, on another kernel: tslab-stock is tslab as its authors made it.
// With -p NAME VALUE, as often as wanted, a name that the notebook declares has another value, given as JSON.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { joined, readNotebook, withJoinedStreams, writeNotebook } from "../packages/book/notebook.mjs";
import { ParameterError, parameterValue, withParameters } from "../packages/book/parameters.mjs";
import { setUp } from "./set-up/index.mjs";
import { path, root, run, runMain, SetUpError } from "./set-up/project.mjs";

/** @typedef {import("./set-up/jupyter.mjs").Jupyter} Jupyter */
/** @typedef {import("../packages/book/notebook.mjs").Notebook} Notebook */
/** @typedef {{ cell: number, stderr: string, ename?: string, evalue?: string, traceback?: string[] }} CellError */

const usage = "Usage: npm run lesson -- [--output DIR] [--kernel NAME] [-p PARAMETER VALUE]… [NAME …]";
const { values, positionals, parameters } = readArguments();
const executedFolder = path(values.output, "notebooks");
const pagesFolder = path(values.output, "html");

function readArguments() {
  const args = process.argv.slice(2);
  try {
    /** @type {Record<string, unknown>} */
    const parameters = {};
    for (let at = args.indexOf("-p"); at >= 0; at = args.indexOf("-p")) {
      const [, name, text] = args.splice(at, 3);
      if (name === undefined || text === undefined) throw new ParameterError("-p takes a name and a value.");
      parameters[name] = parameterValue(name, text);
    }
    const options = /** @type {const} */ ({
      output: { type: "string", default: "build" },
      kernel: { type: "string", default: "tslab" },
    });
    return { ...parseArgs({ args, allowPositionals: true, options }), parameters };
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n${usage}`);
    process.exit(1);
  }
}

/** Runs what the command line names; returns the exit code. */
async function main() {
  const notebooks = positionals.length > 0 ? positionals.map(findNotebook) : lessonNotebooks();
  notebooks.forEach(readSource); // what is wrong with a parameter is told before anything is made
  const jupyter = setUp();
  mkdirSync(executedFolder, { recursive: true });
  if (!(await executeAll(jupyter, notebooks))) return 1;
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

/** Runs notebooks, two at a time where there are processors; after a failure none is begun. @param {Jupyter} jupyter @param {readonly string[]} notebooks @returns {Promise<boolean>} whether all passed */
async function executeAll(jupyter, notebooks) {
  const progress = new Progress();
  const left = [...notebooks];
  let passed = true;
  const work = async () => {
    for (let notebook = left.shift(); notebook !== undefined && passed; notebook = left.shift())
      if (!(await execute(jupyter, notebook, progress))) passed = false;
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  return passed;
}

/** A notebook with the parameters of the command line. @param {string} file */
function readSource(file) {
  try {
    return withParameters(readNotebook(file), parameters);
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new SetUpError(`${basename(file)}: ${error.message}`);
  }
}

/**
 * Runs one notebook, showing the cells as they are done. A failure is told with its cell and message.
 * @param {Jupyter} jupyter @param {string} notebook @param {Progress} progress @returns {Promise<boolean>} whether it passed
 */
async function execute(jupyter, notebook, progress) {
  const output = join(executedFolder, basename(notebook));
  // Into a folder of its own first: two runs may go on at once, and a failed one leaves no half.
  const fresh = mkdtempSync(join(executedFolder, ".new-"));
  const source = readSource(notebook);
  const line = progress.begin(basename(notebook, ".ipynb"), codeCells(source));
  const config = `--config=${path("scripts", "report_cells.py")}`;
  const kernel = `--ExecutePreprocessor.kernel_name=${values.kernel}`;
  const args = ["nbconvert", "--to", "notebook", "--execute", "--log-level=WARN", kernel, config];
  const files = ["--stdin", "--output-dir", fresh, "--output", basename(notebook, ".ipynb")];
  const child = spawn(jupyter.command, [...jupyter.args, ...args, ...files], {
    cwd: dirname(notebook),
    env: jupyter.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {}); // a Jupyter that ends before it has read says why itself
  child.stdin.end(JSON.stringify(source));
  /** @type {CellError | undefined} */
  let failure;
  let current = -1;
  createInterface(child.stdout).on("line", (text) => {
    if (!text.startsWith('{"event":')) return console.log(text); // what a program that a cell has started prints
    const { event, ...report } = JSON.parse(text);
    if (event === "start") current = report.cell;
    if (event === "done") line.cellDone();
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
  line.end(code === 0 && !late);
  if (complaints.includes("[Errno 28]"))
    throw Object.assign(new Error(`${basename(notebook)} was run, but not kept.`), { code: "ENOSPC" });
  if (late) {
    console.error(`\n${basename(notebook)} failed:\n${complaints}`);
    return false;
  }
  if (code === 0) {
    process.stderr.write(complaints);
    return true;
  }
  console.error(`\n${basename(notebook)} failed${failureText(source, failure, current) ?? `:\n${complaints}`}`);
  return false;
}

/** Where and why a cell failed. @param {Notebook} notebook @param {CellError | undefined} failure @param {number} current */
function failureText({ cells }, failure, current) {
  if (failure === undefined || failure.cell !== current) return undefined;
  const source = joined(cells[failure.cell]?.source).trimEnd().replaceAll(/^/gm, "    ");
  // A stock tslab names no error in its reply: it only writes to stderr.
  const message = failure.ename
    ? `${failure.ename}: ${failure.evalue}`
    : failure.stderr.split("\n").find((line) => /^\w*(Error|Exception): /.test(line));
  const trace = failure.traceback?.length ? failure.traceback.join("\n") : failure.stderr;
  return ` in cell ${failure.cell + 1} of ${cells.length}: ${message ?? "the kernel named no error"}\n${source}\n\n${trace}\n`;
}

/** The number of code cells that will be executed. @param {Notebook} notebook */
const codeCells = ({ cells }) =>
  cells.filter((cell) => cell.cell_type === "code" && joined(cell.source).trim() !== "").length;

/** A line for each notebook that has ended, with its cells and seconds; on a terminal, below them, how far the others are. */
class Progress {
  /** @type {Set<{ name: string, total: number, done: number }>} */
  #running = new Set();

  /** @param {string} name @param {number} total */
  begin(name, total) {
    const start = performance.now();
    const one = { name, total, done: 0 };
    this.#running.add(one);
    this.#show();
    return {
      cellDone: () => {
        one.done++;
        this.#show();
      },
      end: (/** @type {boolean} */ passed) => {
        this.#running.delete(one);
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        const cells = `${name.padEnd(24)} ${one.done}/${total} cells  ${seconds} s`;
        process.stdout.write(`${emptied}${cells}${passed ? "" : "  FAILED"}\n`);
        this.#show();
      },
    };
  }

  #show() {
    if (!process.stdout.isTTY || this.#running.size === 0) return;
    const running = [...this.#running].map(({ name, total, done }) => `${name} ${done}/${total}`).join("   ");
    process.stdout.write(`${emptied}${running.slice(0, process.stdout.columns - 1)}`);
  }
}

/** On a terminal, the beginning of an emptied line. */
const emptied = process.stdout.isTTY ? "\r\x1b[K" : "";

await runMain(main);
