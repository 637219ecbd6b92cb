// What cells mean: cell by cell, as the kernel's engine runs them.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { adviceFor, compileFailure, complete, explain, folderWith, nodeNotebook, run } from "./cells.js";
// Cells, and the value of the last one: that of the same text as one script, of TypeScript's handbook, or of Node's documentation.
import cases from "./fixtures/cells.json" with { type: "json" };

const shared = nodeNotebook(folderWith());
const require = createRequire(import.meta.url);

for (const { kind, name, cells, value } of cases)
  test(`cells: ${kind}: ${name}`, async () => {
    assert.deepEqual((await run(shared, ...cells)).at(-1), value);
  });

test("cells: modules that await at their top level, JSON with attributes, own TypeScript", async () => {
  const folder = folderWith();
  writeFileSync(join(folder, "late.mjs"), "export const late = await Promise.resolve(42); export default 'd';");
  writeFileSync(join(folder, "data.json"), '{ "n": 7 }');
  writeFileSync(
    join(folder, "own.ts"),
    "export const own: number = 8; export let seen = 0; export const see = () => { seen++ };",
  );
  mkdirSync(join(folder, "node_modules", "untyped"), { recursive: true });
  writeFileSync(join(folder, "node_modules", "untyped", "index.js"), "module.exports = () => 9;");
  const results = await run(
    nodeNotebook(folder),
    "const m = await import('./late.mjs'); m.late",
    "import d, { late } from './late.mjs'; d + late",
    "import data from './data.json' with { type: 'json' }; data.n",
    "import { own, see, seen } from './own.ts'; see(); own",
    "seen",
    "import untyped from 'untyped'; untyped()",
  );
  assert.deepEqual(results, [42, "d42", 7, 8, 1, 9]);
});

test("cells: the options of the nearest tsconfig.json", async () => {
  const strict = nodeNotebook(
    folderWith({ strict: true, exactOptionalPropertyTypes: true, experimentalDecorators: true, lib: ["es2022"] }),
  );
  const [exact, implicit, legacy, sorted] = await run(
    strict,
    "const o: { a?: number } = { a: undefined }",
    "function noTypes(a, b) { return a + b }",
    "function dec(_: any, key: string) { keys.push(key) }; const keys: string[] = []; class D { @dec hi() {} }; keys.join()",
    "[2, 1].toSorted()",
  );
  assert.match(String(exact), /TS2375/);
  assert.match(String(implicit), /TS7006/);
  assert.equal(legacy, "hi");
  assert.match(String(sorted), /TS2550/);
});

test("cells: what is wrong is found, at its place and in the reader's words", async () => {
  const notebook = nodeNotebook(folderWith());
  const results = await run(
    notebook,
    "let k = 1; const c = 2",
    "k = 'text'",
    "c = 3",
    "tosses.map((toss) => toss + heads); tosses.length",
    "const x: number =",
  );
  assert.deepEqual(results.slice(1, 4), [
    ["TS2322: Type 'string' is not assignable to type 'number'."],
    ["TS2632: Cannot assign to 'c' because it is a constant of an earlier cell."],
    [
      "TS2304: Cannot find name 'tosses': it is declared in no cell that has run. Run the cells above first.",
      "TS2304: Cannot find name 'heads': it is declared in no cell that has run. Run the cells above first.",
    ],
  ]);
  assert.match(String(results[4]), /TS1109: Expression expected/);
});

test("cells: what other notebooks have is told how to do here", () => {
  const told = (code: string) => {
    const converted = shared.converter.convert("In[*]", code);
    assert.ok("findings" in converted);
    const { ename, traceback } = compileFailure("In[*]", code, adviceFor(code, converted.findings, "/lesson"));
    assert.equal(ename, "SyntaxError");
    return stripVTControlCharacters(traceback.join("\n"));
  };
  assert.match(told("!ls -l"), /execSync/);
  assert.match(told("const a = 1;\n%time a"), /console\.time/);
  assert.match(told("%%html\n<b>bold</b>"), /display\(mime/);
});

test("completion and hover: members, options, paths, names with dashes, the call around the cursor", async () => {
  const folder = folderWith();
  writeFileSync(join(folder, "own.ts"), "export const own = 8;");
  const { converter } = nodeNotebook(folder);
  const notebook = nodeNotebook(folder);
  await run(
    notebook,
    "const fit = { means: [1], 'with-dash': 2 };\n/** Adds.\n * @param a one\n * @param b other\n */\nfunction add(a: number, b: number) { return a + b }",
  );
  const found = (code: string) => complete(notebook.converter, code, code.length);
  assert.deepEqual(found("fit.me").candidates, ["means"]);
  assert.ok(found("add").candidates.includes("add"));
  assert.ok(found("process.vers").candidates.includes("version"));
  assert.ok(found('import x from "./o').candidates.some((path) => path.startsWith("own")));
  assert.ok(found('import fs from "node:f').candidates.includes("node:fs"));
  const dashed = found("fit.with");
  assert.equal("fit.with".slice(0, dashed.start) + dashed.candidates[0], 'fit["with-dash"]');
  const seen = (code: string) => explain(notebook.converter, code, code.length);
  assert.match(seen("add(1, ")?.signature ?? "", /add\(a: number, b: number\): number/);
  assert.match(seen("add(1, ")?.text ?? "", /b: other/);
  assert.match(seen("Math.max(1, ")?.signature ?? "", /max\(/);
  assert.match(seen("fit")?.signature ?? "", /const fit/);
  assert.equal(explain(converter, "nothing", 7), undefined);
});

test("packages are loaded from the file that the project names for them, where there is one", async () => {
  const folder = folderWith();
  const loads = { named: "named/quick.js", gone: "gone/none.js" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ "em-kernel": { loads } }));
  for (const [file, text] of [
    ["named/index.js", "exports.from = 'usual';"],
    ["named/quick.js", "exports.from = 'quick';"],
    ["gone/index.js", "exports.from = 'usual';"],
  ]) {
    mkdirSync(join(folder, "node_modules", dirname(file)), { recursive: true });
    writeFileSync(join(folder, "node_modules", file), text);
  }
  // Also from a folder below, whose own package.json says nothing of it.
  const below = join(folder, "below");
  mkdirSync(below);
  writeFileSync(join(below, "package.json"), "{}");
  for (const place of [folder, below])
    assert.deepEqual(
      await run(nodeNotebook(place), 'import { from } from "named"; from', 'import { from } from "gone"; from'),
      ["quick", "usual"],
    );
  // The lesson's own: the same functions of the same version.
  const { version } = require("mathjs/package.json");
  const lesson = nodeNotebook(fileURLToPath(new URL("../notebooks", import.meta.url)));
  assert.deepEqual(await run(lesson, 'import { sum, version } from "mathjs";\n[sum([1, 2]), version]'), [[3, version]]);
  assert.ok(Object.keys(require.cache).some((file) => file.endsWith(join("mathjs", "lib", "browser", "math.js"))));
});
