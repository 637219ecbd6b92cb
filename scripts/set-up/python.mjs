// Python environments, each in a folder of its own.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { capture, digest, isWindows, onceFor, root, run, SetUpError } from "./project.mjs";

/** The interpreter inside an environment. @param {string} environment absolute folder */
export const pythonOf = (environment) =>
  isWindows ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");

/** A Python of 3.10 or newer. @returns {{ command: string, version: string } | undefined} */
export function findPython() {
  const question = "import sys; print('%d.%d' % sys.version_info[:2] if sys.version_info >= (3, 10) else '')";
  for (const command of isWindows ? ["python", "py"] : ["python3", "python"]) {
    const version = capture(command, ["-c", question]);
    if (version) return { command, version };
  }
  return undefined;
}

/**
 * Makes an environment with the packages that a requirements file pins, where there is none or the pins changed.
 * @param {string} environment absolute folder @param {string} requirements absolute file
 * @param {{ command: string, version: string }} python @param {string} notice printed before work that takes a while
 * @param {() => void} furnish what else a fresh environment needs
 */
export function ensureEnvironment(environment, requirements, python, notice, furnish = () => {}) {
  // The folder is part of the key because a virtual environment cannot be moved.
  const key = digest([requirements], `${root} ${python.version}`);
  onceFor(join(environment, ".installed-from"), key, () => {
    console.log(notice);
    rmSync(environment, { recursive: true, force: true });
    if (!makeEnvironment(python.command, environment, requirements)) {
      if (existsSync(environment)) rmSync(environment, { recursive: true, force: true });
      throw new SetUpError("the environment could not be made: see the messages above");
    }
    furnish();
  });
}

/** @param {string} python @param {string} environment @param {string} requirements */
function makeEnvironment(python, environment, requirements) {
  const inside = pythonOf(environment);
  if (capture("uv", ["--version"]))
    return (
      run("uv", ["venv", "--python", python, environment, "--quiet", "--no-cache"]) === 0 &&
      run("uv", ["pip", "install", "--quiet", "--no-cache", "--python", inside, "-r", requirements]) === 0
    );
  const install = ["-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check"];
  return run(python, ["-m", "venv", environment]) === 0 && run(inside, [...install, "-r", requirements]) === 0;
}
