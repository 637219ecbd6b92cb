import type { Random } from "./random.js";

// biome-ignore lint/suspicious/noExplicitAny: exercises differ in what their functions take
export type AnyFunction = (...values: any[]) => unknown;

/** What a check knows of an exercise. An answer is right if it does as `right` does, on the fixed inputs and on drawn ones. */
export interface Exercise<F extends AnyFunction = AnyFunction> {
  readonly right: F;
  /** Inputs that show what random ones may not: those of the notebook, first. */
  readonly fixed: readonly Parameters<F>[];
  /** A random input; left out where there is nothing to draw. */
  readonly draw?: (random: Random) => Parameters<F>;
  /** Wrong answers that are often given, each with a word for who gives it. */
  readonly mistakes: readonly Mistake<F>[];
  /** A word for who gives another wrong answer. */
  readonly hint: string;
}

export interface Mistake<F extends AnyFunction = AnyFunction> {
  readonly words: string;
  readonly answer: F;
}

/** An exercise with its types checked. */
export const exercise = <F extends AnyFunction>(definition: Exercise<F>): Exercise<F> => definition;
