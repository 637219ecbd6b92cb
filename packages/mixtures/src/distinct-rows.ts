import type { Data } from "./data.js";
import { randomFrom } from "./random.js";

/** Below this many rows nothing is gained. */
const fewRows = 32;
/** Up to this many rows the equal ones are looked for at once, above it first among some. */
const manyRows = 4096;
/** Whole numbers below this are counted in a table. */
const tableLength = 2 ** 16;

/**
 * The different rows of the data, each with the weight of all rows that equal it: what sums over the rows, as a fit and
 * a log-likelihood are, stays the same but for rounding. The data themselves where fewer than half of their rows would go.
 */
export function distinctRows(data: Data): Data {
  if (data.rows < fewRows) return data;
  const { columns, values } = data;
  const distinct = (columns === 1 && countIntegers(data)) || (seemsRepeated(data) && gatherRows(data));
  if (!distinct || 2 * distinct.weights.length > data.rows) return data;
  const originOf = (row: number): number => {
    for (let origin = 0; ; origin++) if (equals(distinct.values, row, values, origin, columns)) return origin;
  };
  return { ...data, ...distinct, rows: distinct.weights.length, originOf };
}

type Distinct = Pick<Data, "values"> & { readonly weights: Float64Array };

function equals(some: Float64Array, row: number, others: Float64Array, other: number, columns: number): boolean {
  for (let j = 0; j < columns; j++) {
    const [one, two] = [some[row * columns + j], others[other * columns + j]];
    if (one !== two && !(Number.isNaN(one) && Number.isNaN(two))) return false;
  }
  return true;
}

/** The distinct values of one column of small whole numbers, in ascending order; undefined where it has others. */
function countIntegers({ values, weights }: Data): Distinct | undefined {
  const totals = weights === undefined ? tally(values) : addUp(values, weights);
  if (totals === undefined) return undefined;
  // What weighs nothing adds nothing.
  const found: number[] = [];
  for (let value = 0; value < tableLength; value++) if (totals[value] > 0) found.push(value);
  return { values: Float64Array.from(found), weights: Float64Array.from(found, (value) => totals[value]) };
}

// A loop for whole numbers is five times as fast as one for both.

function tally(values: Float64Array): Uint32Array | undefined {
  const totals = new Uint32Array(tableLength);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const place = value & (tableLength - 1);
    if (place !== value) return undefined;
    totals[place]++;
  }
  return totals;
}

function addUp(values: Float64Array, weights: Float64Array): Float64Array | undefined {
  const totals = new Float64Array(tableLength);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    const place = value & (tableLength - 1);
    if (place !== value) return undefined;
    totals[place] += weights[row];
  }
  return totals;
}

/**
 * Whether about half of the rows or more equal others, by a sample with 16 √N draws. Of N different rows it draws
 * 16² / 2 again, of N / 2 different ones twice as many: in the middle is where it decides.
 */
function seemsRepeated(data: Data): boolean {
  const { rows, columns, values } = data;
  if (rows <= manyRows) return true;
  const random = randomFrom(0);
  const draws = Math.ceil(16 * Math.sqrt(rows));
  const drawn = Int32Array.from({ length: draws }, () => Math.floor(random() * rows));
  return draws - (numberRows(values, columns, draws, drawn)?.firsts.length ?? 0) > 192;
}

/** The distinct rows, in the order of their first places; undefined where they are more than half of all. */
function gatherRows({ values, columns, rows, weights }: Data): Distinct | undefined {
  const numbered = numberRows(values, columns, rows >> 1);
  if (numbered === undefined) return undefined;
  const { firsts, numbers } = numbered;
  const gathered: Distinct = {
    values: new Float64Array(firsts.length * columns),
    weights: new Float64Array(firsts.length),
  };
  for (const [number, row] of firsts.entries())
    gathered.values.set(values.subarray(row * columns, (row + 1) * columns), number * columns);
  for (let row = 0; row < rows; row++) gathered.weights[numbers[row]] += weights === undefined ? 1 : weights[row];
  return gathered;
}

/**
 * Numbers the distinct rows, of all or of the given ones, from 0 in the order of their first places: these, and each row's
 * number. Undefined where there are more than `most`.
 */
function numberRows(
  values: Float64Array,
  columns: number,
  most: number,
  given?: Int32Array,
): { readonly firsts: readonly number[]; readonly numbers: Int32Array } | undefined {
  const rows = given?.length ?? values.length / columns;
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const width = 2 * columns;
  // Open addressing: each slot holds a distinct row's number + 1. It is never more than half full.
  const bits = Math.ceil(Math.log2(2 * most + 2));
  const slots = new Int32Array(2 ** bits);
  const firsts: number[] = [];
  const numbers = new Int32Array(rows);
  for (let index = 0; index < rows; index++) {
    const row = given === undefined ? index : given[index];
    const at = row * width;
    let hash = 0;
    for (let word = at; word < at + width; word++) {
      hash = Math.imul(hash ^ words[word], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = Math.imul(hash, 0x85ebca6b) >>> (32 - bits);
    let number = slots[slot] - 1;
    while (number >= 0 && !sameWords(words, firsts[number] * width, at, width)) {
      slot = (slot + 1) & (slots.length - 1);
      number = slots[slot] - 1;
    }
    if (number < 0) {
      if (firsts.length === most) return undefined;
      number = firsts.push(row) - 1;
      slots[slot] = number + 1;
    }
    numbers[index] = number;
  }
  return { firsts, numbers };
}

function sameWords(words: Int32Array, one: number, other: number, width: number): boolean {
  for (let word = 0; word < width; word++) if (words[one + word] !== words[other + word]) return false;
  return true;
}
