// Cells run by the kernel's engine on Node, without sockets.
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Notebook } from "../packages/kernel/src/engine/notebook.js";

// As the kernel runs: compiled, as CommonJS.
const require = createRequire(import.meta.url);
export const { adviceFor } =
  require("../packages/kernel/dist/cjs/advice.js") as typeof import("../packages/kernel/src/advice.js");
export const { complete, explain } =
  require("../packages/kernel/dist/cjs/engine/assist.js") as typeof import("../packages/kernel/src/engine/assist.js");
export const { compileFailure } =
  require("../packages/kernel/dist/cjs/errors.js") as typeof import("../packages/kernel/src/errors.js");
export const { nodeNotebook } =
  require("../packages/kernel/dist/cjs/node.js") as typeof import("../packages/kernel/src/node.js");

/** A notebook's folder: without a tsconfig.json, unless given the compiler options of one. */
export function folderWith(compilerOptions?: object): string {
  const folder = mkdtempSync(join(tmpdir(), "kernel-cells-"));
  writeFileSync(join(folder, "package.json"), "{}");
  if (compilerOptions) writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  return folder;
}

const never = new Promise<never>(() => {});
/** Runs cells; of each the value of its last expression, or what the compiler finds, or what it throws. */
export async function run(notebook: Notebook, ...cells: readonly string[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const code of cells) {
    const name = `In[${++count}]`;
    const converted = notebook.converter.convert(name, code);
    if ("findings" in converted)
      results.push(converted.findings.map(({ code: number, text }) => `TS${number}: ${text}`));
    else
      results.push(
        await notebook.run(name, converted, never).then(
          ({ value }) => value,
          (error: unknown) => `${error}`,
        ),
      );
  }
  return results;
}
let count = 0;
