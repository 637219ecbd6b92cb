// The examples outside the lesson run, and are committed as they run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { figuresOf, imageOf, readNotebook, withoutLibrary, withoutStills } from "../../packages/book/notebook.mjs";
import { numbersIn, printed, readCells } from "../notebook.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const examples = join(root, "examples");
const output = join(root, "build/test-examples");

for (const name of readdirSync(examples).filter((file) => file.endsWith(".ipynb")))
  test(`examples/${name} is committed as it runs and draws today`, () => {
    rmSync(output, { recursive: true, force: true });
    const args = [join(root, "scripts/lesson.mjs"), "--output", output, join(examples, name)];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    const plain = (file: string) => {
      const { cells } = withoutStills(withoutLibrary(readNotebook(file)));
      return cells.map(({ source, outputs }) => ({ source, outputs }));
    };
    assert.deepEqual(plain(join(examples, name)), plain(join(output, "notebooks", name)), "run `npm run save`");
    for (const figure of readNotebook(join(examples, name)).cells.flatMap(figuresOf)) assert.ok(imageOf(figure));
  });

test("the penguins' groups are as their text counts them", () => {
  const cells = readCells(join(examples, "penguins.ipynb"));
  const of = (id: string) => cells.find((cell) => cell.id === id) ?? assert.fail(id);
  const rows = printed(of("groups")).split("\n").slice(0, 3).map(numbersIn);
  const own = rows.reduce((sum, counts) => sum + Math.max(...counts), 0);
  const all = rows.flat().reduce((sum, count) => sum + count);
  assert.match([of("draw-text").source].flat().join(""), new RegExp(`${own} of ${all} penguins`));
});
