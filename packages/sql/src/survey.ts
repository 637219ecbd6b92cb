import { literal } from "./dialects.js";
import { TableError } from "./errors.js";
import { numberOf, type Row } from "./query.js";
import { completeRows, type Table } from "./table.js";

type Run = (sql: string) => Promise<readonly Row[]>;

/** What a table's columns are like, over its complete rows. */
export interface TableSurvey {
  readonly rows: number;
  readonly totalWeight: number;
  readonly means: Float64Array;
  /** Σ w (x − mean)² / Σ w */
  readonly variances: Float64Array;
}

const numeric =
  /^(tiny|small|medium|big|huge|u\w*)?int|^(smallserial|serial|bigserial|real|float|double|decimal|numeric)/i;

/** Counts the rows that can be fitted, in one query after one that asks for the columns' types. */
export async function countRows(run: Run, table: Table): Promise<{ readonly rows: number; readonly sums: Row }> {
  const { dialect, name, from, columns, weightColumn, value, complete } = table;
  const used = weightColumn === undefined ? columns : [...columns, weightColumn];
  const types = used.map((column, j) => `${dialect.typeOf(dialect.quote(column))} AS t${j}`);
  const [first] = await run(`SELECT ${types.join(", ")} FROM ${from} LIMIT 1`);
  if (first === undefined) throw new TableError(`${name} has no rows. Check its name, or the conditions.`);
  for (const [j, column] of used.entries())
    if (!numeric.test(String(first[`t${j}`])))
      throw new TableError(
        `Column ${column} of ${name} must hold numbers, but is of type ${first[`t${j}`]}. Convert it.`,
      );
  const count = (condition: string, as: string) => `sum(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS ${as}`;
  const faults = used.flatMap((column, j) => [
    count(`${dialect.quote(column)} IS NULL`, `missing${j}`),
    count(`${dialect.quote(column)} IS NOT NULL AND NOT (${dialect.isFinite(value(column))})`, `odd${j}`),
  ]);
  const negative = weightColumn === undefined ? [] : [count(`${value(weightColumn)} < 0e0`, "negative")];
  const means = columns.map((column, j) => `avg(CASE WHEN ${complete} THEN ${value(column)} END) AS m${j}`);
  const all = ["count(*) AS n", count(complete, "complete"), ...faults, ...negative, ...means];
  const [sums] = await run(`SELECT ${all.join(", ")} FROM ${from}`);
  const [total, rows] = [numberOf(sums, "n"), numberOf(sums, "complete")];
  const found = used.flatMap((column, j) => {
    const [missing, odd] = [numberOf(sums, `missing${j}`), numberOf(sums, `odd${j}`)];
    return [
      ...(missing > 0 ? [`column ${column} is NULL in ${missing}`] : []),
      ...(odd > 0 ? [`column ${column} is NaN or infinite in ${odd}`] : []),
    ];
  });
  if (weightColumn !== undefined && numberOf(sums, "negative") > 0)
    found.push(`the weight ${weightColumn} is below 0 in ${numberOf(sums, "negative")}`);
  if (rows === 0) throw new TableError(`${name} has no complete row among ${total}: ${found.join(", ")}.`);
  if (rows < total && !table.dropIncomplete)
    throw new TableError(
      `${name} has incomplete rows, of ${total}: ${found.join(", ")}. Set dropIncomplete to leave them out.`,
    );
  return { rows, sums };
}

/**
 * Surveys a table. Variances are taken about the means of a query before, so that nothing cancels in columns far from 0.
 *
 * @throws TableError for no rows, columns that are no numbers, incomplete rows
 */
export async function surveyTable(run: Run, table: Table): Promise<TableSurvey> {
  const { columns, weightColumn } = table;
  const { rows, sums } = await countRows(run, table);
  const about = columns.map((_, j) => numberOf(sums, `m${j}`));
  const times = weightColumn === undefined ? "" : "w * ";
  const offsets = about.map((mean, j) => `(x${j} - ${literal(mean)})`);
  const wanted = [
    weightColumn === undefined ? "count(*) AS w" : "sum(w) AS w",
    ...offsets.flatMap((d, j) => [`sum(${times}${d}) AS f${j}`, `sum(${times}${d} * ${d}) AS s${j}`]),
  ];
  const [moments] = await run(`SELECT ${wanted.join(", ")} FROM (${completeRows(table)}) AS x`);
  const totalWeight = numberOf(moments, "w");
  if (!(totalWeight > 0)) throw new TableError(`The weight ${weightColumn} of ${table.name} must not be 0 everywhere.`);
  const shifts = about.map((_, j) => numberOf(moments, `f${j}`) / totalWeight);
  return {
    rows,
    totalWeight,
    means: Float64Array.from(about, (mean, j) => mean + shifts[j]),
    variances: Float64Array.from(about, (_, j) =>
      Math.max(0, numberOf(moments, `s${j}`) / totalWeight - shifts[j] ** 2),
    ),
  };
}

/** Rows of the table drawn by chance, in one query: with keys, the same ones for the same seed, whatever the engine's threads. */
export async function sampleTable(
  run: Run,
  table: Table,
  keys: readonly string[],
  count: number,
  seed: number,
): Promise<{ readonly sample: Float64Array; readonly sampleWeight?: Float64Array }> {
  const { dialect, columns, weightColumn } = table;
  const named = keys.map((key, at) => `${dialect.quote(key)} AS k${at}`);
  const order = keys.map((_, at) => `k${at}`);
  const by = [dialect.randomOrder(order, seed), ...order].join(", ");
  const rows = await run(`SELECT * FROM (${completeRows(table, named)}) AS x ORDER BY ${by} LIMIT ${count}`);
  const sample = new Float64Array(rows.length * columns.length);
  rows.forEach((row, at) => {
    for (let j = 0; j < columns.length; j++) sample[at * columns.length + j] = numberOf(row, `x${j}`);
  });
  if (weightColumn === undefined) return { sample };
  return { sample, sampleWeight: Float64Array.from(rows, (row) => numberOf(row, "w")) };
}
