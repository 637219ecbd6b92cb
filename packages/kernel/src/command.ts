#!/usr/bin/env node
// em-kernel install, em-kernel uninstall: registers this kernel with a Jupyter that others have set up, and takes it out again.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { folderOf, kernelSpec, readSpec, removeSpec, userDataFolder, writeSpec } from "./kernelspec.js";

const usage = `em-kernel install      registers the TypeScript kernel with Jupyter
em-kernel uninstall    takes it out again
  --user         for yourself: in Jupyter's folder of your home (the default)
  --prefix DIR   in an environment, such as a virtual environment's or conda's folder
  --name NAME    what notebooks call it (em-tslab)`;

/** Something that the reader can mend: told without a stack. */
class CommandError extends Error {
  override name = "CommandError";
}

/** The oldest Jupyter that the kernel has been tried with: the version of jupyter_client. */
const oldestJupyter = 6;
const oldestNode = 20;

/** A `jupyter` program, the version of its jupyter_client, and where it looks for the user's kernels. */
interface Jupyter {
  readonly program: string;
  readonly version: string;
  readonly dataFolder: string;
}

interface Target {
  readonly name: string;
  readonly dataFolder: string;
  readonly jupyter: Jupyter | undefined;
}

function ask(program: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? stdout.trim() : undefined;
}

/** Undefined where there is no such program, or none that works. */
function askJupyter(program: string): Jupyter | undefined {
  const version = ask(program, "kernelspec", "--version");
  const dataFolder = version && ask(program, "--data-dir");
  return version && dataFolder ? { program, version, dataFolder } : undefined;
}

function readTarget(args: readonly string[]): Target & { readonly action: string } {
  const string = { type: "string" } as const;
  let parsed: ReturnType<typeof parse>;
  const parse = () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { user: { type: "boolean" }, prefix: string, name: { ...string, default: "em-tslab" } },
    });
  try {
    parsed = parse();
  } catch (error) {
    throw new CommandError(`${(error as Error).message}\n${usage}`);
  }
  const { user, prefix, name } = parsed.values;
  const [action = "", ...rest] = parsed.positionals;
  if (!["install", "uninstall"].includes(action) || rest.length > 0) throw new CommandError(usage);
  if (user && prefix !== undefined) throw new CommandError(`Give --user or --prefix, not both.\n${usage}`);
  if (!/^[\w.-]+$/.test(name))
    throw new CommandError(`A kernel's name has letters, digits, ".", "_" and "-" only, and is not "${name}".`);
  if (prefix === undefined) {
    const jupyter = askJupyter("jupyter");
    return { action, name, jupyter, dataFolder: jupyter?.dataFolder ?? userDataFolder(process.env, homedir()) };
  }
  const folder = resolve(process.env["INIT_CWD"] ?? ".", prefix);
  const program =
    process.platform === "win32" ? join(folder, "Scripts", "jupyter.exe") : join(folder, "bin", "jupyter");
  return { action, name, jupyter: askJupyter(program), dataFolder: join(folder, "share", "jupyter") };
}

/** Whether a kernel of this name is one of ours, which may be replaced and removed. */
function isOurs(dataFolder: string, name: string): boolean {
  return readSpec(dataFolder, name)?.metadata?.["installer"] === "em-kernel";
}

function install({ name, dataFolder, jupyter }: Target): void {
  const folder = folderOf(dataFolder, name);
  if (existsSync(folder) && !isOurs(dataFolder, name))
    throw new CommandError(`Another kernel is called ${name} (${folder}): give this one another name by --name.`);
  if (jupyter && Number.parseInt(jupyter.version, 10) < oldestJupyter)
    throw new CommandError(
      `This Jupyter is too old: ${jupyter.program} has jupyter_client ${jupyter.version}, and the kernel needs ${oldestJupyter} or newer.\nRenew it (pip install --upgrade jupyter_client), or name another environment by --prefix.`,
    );
  const spec = kernelSpec("TypeScript (em-kernel)", process.execPath, join(lastingPlace(folder), "main.js"));
  writeSpec(dataFolder, name, { ...spec, metadata: { installer: "em-kernel" } });
  console.log(`The kernel ${name} is installed in ${folder}
It runs ${spec.argv[1]}
by Node ${process.versions.node}, ${spec.argv[0]}
Jupyter shows it as "${spec.display_name}". The same command with "uninstall" takes it out again.`);
  const problem = jupyter ? whyNotSeen(jupyter, name, folder) : "No Jupyter was found to try it with.";
  if (problem !== undefined) console.warn(problem);
}

/**
 * The folder of this program. Where npx has fetched it, that is a cache, which npm empties as it likes: then a copy beside
 * the kernel.json, with the packages it needs.
 */
function lastingPlace(folder: string): string {
  const [cache, inside] = __dirname.split(`${sep}_npx${sep}`);
  if (inside === undefined) return __dirname;
  const [hash = "", ...rest] = inside.split(sep);
  cpSync(join(cache ?? "", "_npx", hash, "node_modules"), join(folder, "node_modules"), {
    recursive: true,
    force: true,
    // Commands of the packages, which are links, serve nothing here.
    filter: (file) => !file.endsWith(`${sep}.bin`),
  });
  return join(folder, ...rest);
}

/** Why Jupyter does not find the kernel under its name; undefined where it does. */
function whyNotSeen({ program }: Jupyter, name: string, folder: string): string | undefined {
  const list = ask(program, "kernelspec", "list", "--json");
  const seen = list && JSON.parse(list).kernelspecs?.[name]?.resource_dir;
  if (!seen)
    return `But ${program} does not look there: JUPYTER_PATH can name the folder, or --prefix the environment.`;
  return realpathSync(seen) === realpathSync(folder)
    ? undefined
    : `But ${program} takes another kernel of that name first: ${seen}`;
}

function uninstall({ name, dataFolder }: Target): void {
  const folder = folderOf(dataFolder, name);
  if (!existsSync(folder))
    throw new CommandError(
      `There is no kernel ${folder}. Where it was installed by --prefix or --name, give the same again; "jupyter kernelspec list" shows all.`,
    );
  if (!isOurs(dataFolder, name)) throw new CommandError(`${folder} was not installed by em-kernel: it stays.`);
  removeSpec(dataFolder, name);
  console.log(`The kernel ${name} is removed from ${dirname(folder)}`);
}

function main(): void {
  if (Number.parseInt(process.versions.node, 10) < oldestNode)
    throw new CommandError(
      `The kernel needs Node ${oldestNode} or newer, and this is ${process.version}, ${process.execPath}.`,
    );
  const { action, ...target } = readTarget(process.argv.slice(2));
  try {
    if (action === "install") install(target);
    else uninstall(target);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const place = folderOf(target.dataFolder, target.name);
    // Nothing half made, as on a full disk.
    if (action === "install" && existsSync(place) && !isOurs(target.dataFolder, target.name))
      removeSpec(target.dataFolder, target.name);
    throw new CommandError(`${place} cannot be written: ${message}\n--prefix names another place.`);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
