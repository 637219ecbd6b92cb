import { InputError } from "em-mixtures";
import { type Dialect, type DialectName, dialectOf } from "./dialects.js";

/** Which numbers are meant, and where they lie. */
export interface TableOptions {
  readonly dialect: DialectName;
  /** The table's name, or its parts: `["schema", "table"]`. Quoted, so that it is a name whatever it contains. */
  readonly table?: string | readonly string[];
  /** In place of `table`: a SELECT of your own, sent as it is. */
  readonly sql?: string;
  /** The columns to fit: numbers of any type. */
  readonly columns: readonly string[];
  /** A column that says how often each row counts. */
  readonly weightColumn?: string;
  /** Leave out rows with a NULL, NaN or infinite value in some column; else such rows are an error. */
  readonly dropIncomplete?: boolean;
}

export const tableOptions = ["dialect", "table", "sql", "columns", "weightColumn", "dropIncomplete"] as const;

/** A table as queries name it. */
export interface Table {
  readonly dialect: Dialect;
  /** What messages call it. */
  readonly name: string;
  /** What stands after FROM. */
  readonly from: string;
  readonly columns: readonly string[];
  readonly weightColumn: string | undefined;
  readonly dropIncomplete: boolean;
  /** Column j, or the weight's, as a number. */
  value(column: string): string;
  /** Whether a row is complete: all its values are there and finite, and its weight at least 0. */
  readonly complete: string;
}

export function readTable(options: TableOptions): Table {
  const { table, sql, columns, weightColumn, dropIncomplete = false } = options;
  const dialect = dialectOf(options.dialect);
  if ((table === undefined) === (sql === undefined))
    throw new InputError("table", "must be given, or else sql", table, "Name the table, or give a SELECT of your own.");
  const parts = typeof table === "string" ? [table] : (table ?? []);
  for (const [name, names] of [
    ["table", parts],
    ["columns", columns],
  ] as const)
    if (
      !Array.isArray(names) ||
      !names.every((each) => typeof each === "string" && each !== "" && !each.includes("\0"))
    )
      throw new InputError(name, "must be names", names, "Give strings that are not empty.");
  if (columns.length === 0) throw new InputError("columns", "must not be empty", columns, "Name the columns to fit.");
  const value = (column: string) => `CAST(${dialect.quote(column)} AS ${dialect.double})`;
  const present = (column: string) => `${dialect.quote(column)} IS NOT NULL AND ${dialect.isFinite(value(column))}`;
  const weight = weightColumn === undefined ? [] : [present(weightColumn), `${value(weightColumn)} >= 0e0`];
  return {
    dialect,
    name: sql === undefined ? parts.join(".") : "the query's rows",
    from: sql === undefined ? parts.map(dialect.quote).join(".") : `(${sql}) AS source`,
    columns,
    weightColumn,
    dropIncomplete,
    value,
    complete: [...columns.map(present), ...weight].join(" AND "),
  };
}

/** The complete rows, as x0, x1, … and, where there are weights, w. `more` is selected beside them. */
export function completeRows(
  { columns, weightColumn, value, from, complete }: Table,
  more: readonly string[] = [],
): string {
  const values = columns.map((column, j) => `${value(column)} AS x${j}`);
  const weight = weightColumn === undefined ? [] : [`${value(weightColumn)} AS w`];
  return `SELECT ${[...values, ...weight, ...more].join(", ")} FROM ${from} WHERE ${complete}`;
}
