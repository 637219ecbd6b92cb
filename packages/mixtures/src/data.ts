import { checkFinite, checkInteger, checkLength, checkNotNegative } from "./checks.js";
import { InputError } from "./errors.js";

/** Observations in one flat array, row after row: `values[row * columns + column]`. It is used in place, never copied. */
export interface Matrix {
  readonly values: Float64Array;
  readonly columns: number;
}

/**
 * Observations, in any of four forms: an array of numbers or a Float64Array (one column), an array of rows of equal
 * length, or a flat {@link Matrix}. Float64Arrays are used without a copy.
 */
export type Samples = readonly number[] | readonly ArrayLike<number>[] | Float64Array | Matrix;

/** Checked observations as the engine reads them. */
export interface Data extends Matrix {
  /** What messages call them. */
  readonly name: string;
  readonly rows: number;
  /** A weight for each row; undefined where every row counts once. */
  readonly weights: Float64Array | undefined;
  /** The sum of the weights: the number of rows where there are none. */
  readonly totalWeight: number;
  /** Whether some value is NaN, standing for a missing one. */
  readonly missing: boolean;
  /** Whether rows of probability 0 are allowed: they are in scores, not in fits. */
  readonly allowsImpossible: boolean;
  /** The caller's row that a row comes from, where the rows are not the caller's own. */
  readonly originOf?: (row: number) => number;
}

/** How observations are to be read; accepted by every method that takes some. */
export interface DataOptions {
  /** How often each row counts: numbers of at least 0, not all 0. A weight of 2 equals repeating the row. */
  readonly sampleWeight?: ArrayLike<number>;
  /** Take NaN for a missing value instead of an error. */
  readonly allowMissing?: boolean;
}

/** The names of these options. */
export const dataOptions = ["sampleWeight", "allowMissing"] as const satisfies readonly (keyof DataOptions)[];

/** A model's rule for its observations, such as "must be 0 or 1". */
export interface ValueRule {
  /** What must hold, as messages say it; of a column where it is not the same for all. */
  readonly rule: string | ((column: number) => string);
  /** What to do where it does not. */
  readonly remedy?: string;
  readonly holds: (value: number, column: number) => boolean;
  /** What must hold of a row's values together. */
  readonly row?: { readonly rule: string; readonly holds: (x: Float64Array) => boolean };
}

const finite: ValueRule = {
  rule: "must be a finite number",
  remedy:
    "Remove the row or replace the value; a GaussianMixture takes NaN for a missing value with allowMissing: true.",
  // What is not finite, no rule lets pass.
  holds: () => true,
};

/**
 * Reads and checks observations.
 * @param name what messages call them
 * @param columns the number of columns that a model asks for; any where undefined
 * @throws InputError that names row and column, for data that are empty or ragged, hold no number, or break the rule
 */
export function readData(
  samples: Samples,
  options: DataOptions & {
    readonly name?: string;
    readonly columns?: number | undefined;
    readonly valueRule?: ValueRule | undefined;
    /** Whether the model takes missing values, if `allowMissing` says so: unless given, where it has no rule. */
    readonly takesMissing?: boolean | undefined;
    readonly allowsImpossible?: boolean;
    /** What to do about another number of columns. */
    readonly shapeRemedy?: string | undefined;
  },
): Data {
  const { name = "X", valueRule = finite, allowMissing = false, allowsImpossible = false } = options;
  const { takesMissing = valueRule === finite, shapeRemedy = "Check its shape." } = options;
  const matrix = asMatrix(samples, name);
  const { values, columns } = matrix;
  const rows = values.length / columns;
  if (options.columns !== undefined && columns !== options.columns)
    throw new InputError(name, `must have ${options.columns} columns, as the model has`, columns, shapeRemedy);
  let missing = false;
  const { rule, remedy = "Correct it, or leave the row out.", holds } = valueRule;
  const isSound = valueRule === finite ? undefined : holds;
  const next = (begin: number) => breachFrom(values, begin, columns, isSound);
  for (let index = next(0); index < values.length; index = next(index + 1)) {
    const value = values[index];
    if (allowMissing && takesMissing && Number.isNaN(value)) missing = true;
    else {
      const row = Math.floor(index / columns);
      const column = index % columns;
      const place = columns === 1 ? { name, row } : { name, row, column };
      throw new InputError(place, typeof rule === "string" ? rule : rule(column), value, remedy);
    }
  }
  if (valueRule.row !== undefined) checkRows(valueRule.row, { values, columns }, name, remedy);
  const weights = readWeights(options.sampleWeight, rows);
  if (weights.totalWeight === 0)
    throw new InputError(
      "sampleWeight",
      "must not be 0 everywhere",
      weights.weights,
      "Give some row a positive weight.",
    );
  return { name, values, columns, rows, missing, allowsImpossible, ...weights };
}

