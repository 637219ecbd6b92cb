import { InputError, type Place } from "./errors.js";

/** How far from 1 a sum of probabilities may lie: room for rounding, and for figures copied by hand. */
const sumTolerance = 1e-6;

export function checkFinite(value: unknown, place: Place | string): void {
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new InputError(place, "must be a finite number", value, "Remove or replace it.");
}

export function checkPositive(value: unknown, place: Place | string): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0)
    throw new InputError(place, "must be a finite number above 0", value, "Give a positive one.");
}

export function checkNotNegative(value: unknown, place: Place | string): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
    throw new InputError(place, "must be a finite number of at least 0", value, "Give 0 or a positive one.");
}

export function checkCount(value: unknown, place: Place | string): void {
  if (!Number.isInteger(value) || (value as number) < 0)
    throw new InputError(place, "must be an integer of at least 0", value, "Give 0 or more.");
}

export function checkProbability(value: unknown, place: Place | string): void {
  // The negated comparison also catches NaN.
  if (typeof value !== "number" || !(value >= 0 && value <= 1))
    throw new InputError(place, "must be a probability, from 0 to 1", value, "Give a number in that range.");
}

export function checkObject(value: unknown, place: string, example: string): void {
  if (typeof value !== "object" || value === null)
    throw new InputError(place, "must be an object", value, `Give one such as ${example}.`);
}

/** Checks that a value is an array of `length` entries; of at least one where no length is asked. */
export function checkArray(value: unknown, place: Place | string, length?: number): void {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value))
    throw new InputError(place, "must be an array", value, "Give an array.");
  const found = (value as ArrayLike<unknown>).length;
  if (length === undefined && found === 0)
    throw new InputError(place, "must not be empty", value, "Give at least one entry.");
  if (length !== undefined && found !== length) {
    const rule = `must have ${length === 1 ? "one entry" : `${length} entries`}`;
    throw new InputError(place, rule, value, "Check its shape.");
  }
}

/** Checks that numbers are probabilities which sum to 1, as weights and a row of responsibilities must. */
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

/** Checks an N × K array of responsibilities and returns K. */
export function checkResponsibilities(rows: readonly ArrayLike<number>[], count: number): number {
  const name = "responsibilities";
  checkArray(rows, name, count);
  checkArray(rows[0], { name, row: 0 });
  const components = rows[0].length;
  for (let row = 0; row < count; row++) {
    checkArray(rows[row], { name, row }, components);
    checkDistribution(rows[row], name, row);
  }
  return components;
}

/** Checks that every option has a known name: a misspelt one would be passed over in silence. */
export function checkOptions(options: unknown, known: readonly string[]): void {
  checkObject(options, "options", `{ ${known[0]}: … }`);
  for (const name of Object.keys(options as object)) {
    if (known.includes(name)) continue;
    const nearest = [...known].sort((one, other) => editDistance(name, one) - editDistance(name, other))[0];
    throw new InputError("options", `must be among ${known.join(", ")}`, name, `Did you mean ${nearest}?`);
  }
}

/** Levenshtein's distance: how many letters must be put in, left out or changed to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = row[j - 1] + (from[i - 1].toLowerCase() === to[j - 1].toLowerCase() ? 0 : 1);
      next.push(Math.min(changed, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
