export type { DialectName } from "./dialects.js";
export { type DuckDbConnection, duckDbChunks } from "./duckdb-chunks.js";
export { QueryError, TableError } from "./errors.js";
export { type FitCountsOptions, fitCounts, type WeightedModel } from "./fit-counts.js";
export { type FitTableOptions, fitTable } from "./fit-table.js";
export type { Query, Row } from "./query.js";
export { type ScoreOptions, scoreSql } from "./score-sql.js";
export type { TableOptions } from "./table.js";
