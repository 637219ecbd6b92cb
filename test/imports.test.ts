// Who may import whom: the rule of imports. They run one way, so that no circle can arise.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Our own packages that the sources of each room may import. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  notebooks: ["em-lesson", "em-mixtures", "em-figures", "em-kernel", "em-exercises"],
  examples: ["em-mixtures", "em-figures", "em-kernel"],
  "packages/exercises": ["em-lesson"],
  lib: [],
  "packages/mixtures": [],
  "packages/sql/src": ["em-mixtures"],
  "packages/sql/examples": ["em-mixtures", "em-sql"],
  "packages/kernel": [],
  "packages/figures": ["em-lesson", "em-mixtures", "em-kernel"],
  "packages/book": [],
  "packages/browser": ["em-lesson", "em-mixtures", "em-figures", "em-kernel", "em-exercises"],
};

const shown = (file: string) => relative(root, file).split(sep).join("/");

const sourceFiles = (room: string) =>
  readdirSync(join(root, room), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mts|mjs|js|ipynb)$/.test(name) && !/(^|[\\/])(dist|node_modules)[\\/]/.test(name))
    .map((name) => join(root, room, name));

/** What a source imports: packages by name, files by path. In a notebook the quotes are escaped. */
const importsOf = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\\?["']([^"'\\\s]+)\\?["']/g)].map(
    ([, name]) => (name.startsWith(".") ? resolve(dirname(file), name.replace(/\.js$/, ".ts")) : name),
  );

test("each room imports only what lies below it", () => {
  const faults: string[] = [];
  for (const [room, packages] of Object.entries(rooms)) {
    const files = sourceFiles(room);
    assert.ok(files.length > 0, room);
    for (const file of files)
      for (const name of importsOf(file)) {
        const ours = /^em-[a-z]+/.exec(name)?.[0];
        const outside = name.startsWith(root) && !name.startsWith(join(root, room) + sep);
        if (outside) faults.push(`${shown(file)} imports ${shown(name)}`);
        if (ours && !packages.includes(ours)) faults.push(`${shown(file)} imports ${ours}`);
      }
  }
  assert.deepEqual(faults, []);
});

test("each package declares what its sources import of ours", () => {
  const faults: string[] = [];
  for (const room of Object.keys(rooms)) {
    const manifest = join(root, room.replace(/\/(src|examples)$/, ""), "package.json");
    if (!existsSync(manifest)) continue;
    const { name: own, dependencies = {} } = JSON.parse(readFileSync(manifest, "utf8"));
    for (const file of sourceFiles(room))
      for (const name of importsOf(file)) {
        const ours = /^em-[a-z]+/.exec(name)?.[0];
        if (ours && ours !== own && !(ours in dependencies))
          faults.push(`${shown(file)} imports ${ours}, which ${shown(manifest)} does not have`);
      }
  }
  assert.deepEqual(faults, []);
});

test("no file imports itself through others", () => {
  const circles: string[] = [];
  const files = Object.keys(rooms)
    .filter((room) => room !== "notebooks" && room !== "examples")
    .flatMap(sourceFiles);
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push(`${shown(path.at(-1) ?? "")} → ${shown(file)}`);
    if (done.has(file)) return;
    done.add(file);
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
  };
  for (const file of files) walk(file, []);
  assert.deepEqual(circles, []);
});
