// em-mixtures as it would be published: what the package holds, how it loads, and what its declarations say.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esm from "em-mixtures";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const isWindows = process.platform === "win32";

test("npm pack holds the two builds, the pages and the licence, and nothing else", () => {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"], {
    cwd: join(root, "packages", "mixtures"),
    encoding: "utf8",
    shell: isWindows,
  });
  const report = JSON.parse(output);
  // npm up to 11 prints a list, later ones an object by name.
  const [{ files }] = Array.isArray(report) ? report : Object.values(report);
  const names: string[] = files.map((file: { path: string }) => file.path);
  const odd = names.filter(
    (name) =>
      !/^(package\.json|README\.md|LICENSE|docs\/\w+\.md|dist\/(cjs|esm)\/(package\.json|.*\.(js|d\.ts)))$/.test(name),
  );
  assert.deepEqual(odd, []);
  for (const name of ["README.md", "LICENSE", "docs/components.md", "dist/cjs/index.d.ts", "dist/esm/index.d.ts"])
    assert.ok(names.includes(name), name);
});

test("the package file names what exists and asks for no other package", () => {
  const manifest = require("em-mixtures/package.json");
  assert.equal(manifest.dependencies, undefined);
  for (const file of [manifest.main, manifest.module, manifest.types, ...Object.values(manifest.exports["."])])
    assert.ok(existsSync(join(root, "packages", "mixtures", file as string)), file as string);
});

test("the ES module and the CommonJS build export the same", () => {
  assert.deepEqual(Object.keys(require("em-mixtures")).sort(), Object.keys(esm).sort());
});

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (console: object) => Promise<void>;

test("the pages' examples run, and the one of a component has less than 40 lines", async () => {
  const examplesOf = (page: string) =>
    [...readFileSync(join(root, "packages", "mixtures", page), "utf8").matchAll(/```ts\n(.*?)```/gs)].map(
      ([, code]) => code,
    );
  const [readme, components] = [examplesOf("README.md"), examplesOf(join("docs", "components.md"))];
  assert.ok(readme.length > 4);
  assert.equal(components.length, 2);
  assert.ok(components[0].split("\n").length < 40);
  for (const contents of [...readme, ...components]) {
    const stdin = { contents, resolveDir: root, loader: "ts" } as const;
    const { outputFiles } = await build({ stdin, bundle: true, platform: "browser", format: "esm", write: false });
    // Not in a context of node:vm, where every look-up of a global is slow.
    await new AsyncFunction("console", outputFiles[0].text)({ table() {}, log() {} });
  }
});

test("tslab's compiler reads the declarations: no error, and nothing is any", () => {
  const ts: typeof import("@tslab/typescript-for-tslab") = require("@tslab/typescript-for-tslab");
  const options = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2021,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    types: [],
  };
  const index = join(root, "packages", "mixtures", "dist", "cjs", "index.d.ts");
  const program = ts.createProgram([index], options);
  const messages = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  assert.deepEqual(messages, []);

  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index);
  assert.ok(source);
  const found: string[] = [];
  const seen = new Set<unknown>();
  type Type = ReturnType<typeof checker.getTypeAtLocation>;
  /** Walks a type's members, signatures and arguments as far as they are the library's own. */
  const visit = (type: Type, path: string): void => {
    if (type.flags & ts.TypeFlags.Any) found.push(path);
    if (seen.has(type)) return;
    seen.add(type);
    if (type.isUnionOrIntersection()) {
      for (const part of type.types) visit(part, path);
      return;
    }
    for (const argument of checker.getTypeArguments(type as Parameters<typeof checker.getTypeArguments>[0]))
      visit(argument, `${path}<>`);
    const declared = type.symbol?.declarations?.[0]?.getSourceFile().fileName;
    if (declared !== undefined && !declared.includes("/packages/mixtures/dist/")) return;
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      visit(signature.getReturnType(), `${path}()`);
      for (const parameter of signature.getParameters())
        visit(checker.getTypeOfSymbolAtLocation(parameter, source), `${path}(${parameter.name})`);
    }
    // TypeScript itself gives these two the type any.
    for (const property of type.getProperties())
      if (property.name !== "prototype" && !property.name.includes("#private"))
        visit(checker.getTypeOfSymbolAtLocation(property, source), `${path}.${property.name}`);
  };
  const module = checker.getSymbolAtLocation(source);
  assert.ok(module);
  const exported = checker.getExportsOfModule(module);
  for (const symbol of exported) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (target.flags & ts.SymbolFlags.Value) visit(checker.getTypeOfSymbolAtLocation(target, source), symbol.name);
    if (target.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Class))
      visit(checker.getDeclaredTypeOfSymbol(target), symbol.name);
  }
  assert.ok(seen.size > 100, `only ${seen.size} types were looked at`);
  assert.deepEqual(found, []);
});