// To call a function for each of a million values would take longer than most of what is done with them.

/** The first place from `begin` on of a value that is not sound (not finite where `isSound` is undefined); else the length. */
function breachFrom(
  values: Float64Array,
  begin: number,
  columns: number,
  isSound: ValueRule["holds"] | undefined,
): number {
  let index = begin;
  if (isSound === undefined) while (index < values.length && values[index] - values[index] === 0) index++;
  else if (begin === 0 && areSoundUpTo(largestCount(values), columns, isSound)) return values.length;
  else
    while (index < values.length && Number.isFinite(values[index]) && isSound(values[index], index % columns)) index++;
  return index;
}

/** The largest value where all are whole numbers below 2^16, as counts are; else −1. */
function largestCount(values: Float64Array): number {
  let largest = 0;
  for (let index = 0; index < values.length; index++) {
    const count = values[index] & 0xffff;
    if (count !== values[index]) return -1;
    if (count > largest) largest = count;
  }
  return largest;
}

/** Whether all whole numbers from 0 to the largest are sound in every column, and there is one. */
function areSoundUpTo(largest: number, columns: number, isSound: ValueRule["holds"]): boolean {
  for (let count = 0; count <= largest; count++)
    for (let column = 0; column < columns; column++) if (!isSound(count, column)) return false;
  return largest >= 0;
}

function checkRows(
  row: NonNullable<ValueRule["row"]>,
  { values, columns }: Matrix,
  name: string,
  remedy: string,
): void {
  for (let begin = 0; begin < values.length; begin += columns) {
    const x = values.subarray(begin, begin + columns);
    if (!row.holds(x)) throw new InputError({ name, row: begin / columns }, row.rule, `[${x.join(", ")}]`, remedy);
  }
}

function asMatrix(samples: Samples, name: string): Matrix {
  const flat = samples as Matrix | undefined;
  // An array, too, has a property `values`, but that is a method.
  if (typeof flat?.values === "object") return checkMatrix(flat, name);
  checkLength(samples, undefined, name);
  if (samples instanceof Float64Array) return { values: samples, columns: 1 };
  const list = samples as readonly unknown[];
  if (!isRow(list[0])) {
    const values = new Float64Array(list.length);
    for (let row = 0; row < list.length; row++) values[row] = asNumber(list[row], name, row);
    return { values, columns: 1 };
  }
  const columns = checkLength(list[0], undefined, { name, row: 0 });
  const values = new Float64Array(list.length * columns);
  for (let row = 0; row < list.length; row++) {
    const entries = list[row];
    if (!isRow(entries) || entries.length !== columns) {
      const rule = `must be a row of ${columns} numbers, as the first row is`;
      throw new InputError({ name, row }, rule, entries, "Give every row the same number of columns.");
    }
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = asNumber(entries[column], name, row, column);
  }
  return { values, columns };
}

function checkMatrix(matrix: Matrix, name: string): Matrix {
  const { values, columns } = matrix;
  if (!(values instanceof Float64Array))
    throw new InputError(`${name}.values`, "must be a Float64Array", values, "Float64Array.from(…) makes one.");
  checkLength(values, undefined, `${name}.values`);
  checkInteger(columns, 1, `${name}.columns`);
  if (values.length % columns !== 0) {
    const rule = `must have a length that is a multiple of its ${columns} columns`;
    throw new InputError(`${name}.values`, rule, values.length, "Check the number of columns.");
  }
  return matrix;
}

function isRow(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function asNumber(value: unknown, name: string, row: number, column?: number): number {
  if (typeof value === "number") return value;
  const place = column === undefined ? { name, row } : { name, row, column };
  throw new InputError(place, "must be a number", value, "Convert it, with Number(…) for instance.");
}

/** Checks the weights of rows and adds them up. */
export function readWeights(
  given: ArrayLike<number> | undefined,
  rows: number,
  name = "sampleWeight",
): Pick<Data, "weights" | "totalWeight"> {
  if (given === undefined) return { weights: undefined, totalWeight: rows };
  checkLength(given, rows, name);
  let totalWeight = 0;
  for (let row = 0; row < rows; row++) {
    checkNotNegative(given[row], { name, row });
    totalWeight += given[row];
  }
  checkFinite(totalWeight, `the sum of ${name}`);
  return { weights: given instanceof Float64Array ? given : Float64Array.from(given), totalWeight };
}
