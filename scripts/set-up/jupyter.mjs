// The Python side: an environment of the project's own with JupyterLab and nbconvert, and the kernel registered in it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { capture, isWritable, path, SetUpError } from "./project.mjs";
import { ensureEnvironment, findPython, pythonOf } from "./python.mjs";

/**
 * A way to call Jupyter: `run(command, [...args, "nbconvert", …], { env })`.
 * @typedef {{ command: string, args: readonly string[], env: NodeJS.ProcessEnv, python: string | undefined }} Jupyter
 */

const environment = path(".venv");
const environmentPython = pythonOf(environment);
/** What the fresh environment held, so that a package that is lost later is noticed. */
const contents = join(environment, ".contents");

/** Makes or mends the environment, registers the kernel and says how to call Jupyter. @returns {Jupyter} */
export function prepareJupyter() {
  const problem = ensureJupyter();
  if (problem === undefined) {
    registerKernels(join(environment, "share", "jupyter"));
    installTranslator(JSON.parse(readFileSync(contents, "utf8")).folder);
    return { command: environmentPython, args: ["-m", "jupyter"], env: jupyterVariables(), python: environmentPython };
  }
  const onPath = jupyterOnPath();
  if (onPath === undefined) throw new SetUpError(helpText(problem));
  console.warn(`No Python environment of the project's own (${problem}); using ${onPath}.`);
  // A Jupyter that is not ours gets the kernel through JUPYTER_PATH: nothing is written into it.
  const data = path("build", "jupyter", "share");
  registerKernels(data);
  const env = jupyterVariables();
  env["JUPYTER_PATH"] = [data, process.env["JUPYTER_PATH"]].filter(Boolean).join(delimiter);
  return { command: onPath, args: [], env, python: undefined };
}

/** Returns undefined when .venv is whole, else why there is none. @returns {string | undefined} */
function ensureJupyter() {
  const python = findPython();
  if (python === undefined) return "no Python 3.10 or newer was found";
  const stamp = join(environment, ".installed-from");
  if (existsSync(stamp) && !environmentWorks()) {
    console.warn("The Python environment .venv is broken: making it anew.");
    rmSync(stamp, { force: true });
  }
  try {
    ensureEnvironment(
      environment,
      path("requirements.txt"),
      python,
      "Making the Python environment .venv (a minute or two, once)",
      furnish,
    );
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    return error.message;
  }
  return undefined;
}

/** What the fresh environment needs beside its packages. */
function furnish() {
  const folder = capture(environmentPython, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]) ?? "";
  writeFileSync(contents, JSON.stringify({ folder, names: readdirSync(folder) }));
  // JupyterLab runs scripts of its own with Node, which our package.json would declare to be ES modules.
  writeFileSync(join(environment, "package.json"), '{ "type": "commonjs" }\n');
}

/**
 * Lets papermill, where somebody installs it there, give parameters to TypeScript notebooks: what pip would make of
 * packages/kernel/papermill, without what it would load for that. @param {string} folder where Python's packages are
 */
function installTranslator(folder) {
  const source = path("packages", "kernel", "papermill");
  const manifest = readFileSync(join(source, "pyproject.toml"), "utf8");
  const about = (/** @type {string} */ key) => new RegExp(`^${key} = "(.*)"$`, "m").exec(manifest)?.[1];
  const info = `em_kernel_papermill-${about("version")}.dist-info`;
  const files = {
    "em_kernel_papermill.py": readFileSync(join(source, "em_kernel_papermill.py"), "utf8"),
    [join(info, "METADATA")]: `Metadata-Version: 2.1\nName: ${about("name")}\nVersion: ${about("version")}\n`,
    [join(info, "entry_points.txt")]: `[papermill.engine]\nem-kernel = ${about("em-kernel")}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Whether its Python runs and every package that was installed is still there; the test takes some 20 ms. */
function environmentWorks() {
  if (!existsSync(contents) || capture(environmentPython, ["-c", ""]) === undefined) return false;
  const { folder, names } = JSON.parse(readFileSync(contents, "utf8"));
  return names.every((/** @type {string} */ name) => existsSync(join(folder, name)));
}

/** A `jupyter` on the PATH whose nbconvert can run the lesson. */
function jupyterOnPath() {
  const [major = 0, minor = 0] = (capture("jupyter", ["nbconvert", "--version"]) ?? "").split(".").map(Number);
  return major > 6 || (major === 6 && minor >= 5) ? "jupyter" : undefined;
}

/** What the kernel knows of its registration; there only when it is built. */
const ofKernel = () =>
  /** @type {typeof import("../../packages/kernel/src/kernelspec.js")} */ (
    createRequire(import.meta.url)(path("packages", "kernel", "dist", "cjs", "kernelspec.js"))
  );

/** How Jupyter starts the kernel. @param {string} [node] */
export const kernelSpec = (node) => ofKernel().kernelSpec("TypeScript", node);

/** How Jupyter starts a stock tslab, for who wants to compare. @param {string} [node] */
export function stockKernelSpec(node = process.execPath) {
  return {
    argv: [node, path("node_modules", "tslab", "bin", "tslab"), "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript (stock tslab)",
    language: "typescript",
  };
}

/** Registers both kernels. @param {string} dataFolder */
function registerKernels(dataFolder) {
  registerKernel(dataFolder, "tslab", kernelSpec());
  registerKernel(dataFolder, "tslab-stock", stockKernelSpec());
}

/** Writes a kernelspec below a Jupyter data folder. @param {string} dataFolder @param {string} name @param {import("../../packages/kernel/src/kernelspec.js").KernelSpec} spec */
export const registerKernel = (dataFolder, name, spec) => ofKernel().writeSpec(dataFolder, name, spec);

/** Keeps Jupyter's settings, trust data base and run-time files inside the project, where they can be written. @returns {NodeJS.ProcessEnv} */
function jupyterVariables() {
  const inside = path("build", "jupyter");
  const home = isWritable(inside) ? inside : join(tmpdir(), `em-lesson-${userInfo().uid}`);
  // No questions about news and no look-ups of updates in the middle of a lesson; a reader may change that.
  const settings = join(home, "lab", "settings", "@jupyterlab", "apputils-extension");
  const notification = join(settings, "notification.jupyterlab-settings");
  mkdirSync(settings, { recursive: true });
  if (!existsSync(notification)) writeFileSync(notification, '{ "fetchNews": "false", "checkForUpdates": false }\n');
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(home, "lab", "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(home, "lab", "workspaces"),
    IPYTHONDIR: join(home, "ipython"),
    JUPYTER_PLATFORM_DIRS: "1",
  };
}

/** @param {string} problem */
function helpText(problem) {
  return `The lesson needs Jupyter, and there is no way to it here: ${problem}, and no \`jupyter\` with nbconvert 6.5 or newer is on the PATH.
Either make Python 3.10 or newer with its venv module available and run the command again:
  Debian, Ubuntu   sudo apt-get install python3 python3-venv
  macOS            brew install python
  Windows          winget install Python.Python.3.12
or, where no package index can be reached, install Jupyter itself:
  Debian, Ubuntu   sudo apt-get install jupyter-nbconvert jupyter-client
  macOS            brew install jupyterlab
  Windows          py -m pip install jupyterlab`;
}
