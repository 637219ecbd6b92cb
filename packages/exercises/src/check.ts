import { inspect } from "node:util";
import type { AnyFunction, Exercise } from "./exercise.js";
import { type Answers, exercises } from "./exercises.js";
import { judge, type Verdict } from "./judge.js";
import { withinTime } from "./within-time.js";

export type ExerciseName = keyof Answers;

/** From this try on the wanted value is shown. */
const triesBeforeTheValue = 3;
const tries = new Map<string, number>();

/**
 * Checks a reader's function, and prints in words what it finds: that it is right, that it is not done yet, which known
 * mistake it makes; or, where it makes another, an input, its value and a hint, and from the third try on the wanted value.
 *
 * @param name the exercise's
 * @param answer what the reader has written; it is called with copies, for at most two seconds at a time
 */
export function check<N extends ExerciseName>(name: N, answer: Answers[N]): void {
  console.log(verdictOn(name, answer));
}

/** What `check` prints. */
export function verdictOn(name: ExerciseName, answer: AnyFunction): string {
  const exercise = exercises[name] as unknown as Exercise | undefined;
  if (exercise === undefined)
    return `There is no exercise "${name}": it is one of ${Object.keys(exercises).join(", ")}.`;
  if (typeof answer !== "function") return `Give the check a function: ${inspect(answer)} is none.`;
  const verdict = judge(exercise, answer, withinTime);
  const count = verdict.kind === "right" || verdict.kind === "undone" ? 0 : (tries.get(name) ?? 0) + 1;
  tries.set(name, count);
  return wrapped(inWords(verdict, exercise.hint, count >= triesBeforeTheValue));
}

function inWords(verdict: Verdict, hint: string, showWanted: boolean): string {
  switch (verdict.kind) {
    case "right":
      return "right";
    case "undone":
      return "not done yet: it gives the same whatever it is given.";
    case "mistake":
      return verdict.words.startsWith("not done yet") ? verdict.words : `not yet: ${verdict.words}`;
    case "thrown":
      return `not yet: for ${shown(verdict.input)} it throws ${verdict.message}`;
    case "endless":
      return `not yet: for ${shown(verdict.input)} it was stopped after two seconds. Does a loop ever end?`;
    case "shape":
      return `not yet: it gives ${verdict.found}, and ${verdict.wanted} is asked for.`;
    case "notANumber":
      return `not yet: for ${shown(verdict.input)} it gives ${shown([verdict.value])}. NaN comes of 0 / 0, of log of what is below 0, and of entries that are not there.`;
    case "wrong": {
      const wanted = showWanted ? ` Wanted is ${shown([verdict.wanted])}.` : "";
      return `not yet: for ${shown(verdict.input)} it gives ${shown([verdict.value])}. ${hint}${wanted}`;
    }
  }
}

/** Values in one line, with no more digits than are needed to tell them apart. */
function shown(values: readonly unknown[]): string {
  if (values.length === 0) return "no input";
  const rounded = JSON.parse(
    JSON.stringify(values, (_, value) =>
      typeof value === "number" ? (Number.isFinite(value) ? Number(value.toPrecision(5)) : String(value)) : value,
    ) ?? "[]",
  ) as unknown[];
  const options = { breakLength: Number.POSITIVE_INFINITY, depth: 4, maxArrayLength: 6 };
  return rounded.map((value) => inspect(value, options).replaceAll("'", "")).join(", ");
}

/** Lines that fit below a cell. */
function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length + 1 > 78) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}
