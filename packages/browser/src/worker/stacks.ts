// Stacks of browsers that write them in their own way, `name@place`, as those that the kernel's traces read.
import { type Failure, thrownFailure } from "em-kernel/errors";
import { readable } from "em-kernel/traces";

/** What a cell has failed of, with a trace in the cell's own lines in every browser. */
export function failureOf(value: unknown): Failure {
  makeReadable(value);
  return thrownFailure(value);
}

/** Chromium's stacks are made readable when they are written; those of Firefox and Safari afterwards. */
function makeReadable(value: unknown): void {
  if (!(value instanceof Error)) return;
  try {
    const { stack } = value;
    if (typeof stack === "string" && /^[^\n]*@.*:\d+:\d+$/m.test(stack) && !stack.includes("\n    at "))
      value.stack = readable(value, stack.split("\n").flatMap(frameOf));
    makeReadable(value.cause);
  } catch {
    // An error that throws when looked at is told of by the kernel's own words.
  }
}

/** `inverse@In[1]:6:15` as `inverse (In[1]:6:15)`; names that the browser has made up are left out. */
function frameOf(line: string): readonly string[] {
  const [, name = "", place] = /^(.*?)@(.*)$/.exec(line) ?? [];
  if (place === undefined) return [];
  return [name === "" || /[</*]/.test(name) ? place : `${name} (${place})`];
}
