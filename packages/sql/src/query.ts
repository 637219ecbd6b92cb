import { InputError } from "em-mixtures";
import { QueryError } from "./errors.js";

/** A row of a result: values by the names of their columns. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Runs a query and gives its rows, by any client. Where a `signal` is given and aborted, the client should cancel the
 * query; what it throws then does not matter.
 */
export type Query = (sql: string, signal?: AbortSignal) => Promise<readonly Row[]>;

/**
 * The query, sent once more where it fails: a query here depends on nothing but its text, and networks hiccup.
 *
 * @throws QueryError where it fails twice; the signal's reason once it is aborted
 */
export function repeated(query: Query, signal: AbortSignal | undefined): (sql: string) => Promise<readonly Row[]> {
  if (typeof query !== "function")
    throw new InputError("query", "must be a function", query, "Give one that runs SQL and resolves to its rows.");
  const once = async (sql: string) => {
    signal?.throwIfAborted();
    const rows = await query(sql, signal);
    if (Array.isArray(rows)) return rows as readonly Row[];
    throw new InputError("the query's result", "must be an array of rows", rows, "Resolve to objects by column name.");
  };
  return async (sql) => {
    try {
      return await once(sql);
    } catch (error) {
      if (error instanceof InputError) throw error;
    }
    try {
      return await once(sql);
    } catch (error) {
      signal?.throwIfAborted();
      throw new QueryError(sql, error);
    }
  };
}

/** A number of a result: clients give some types as text or as bigint. NULL, the sum of no row, is 0. */
export function numberOf(row: Row, name: string): number {
  const value = row[name] ?? 0;
  const number = Number(value);
  if (name in row && !(typeof value === "object" && Number.isNaN(number))) return number;
  throw new InputError(
    `the query's result: ${name}`,
    "must be a number",
    value,
    "Give rows as objects by column name.",
  );
}
