// em-kernel as a registry would hand it out: packed, and laid into an empty folder with the packages that it names.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === "win32";

/** Packs em-kernel into a folder; returns the tarball. */
export function packKernel(folder: string): string {
  const args = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder];
  const output = execFileSync("npm", args, {
    cwd: join(root, "packages", "kernel"),
    encoding: "utf8",
    shell: isWindows,
  });
  return join(folder, output.trim().split(/\s+/).at(-1) ?? "");
}

/**
 * Installs the tarball into an empty folder, as npm does but without the network: packages that its package.json does
 * not name are not found there. Returns its command.
 */
export function installPacked(tarball: string, folder: string): string {
  const place = join(folder, "node_modules", "em-kernel");
  mkdirSync(place, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", place]);
  const { dependencies, bin } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link, "junction");
  }
  return join(place, bin["em-kernel"]);
}
