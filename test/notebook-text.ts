// What the sentences of the lesson's notebooks say.
import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { joined, readCells } from "./notebook.js";

/** The folder of the lesson. */
export const notebooks = join(resolve(dirname(fileURLToPath(import.meta.url)), ".."), "notebooks");
/** The text of a notebook of the lesson, without its code. */
export const textOf = (name: string): string =>
  readCells(join(notebooks, `${name}.ipynb`))
    .filter((cell) => cell.cell_type === "markdown")
    .map((cell) => joined(cell.source))
    .join("\n");

/**
 * Finds the sentence, in which # stands for the number, and compares: to the digits that are printed, rounded or, where
 * dots follow, cut.
 */
export function assertSays(text: string, sentence: string, value: number): void {
  const pattern = sentence.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace("#", "([-−]?[\\d.]*\\d)(\\\\ldots)?");
  const [, digits, dots] = text.match(new RegExp(pattern)) ?? assert.fail(`no sentence "${sentence}"`);
  const said = Number(digits?.replace("−", "-"));
  const unit = 10 ** -(digits?.split(".")[1]?.length ?? 0);
  const beyond = Math.abs(value) - Math.abs(said);
  // To a few units of the last binary digit.
  const tiny = 1e-12;
  const right = dots ? beyond > -tiny && beyond < unit : Math.abs(beyond) <= unit / 2 + tiny;
  assert.ok(right && value * said >= 0, `"${sentence}": ${said}, computed ${value}`);
}
