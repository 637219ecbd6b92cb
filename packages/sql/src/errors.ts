import { EmError } from "em-mixtures";

/** A table that cannot be fitted: a column that is missing or no number, rows that are incomplete, rows that changed. */
export class TableError extends EmError {
  override readonly name = "TableError";
}

/** A query that failed twice. `cause` is the client's error, `sql` the query. */
export class QueryError extends EmError {
  override readonly name = "QueryError";
  readonly sql: string;

  constructor(sql: string, cause: unknown) {
    // Some clients throw objects that are no errors, or hide the engine's own words below a general message.
    const { message, response } = (cause ?? {}) as { message?: unknown; response?: { errorMessage?: unknown } };
    super(`The engine refused a query, twice: ${response?.errorMessage ?? message ?? cause}`, { cause });
    this.sql = sql;
  }
}
