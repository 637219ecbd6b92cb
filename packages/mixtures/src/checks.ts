import { InputError, type Place } from "./errors.js";

/** How far from 1 the sum of weights or of a row of responsibilities may lie: rounding, and figures copied by hand. */
const sumTolerance = 1e-6;

export function checkFinite(value: unknown, place: Place | string): asserts value is number {
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new InputError(place, "must be a finite number", value, "Remove or replace it.");
}

export function checkPositive(value: unknown, place: Place | string): asserts value is number {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0)
    throw new InputError(place, "must be a finite number above 0", value, "Give a positive one.");
}

export function checkNotNegative(value: unknown, place: Place | string): asserts value is number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
    throw new InputError(place, "must be a finite number of at least 0", value, "Give 0 or a positive one.");
}

export function checkProbability(value: unknown, place: Place | string): asserts value is number {
  // The negated comparison also catches NaN.
  if (typeof value !== "number" || !(value >= 0 && value <= 1))
    throw new InputError(place, "must be a probability, from 0 to 1", value, "Give a number in that range.");
}

export function checkInteger(value: unknown, least: number, place: Place | string): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < least)
    throw new InputError(place, `must be an integer of at least ${least}`, value, `Give ${least} or more.`);
}

/** Checks an array's type and length; `length` undefined asks only that it is not empty. Returns the length. */
export function checkLength(value: unknown, length: number | undefined, place: Place | string): number {
  const found = Array.isArray(value) || ArrayBuffer.isView(value) ? (value as ArrayLike<unknown>).length : undefined;
  if (found === undefined) throw new InputError(place, "must be an array", value, "Give an array.");
  if (length === undefined ? found === 0 : found !== length) {
    const entries = length === 1 ? "one entry" : `${length} entries`;
    const rule = length === undefined ? "must not be empty" : `must have ${entries}`;
    throw new InputError(place, rule, value, length === undefined ? "Give at least one entry." : "Check its shape.");
  }
  return found;
}

/** Checks that numbers are probabilities and sum to 1, as mixing weights or one row's responsibilities must. */
export function checkDistribution(values: ArrayLike<number>, name: string, row?: number): void {
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    checkProbability(values[index], row === undefined ? { name, row: index } : { name, row, column: index });
    sum += values[index];
  }
  if (Math.abs(sum - 1) > sumTolerance) {
    const place = row === undefined ? { name } : { name, row };
    throw new InputError(place, "must sum to 1", sum, "Divide each entry by their sum.");
  }
}

/** Checks that options are an object and that each has a known name: a misspelt one would be passed over in silence. */
export function checkOptions(options: unknown, known: readonly string[], place = "options"): void {
  checkObject(options, place, "Give an object, such as { nComponents: 2 }.");
  for (const name of Object.keys(options as object)) {
    if (known.includes(name)) continue;
    const likeness = (other: string) => editDistance(name.toLowerCase().replaceAll("_", ""), other.toLowerCase());
    const nearest = [...known].sort((one, other) => likeness(one) - likeness(other))[0];
    throw new InputError(place, `must be among ${known.join(", ")}`, name, `Did you mean ${nearest}?`);
  }
}

export function checkObject(value: unknown, place: string, remedy: string): void {
  if (typeof value !== "object" || value === null) throw new InputError(place, "must be an object", value, remedy);
}

/** Checks a callback; undefined is none. */
export function checkFunction(value: unknown, place: string): void {
  if (value !== undefined && typeof value !== "function")
    throw new InputError(place, "must be a function", value, "Leave it out, or give a function.");
}

/** Levenshtein's distance: how many letters must be put in, left out or changed to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++)
      next.push(Math.min(row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1), row[j] + 1, next[j - 1] + 1));
    row = next;
  }
  return row[to.length];
}
