// What cells mean: cell by cell, as the kernel's engine runs them.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { adviceFor, compileFailure, complete, explain, folderWith, nodeNotebook, run } from "./cells.js";

const shared = nodeNotebook(folderWith());

/** Cells, and the value of the last one. */
const cases: Readonly<Record<string, readonly [cells: readonly string[], value: unknown]>> = {
  "an assignment is seen by functions of earlier cells": [
    ["let k = 1; function showK() { return k }", "k = 5; showK()"],
    5,
  ],
  "++ and += count on both sides": [["let n = 0; function bump() { n++ }", "bump(); n += 10; bump(); n"], 12],
  "a var is one variable": [
    ["var total = 0; const add = (x: number) => { total += x }", "total = 100; add(1); total"],
    101,
  ],
  "a list can be replaced": [["let list = [1]; const size = () => list.length", "list = [1, 2, 3]; size()"], 3],
  "a method reads what a later cell assigns": [
    ["let unit = 'm'; class Length { show() { return unit } }", "unit = 'km'", "new Length().show()"],
    "km",
  ],
  "patterns assign": [
    ["let p = 1, q = 2; const both = () => [p, q]", "[p, q] = [q, p]; ({ p } = { p: 7 }); both()"],
    [7, 1],
  ],
  "loops assign": [["let item = 0; const last = () => item", "for (item of [1, 2, 3]); last()"], 3],
  "short forms of objects read": [["let width = 1", "width = 4; const box = { width }; box.width"], 4],
  "a name of a parameter is left alone": [
    ["let shade = 1; const id = (shade: number) => shade", "shade = 9; id(2)"],
    2,
  ],
  "a function of another cell sees a redeclared constant": [
    ["const rate = 1", "const pay = () => rate * 100", "const rate = 2", "pay()"],
    200,
  ],
  "also within the cell that redeclares it": [
    ["const fee = 1", "const charge = () => fee * 100", "const fee = 3; charge()"],
    300,
  ],
  "a function of the same cell keeps its constant": [
    ["const tax = 1; const due = () => tax * 100", "const tax = 2", "due()"],
    100,
  ],
  "a cell that is run again gives others its value": [
    ["const scale = 1", "const scaled = () => scale * 10", "const scale = 5", "scaled()"],
    50,
  ],
  "what a cell has assigned before it throws is kept": [
    ["let got = 1; const read = () => got", "got = 2; throw new Error('late')", "read()"],
    2,
  ],
  "what a cell has not declared before it throws is as before": [
    ["const kept = 'old'", "throw new Error('early'); const kept = 'new'", "kept"],
    "old",
  ],
  "a value that a type is narrowed to": [["let either: string | number = 1", "either = 'abc'; either.length"], 3],
  "a call has no notebook for its this": [
    ["function self(this: unknown) { return this === undefined }", "self()"],
    true,
  ],
  "export in front of a declaration": [
    [
      "export const ex = 4; export function f() { return ex }; export type T = number; export interface I { a: T }",
      "const i: I = { a: f() }; i.a",
    ],
    4,
  ],
  "a list of exports": [["const one = 1; export { one }; export {}", "one"], 1],
  "export default": [["export default 5"], 5],
  "private members of a class expression": [
    ["const C = class { private x = 1; get() { return this.x } }", "new C().get()"],
    1,
  ],
  "mixins with protected members": [
    [
      "class Base {}; const Mixed = <B extends new (...a: any[]) => object>(B: B) => class extends B { protected p = 2; p2() { return this.p } }",
      "new (Mixed(Base))().p2()",
    ],
    2,
  ],
  "a class local to a function": [
    [
      "function make() { class Hidden { constructor(private n: number) {} twice() { return 2 * this.n } } return new Hidden(3) }",
      "make().twice()",
    ],
    6,
  ],
  "a type local to a function": [
    ["const loc = (() => { interface L { a: number } return { a: 1 } as L })()", "loc.a"],
    1,
  ],
  "declare global": [
    [
      "declare global { interface Array<T> { lastItem(): T | undefined } }\nArray.prototype.lastItem = function () { return this[this.length - 1] }",
      "[1, 2].lastItem()",
    ],
    2,
  ],
  "var in a loop and a block": [
    ["for (var turn = 0; turn < 3; turn++) {}\nif (true) { var inBlock = 1 }", "turn + inBlock"],
    4,
  ],
  "standard decorators": [
    [
      "function dec(v: any, c: ClassMethodDecoratorContext): any { return () => 'decorated ' + String(c.name) }",
      "class D { @dec hi() { return 'hi' } }; new D().hi()",
    ],
    "decorated hi",
  ],
  using: [
    [
      "const log: string[] = []",
      "{ using r = { [Symbol.dispose]() { log.push('gone') } }; log.push('here') }",
      "log.join()",
    ],
    "here,gone",
  ],
  "the language's library is Node's": [["[3, 1, 2].toSorted().findLast((x) => x < 3)"], 2],
  "parameters without types": [["function plus(a, b) { return a + b }", "plus(1, 2)"], 3],
  "undefined for an optional property": [["const o: { a?: number } = { a: undefined }; Object.keys(o).length"], 1],
  "import.meta": [
    ["[typeof import.meta.url, import.meta.dirname === process.cwd() || import.meta.dirname.length > 0].join()"],
    "string,true",
  ],
  "import() of Node's modules": [["const os = await import('node:os'); typeof os.cpus"], "function"],
  "import() in evaluated code": [["typeof (await eval('import(\"node:os\")')).cpus"], "function"],
  "enums and namespaces": [["enum E { A, B }; namespace N { export const z = 3 }", "E.B + N.z"], 4],
  "top-level await and for await": [
    ["const items: number[] = []; for await (const x of [1, 2]) items.push(await x)", "items.length"],
    2,
  ],
  "names that shadow globals": [
    ["const name = 'n'; const length = 3; const Promise = 7", "name + length + Promise"],
    "n37",
  ],
};

for (const [name, [cells, value]] of Object.entries(cases))
  test(`cells: ${name}`, async () => {
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
    const { ename, traceback } = compileFailure("In[*]", code, adviceFor(code, converted.findings));
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
