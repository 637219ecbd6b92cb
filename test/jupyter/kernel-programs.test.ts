// What takes longer to show of the kernel's engine: random programs, long chains of cells, and that memory is let go.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";
import { folderWith, nodeNotebook, run } from "../cells.js";
import { uniform } from "../uniform.js";

test("a chain of 400 cells, each of whose types is inferred from the one before", async () => {
  const notebook = nodeNotebook(folderWith());
  await run(notebook, "const v0 = { n: 0 }");
  // Checked only: what was kept of each is as if it had run.
  for (let i = 1; i < 400; i++) await run(notebook, `const v${i} = { ...v${i - 1}, n: v${i - 1}.n + 1 }`);
  assert.deepEqual(await run(notebook, "v399.n"), [399]);
});

test("a redeclared array is let go", async () => {
  const notebook = nodeNotebook(folderWith());
  const registry = { freed: 0 };
  const finalizers = new FinalizationRegistry(() => registry.freed++);
  Object.assign(globalThis, { watchArray: (array: object) => finalizers.register(array, 0) });
  for (let i = 0; i < 10; i++)
    await run(
      notebook,
      `const big = new Array(1e5).fill(${i}); const other${i} = ${i}; (globalThis as any).watchArray(big); 1`,
    );
  setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  for (let turn = 0; turn < 10 && registry.freed < 8; turn++) {
    collect();
    await new Promise((done) => setTimeout(done, 10));
  }
  assert.ok(registry.freed >= 8, `${registry.freed} of 9 redeclared arrays were freed`);
});

/** A random program of statements that read and write each other's names, and what it prints. */
function program(seed: number): string[] {
  const random = uniform(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const lets: string[] = [];
  const functions: string[] = [];
  const value = () => (lets.length > 0 && random() < 0.7 ? pick(lets) : `${Math.floor(random() * 10)}`);
  const statements: string[] = [];
  for (let i = 0; i < 14; i++) {
    const kind = Math.floor(random() * 9);
    if (kind === 0 || lets.length < 2) {
      statements.push(`${pick(["let", "var"])} a${i} = ${value()};`);
      lets.push(`a${i}`);
    } else if (kind === 1) statements.push(`${pick(lets)} = ${value()} + 1;`);
    else if (kind === 2) statements.push(`${pick(lets)} ${pick(["+=", "-=", "*="])} ${value()};`);
    else if (kind === 3) statements.push(`${pick(lets)}${pick(["++", "--"])};`);
    else if (kind === 4) {
      statements.push(`function f${i}(d = 1) { ${pick(lets)} += d; return ${value()} }`);
      functions.push(`f${i}`);
    } else if (kind === 5) {
      statements.push(`const g${i} = () => ({ ${pick(lets)} });`);
      functions.push(`g${i}`);
    } else if (kind === 6) statements.push(`[${pick(lets)}, ${pick(lets)}] = [${value()}, ${value()}];`);
    else if (kind === 7) statements.push(`for (let t = 0; t < 3; t++) ${pick(lets)} += t;`);
    else if (functions.length > 0) statements.push(`print(JSON.stringify(${pick(functions)}()), ${pick(lets)});`);
    if (random() < 0.4) statements.push(`print(${lets.join(", ")});`);
  }
  return [...statements, `print(${lets.join(", ")});`];
}

test("200 random programs, cut into cells at random, print what they print as one script", async () => {
  const notebook = nodeNotebook(folderWith());
  for (let seed = 1; seed <= 200; seed++) {
    const statements = program(seed);
    const expected: string[] = [];
    vm.runInNewContext(statements.join("\n"), { print: (...values: unknown[]) => expected.push(values.join(" ")) });
    const printed: string[] = [];
    Object.assign(globalThis, { print: (...values: unknown[]) => printed.push(values.join(" ")) });
    const random = uniform(seed + 1000);
    const cells = ["const print: (...values: unknown[]) => void = (globalThis as any).print;"];
    for (const statement of statements) {
      if (cells.length === 1 || random() < 0.4) cells.push(statement);
      else cells.push(`${cells.pop()}\n${statement}`);
    }
    const results = await run(notebook, ...cells);
    assert.deepEqual(printed, expected, `seed ${seed}:\n${cells.join("\n---\n")}\n${JSON.stringify(results)}`);
  }
});
