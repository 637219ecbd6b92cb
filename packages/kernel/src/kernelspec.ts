// How Jupyter comes to know a kernel: a folder with a kernel.json, below one of its data folders.
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix, win32 } from "node:path";

/** What stands in a kernel.json. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** How Jupyter starts this kernel, with absolute paths. */
export const kernelSpec = (displayName: string, node = process.execPath, main = join(__dirname, "main.js")) => ({
  argv: [node, main, "{connection_file}"],
  display_name: displayName,
  language: "typescript",
  interrupt_mode: "message",
});

/** Where a Jupyter without settings of its own looks for a user's kernels. */
export function userDataFolder(
  env: NodeJS.ProcessEnv,
  home: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const given = env["JUPYTER_DATA_DIR"];
  if (given) return given;
  if (platform === "darwin") return posix.join(home, "Library", "Jupyter");
  if (platform === "win32") return win32.join(env["APPDATA"] || win32.join(home, "AppData", "Roaming"), "jupyter");
  return posix.join(env["XDG_DATA_HOME"] || posix.join(home, ".local", "share"), "jupyter");
}

/** The folder of a kernel. */
export const folderOf = (dataFolder: string, name: string): string => join(dataFolder, "kernels", name);

/** The spec of a registered kernel; undefined where there is none, or no readable one. */
export function readSpec(dataFolder: string, name: string): KernelSpec | undefined {
  try {
    return JSON.parse(readFileSync(join(folderOf(dataFolder, name), "kernel.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** Writes a spec, as a whole or not at all; one that stands there already as it should be is left alone. */
export function writeSpec(dataFolder: string, name: string, spec: KernelSpec): void {
  const file = join(folderOf(dataFolder, name), "kernel.json");
  const text = `${JSON.stringify(spec, undefined, 2)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  try {
    writeFileSync(fresh, text);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** Removes a kernel, and the folders above it that are left empty, up to the `share` that the data folder may stand in. */
export function removeSpec(dataFolder: string, name: string): void {
  rmSync(folderOf(dataFolder, name), { recursive: true, force: true });
  try {
    for (const folder of [join(dataFolder, "kernels"), dataFolder]) rmdirSync(folder);
    if (basename(dirname(dataFolder)) === "share") rmdirSync(dirname(dataFolder));
  } catch {
    // Not empty: it is not for us to remove.
  }
}
