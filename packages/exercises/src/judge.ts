// Finds out what an answer does: right, not done yet, a known mistake, or another one.
import type { AnyFunction, Exercise } from "./exercise.js";
import { randomFrom } from "./random.js";

/** Runs work, and throws where it takes longer than so many milliseconds: how is the platform's affair. */
export type WithinTime = <T>(work: () => T, milliseconds: number) => T;

/** Thrown by a `WithinTime`. */
export class TooLongError extends Error {
  override readonly name = "TooLongError";
}

export type Verdict =
  | { readonly kind: "right" | "undone" }
  | { readonly kind: "mistake"; readonly words: string }
  | { readonly kind: "thrown"; readonly input: readonly unknown[]; readonly message: string }
  | { readonly kind: "endless"; readonly input: readonly unknown[] }
  | { readonly kind: "shape"; readonly found: string; readonly wanted: string }
  | { readonly kind: "notANumber"; readonly input: readonly unknown[]; readonly value: unknown }
  | { readonly kind: "wrong"; readonly input: readonly unknown[]; readonly value: unknown; readonly wanted: unknown };

/** Of each seed so many inputs are drawn: an answer that is right for the notebook's data alone fails. */
const seeds = [1, 2, 3];
const drawsOfSeed = 4;
const patience = 2000;
/** Relative, of numbers of about 1: sums in another order differ by less, every mistake by more. */
const tolerance = 1e-9;

export function judge(exercise: Exercise, answer: AnyFunction, withinTime: WithinTime): Verdict {
  const inputs = inputsOf(exercise);
  const values: unknown[] = [];
  for (const input of inputs) {
    try {
      values.push(withinTime(() => answer(...copyOf(input)), patience));
    } catch (error) {
      if (error instanceof TooLongError) return { kind: "endless", input };
      return { kind: "thrown", input, message: messageOf(error) };
    }
  }
  const wanted = inputs.map((input) => exercise.right(...copyOf(input)));
  const wrong = values.findIndex((value, i) => !isSame(value, wanted[i]));
  if (wrong < 0) return { kind: "right" };
  // A known mistake first: its values may have a wrong shape, or be no numbers, for a reason that has a word.
  for (const { words, answer: known } of exercise.mistakes)
    if (inputs.every((input, i) => isSame(values[i], known(...copyOf(input))))) return { kind: "mistake", words };
  const input = inputs[wrong] ?? [];
  const value = values[wrong];
  const [found, asked] = [shapeOf(value), shapeOf(wanted[wrong])];
  if (numbersIn(value).some(Number.isNaN)) return { kind: "notANumber", input, value };
  if (inputs.length > 1 && values.every((other) => isSame(other, values[0])) && !isSame(wanted[0], wanted[1]))
    return { kind: "undone" };
  if (found !== asked) return { kind: "shape", found, wanted: asked };
  return { kind: "wrong", input, value, wanted: wanted[wrong] };
}

export function inputsOf({ fixed, draw }: Exercise): readonly (readonly unknown[])[] {
  const drawn = draw
    ? seeds.flatMap((seed) => {
        const random = randomFrom(seed);
        return Array.from({ length: drawsOfSeed }, () => draw(random));
      })
    : [];
  return [...fixed, ...drawn];
}

/** A copy for each call: an answer may change what it is given. */
const copyOf = (input: readonly unknown[]): unknown[] => structuredClone([...input]);

const messageOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : `${error}`);

/** Whether two values are equal, their numbers but for rounding. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === "number" && typeof other === "number") {
    if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) && Number.isNaN(other);
    return one === other || Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(other));
  }
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return (
    names.length === others.length &&
    names.every((name) => isSame((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]))
  );
}

/** What a value is, in words, its numbers apart. */
export function shapeOf(value: unknown): string {
  if (typeof value === "number") return "a number";
  if (value === undefined) return "nothing";
  if (value === null || typeof value !== "object") return `a ${value === null ? "null" : typeof value}`;
  if (!Array.isArray(value)) return `an object with ${Object.keys(value).sort().join(", ")}`;
  if (value.length === 0) return "an empty list";
  const kinds = new Set(value.map(shapeOf));
  const kind = kinds.size === 1 ? `, each ${[...kinds][0]}` : " of different things";
  return `a list of ${value.length}${kind}`;
}

const numbersIn = (value: unknown): number[] =>
  typeof value === "number"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(numbersIn)
      : [];
