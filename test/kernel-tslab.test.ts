// packages/kernel/src/tslab.ts reaches into parts of tslab that are no public interface. They are as it expects in the versions
// named here; another version needs that file held against the new tslab/dist before it is named.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

const tslab = createRequire(createRequire(import.meta.url).resolve("tslab/package.json"));

test("tslab and its compiler are the versions that packages/kernel/src/tslab.ts was written for", () => {
  const remedy = "hold packages/kernel/src/tslab.ts against the new tslab/dist, then name the new version here";
  assert.equal(tslab("./package.json").version, "1.0.22", remedy);
  assert.equal(tslab("@tslab/typescript-for-tslab/package.json").version, "5.0.4", remedy);
});

test("tslab/dist has the parts that packages/kernel/src/tslab.ts takes from it", () => {
  const { createConverter } = tslab("./dist/converter.js");
  assert.equal(typeof createConverter, "function");
  assert.equal(typeof tslab("./dist/executor.js").createExecutor, "function");
  assert.equal(typeof tslab("./dist/inspect.js").printQuickInfo, "function");
  assert.ok("lastWriteDisplayData" in tslab("./dist/jupyter.js"));
});
