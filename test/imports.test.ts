// Who may import whom: the rule of CONTRIBUTING.md. Imports run one way, so that no circle can arise.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Our own packages that the sources below a folder may import. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  notebooks: ["em-lesson", "em-mixtures", "em-figures", "em-kernel"],
  lib: [],
  "packages/mixtures": [],
  "packages/kernel": [],
  "packages/figures": ["em-lesson", "em-mixtures", "em-kernel"],
  "packages/book": [],
};

const sourceFiles = (folder: string) =>
  readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mts|mjs|js|ipynb)$/.test(name) && !/(^|[\\/])(dist|node_modules)[\\/]/.test(name))
    .map((name) => `${root}${folder}/${name}`);

/** What a source imports: the texts after `from`, `import` and `require`. In a notebook the quotes are escaped. */
const imports = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/(?:\bfrom|\bimport|\brequire\()\s*\(?\\?["']([^"'\\]+)\\?["']/g)].map(
    ([, name]) => name,
  );

test("our packages import one another one way only", () => {
  for (const [folder, packages] of Object.entries(allowed)) {
    const files = sourceFiles(folder);
    assert.ok(files.length > 0, folder);
    for (const file of files)
      for (const name of imports(file)) {
        if (/^em-[a-z]+/.test(name)) assert.ok(packages.includes(name.split("/")[0]), `${file} imports ${name}`);
        // A relative import stays inside its own room; scripts are nobody's to import.
        if (name.startsWith("."))
          assert.ok(
            new URL(name, `file://${file}`).pathname.startsWith(`${root}${folder}/`),
            `${file} imports ${name}`,
          );
      }
  }
});

test("no source file of a room imports itself through others", () => {
  for (const folder of Object.keys(allowed)) {
    if (folder === "notebooks") continue;
    const graph = new Map(
      sourceFiles(folder).map((file) => [
        file,
        imports(file)
          .filter((name) => name.startsWith("."))
          .map((name) => new URL(name, `file://${file}`).pathname.replace(/(?<=src\/.*)\.js$/, ".ts")),
      ]),
    );
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]) => {
      assert.ok(!path.includes(file), [...path, file].map((name) => name.slice(root.length)).join(" → "));
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) walk(file, []);
  }
});
