import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { InterruptedError } from "../packages/kernel/src/engine/awaits.js";
import { compileFailure, thrownFailure } from "../packages/kernel/src/errors.js";
import { registerCell } from "../packages/kernel/src/traces.js";

const plain = (lines: readonly string[]) => lines.map((line) => stripVTControlCharacters(line));

test("compileFailure underlines each finding and gives the reasons below it", () => {
  const code = "const a = 1;\n\tlet b: string = a;";
  const start = { line: 1, character: 5 };
  const end = { line: 1, character: 6 };
  const findings = [{ start, end, text: "Not assignable.\n  Because of this.", code: 2322 }];
  const { ename, evalue, traceback } = compileFailure("In[2]", code, findings);
  assert.equal(ename, "TypeCheckError");
  assert.equal(evalue, "Not assignable. (In[2]:2:6)");
  assert.deepEqual(plain(traceback), [
    "TypeCheckError TS2322: Not assignable.  In[2]:2:6",
    "2 | \tlet b: string = a;",
    "  | \t    ~",
    "  Because of this.",
  ]);
});

test("compileFailure underlines to the end of the line where a finding goes on after it", () => {
  const start = { line: 0, character: 0 };
  const { ename, traceback } = compileFailure("In[1]", "f(1,\n2)", [
    { start, end: { line: 1, character: 2 }, text: "Expected.", code: 1005 },
  ]);
  assert.equal(ename, "SyntaxError");
  assert.equal(plain(traceback)[2], "  | ~~~~");
});

test("thrownFailure shows the cell's line", () => {
  registerCell("In[3]", "a; b;", "", "");
  const error = new RangeError("too small");
  error.stack = "RangeError: too small\n    at In[3]:1:4";
  const { ename, evalue, traceback } = thrownFailure(error);
  assert.deepEqual([ename, evalue], ["RangeError", "too small"]);
  assert.ok(traceback.includes("\u001b[31mRangeError\u001b[39m: too small"));
  assert.deepEqual(plain(traceback), [
    "In[3], line 1",
    "1 | a; b;",
    "  |    ^",
    "",
    "RangeError: too small",
    "    at In[3]:1:4",
  ]);
});

test("thrownFailure takes values that are no errors, and errors that throw when looked at", () => {
  assert.equal(thrownFailure(undefined).evalue, "undefined");
  assert.equal(thrownFailure({ weight: -1 }).evalue, "{ weight: -1 }");
  const evil = Object.defineProperty(new Error("x"), "stack", {
    get() {
      throw new Error("no");
    },
  });
  assert.equal(thrownFailure(evil).ename, "Thrown");
});

test("an interrupt has no trace: it would name the kernel's own lines", () => {
  assert.deepEqual(plain(thrownFailure(new InterruptedError()).traceback), [
    "InterruptedError: the cell was interrupted",
  ]);
});
