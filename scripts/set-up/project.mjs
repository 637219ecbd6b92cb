// Where the project stands, and how its scripts call other programs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const isWindows = process.platform === "win32";

const { node } = process.versions;
if (Number.parseInt(node, 10) < 20) {
  console.error(`The lesson needs Node 20 or newer, and this is Node ${node}, ${process.execPath}.`);
  process.exit(1);
}

/** A failure that the user can mend: printed as it stands, without a stack. */
export class SetUpError extends Error {}

/** Absolute path of a file, from the project's root. @param {...string} parts */
export const path = (...parts) => resolve(root, ...parts);

/**
 * Runs a program to its end with our standard output and error.
 * @param {string} command @param {readonly string[]} args @param {import("node:child_process").SpawnSyncOptions} [options]
 * @returns {number} the exit code
 */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) throw new SetUpError(`${command} could not be started: ${error.message}`);
  return status ?? 1;
}

/**
 * Runs a program and returns what it printed, or undefined where it failed.
 * @param {string} command @param {readonly string[]} args @param {import("node:child_process").SpawnSyncOptions} [options]
 */
export function capture(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
    ...options,
    encoding: "utf8",
  });
  return status === 0 ? String(stdout).trim() : undefined;
}

/** A digest of files and of whole folders (names and contents). @param {readonly string[]} places absolute paths @param {string} [salt] */
export function digest(places, salt = "") {
  const hash = createHash("sha256").update(salt);
  /** @param {string} place */
  const add = (place) => {
    hash.update(place.slice(root.length));
    hash.update(readFileSync(place));
  };
  for (const place of places) {
    if (!existsSync(place)) continue;
    for (const file of filesAt(place)) add(file);
  }
  return hash.digest("hex");
}

/** A file itself, or the files below a folder in a fixed order. @param {string} place */
function filesAt(place) {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * Does `work` unless the stamp file says that it was done for this key. The stamp is written last, so work that
 * was cut short is done again.
 * @param {string} stamp @param {string} key @param {() => void} work
 */
export function onceFor(stamp, key, work) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}

/** What keeps everybody from writing here: a checkout that may only be read. */
const readOnly = ["EROFS", "EACCES", "EPERM"];

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code ?? "";

/** Whether something can be written into a folder, which is made where it is missing. @param {string} folder */
export function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (readOnly.includes(codeOf(error))) return false;
    throw error;
  }
}

/**
 * Does `work` while no other command of this project sets up; waits for one that does. Where nothing can be written, nobody
 * sets up: what is there has to do.
 * @template T @param {() => T} work @returns {T}
 */
export function alone(work) {
  const lock = path("build", "set-up.lock");
  if (!isWritable(dirname(lock))) return work();
  for (let waited = false; !taken(lock); waited = true) {
    if (!waited) console.log("Waiting for another command that sets up the project …");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes the lock file, unless a living process holds it. @param {string} lock */
function taken(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (!isAlive(lock)) rmSync(lock, { force: true });
    return false;
  }
}

/** Whether the process named in a lock file lives. @param {string} lock */
function isAlive(lock) {
  try {
    const holder = Number(readFileSync(lock, "utf8"));
    // A holder that has not yet written its number is alive; so is one that we may not signal.
    return holder === 0 || process.kill(holder, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** What the disk refuses, and what to do about it. @type {Readonly<Record<string, string>>} */
const refusals = {
  ENOSPC: "The disk is full: make room, and run the command again.",
  EDQUOT: "Your share of the disk is full: make room, and run the command again.",
  ...Object.fromEntries(
    readOnly.map((code) => [code, "This may not be written: npm run lesson takes another folder by --output."]),
  ),
};

/** Runs a script's main function; a SetUpError, and what the disk refuses, is printed without its stack. @param {() => number | Promise<number>} main */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    const refusal = refusals[codeOf(error)];
    if (!(error instanceof SetUpError || refusal)) throw error;
    console.error(`\n${/** @type {Error} */ (error).message}${refusal ? `\n${refusal}` : ""}`);
    process.exitCode = 1;
  }
}
