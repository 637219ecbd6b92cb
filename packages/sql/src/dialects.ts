import { InputError } from "em-mixtures";

/** What the engines' SQL differs in. Expressions go in and come out as text. */
export interface Dialect {
  quote(identifier: string): string;
  /** The name of the type of 64-bit floating-point numbers. */
  readonly double: string;
  /** Whether a number of that type is neither NaN nor infinite. */
  isFinite(number: string): string;
  /** The type of an expression, as text. */
  typeOf(expression: string): string;
  /** e to a power of at most 0. */
  exp(power: string): string;
  /** What a subselect ends with, so that the planner keeps it apart from the next. */
  readonly fence: string;
  /** An order of the rows by chance, the same for the same seed and keys; without keys, any. */
  randomOrder(keys: readonly string[], seed: number): string;
  /** The most columns of a result for which one row of sums is the best form. */
  readonly widest: number;
  /**
   * One row for each list of expressions: `SELECT <names> FROM <the rows of from, each once with every list>`. It is how
   * many sums become few columns and a GROUP BY.
   */
  explode(names: readonly string[], lists: readonly (readonly string[])[], from: string): string;
}

export type DialectName = "duckdb" | "postgres" | "spark";

const doubled = (mark: string) => (identifier: string) => `${mark}${identifier.replaceAll(mark, mark + mark)}${mark}`;
const struct = (names: readonly string[], list: readonly string[], pair: (name: string, value: string) => string) =>
  names.map((name, at) => pair(name, list[at])).join(", ");

/** All seen by running them: DuckDB 1.5, PostgreSQL 15, Spark 3.5. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  duckdb: {
    quote: doubled('"'),
    double: "DOUBLE",
    isFinite: (number) => `isfinite(${number})`,
    typeOf: (expression) => `typeof(${expression})`,
    exp: (power) => `exp(${power})`,
    fence: "",
    randomOrder: (keys, seed) => (keys.length === 0 ? "random()" : `hash(${[...keys, seed].join(", ")})`),
    widest: Number.POSITIVE_INFINITY,
    explode(names, lists, from) {
      const structs = lists.map((list) => `{${struct(names, list, (name, value) => `${name}: ${value}`)}}`);
      const fields = names.map((name) => `z.${name} AS ${name}`).join(", ");
      return `SELECT ${fields} FROM (SELECT unnest([${structs.join(", ")}]) AS z FROM ${from}) AS exploded`;
    },
  },
  postgres: {
    quote: doubled('"'),
    double: "DOUBLE PRECISION",
    // NaN equals NaN here.
    isFinite: (number) => `${number} NOT IN ('NaN', 'Infinity', '-Infinity')`,
    typeOf: (expression) => `pg_typeof(${expression})::text`,
    // An exponential below the least number is an error here, and so is a product of such: e^-600 leaves it room.
    exp: (power) => `CASE WHEN ${power} < -600e0 THEN 0e0 ELSE exp(${power}) END`,
    // A constant would do, but then no plan is parallel; without any, expressions are copied into each other and explode.
    fence: " OFFSET '0'::bigint",
    randomOrder: (keys, seed) =>
      keys.length === 0
        ? "random()"
        : `hashtextextended(${keys.map((key) => `${key}::text`).join(" || ',' || ")}, ${seed})`,
    // PostgreSQL itself takes 1664.
    widest: 1600,
    explode(names, lists, from) {
      const rows = lists.map((list) => `(${list.join(", ")})`).join(", ");
      return `SELECT z.* FROM ${from} CROSS JOIN LATERAL (VALUES ${rows}) AS z(${names.join(", ")})`;
    },
  },
  spark: {
    quote: doubled("`"),
    double: "DOUBLE",
    isFinite: (number) => `(NOT isnan(${number}) AND abs(${number}) < double('Infinity'))`,
    typeOf: (expression) => `typeof(${expression})`,
    exp: (power) => `exp(${power})`,
    fence: "",
    randomOrder: (keys, seed) => (keys.length === 0 ? `rand(${seed})` : `xxhash64(${[...keys, seed].join(", ")})`),
    // Long rows of sums make Java methods that are too long to compile.
    widest: 100,
    explode(names, lists, from) {
      const structs = lists.map(
        (list) => `named_struct(${struct(names, list, (name, value) => `'${name}', ${value}`)})`,
      );
      return `SELECT inline(array(${structs.join(", ")})) FROM ${from}`;
    },
  },
};

export function dialectOf(name: DialectName): Dialect {
  if (Object.hasOwn(dialects, name)) return dialects[name];
  const known = Object.keys(dialects);
  throw new InputError("dialect", `must be one of ${known.join(", ")}`, name, "Choose the engine that runs the query.");
}

/** A number as every dialect reads it as a double: all its digits, and an exponent. */
export function literal(number: number): string {
  if (!Number.isFinite(number))
    throw new InputError("a number in SQL", "must be finite", number, "Check the model's parameters.");
  return number < 0 ? `(${number.toExponential()})` : number.toExponential();
}
