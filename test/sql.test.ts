import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { GaussianMixture } from "em-mixtures";
import { fitTable, QueryError, type Row, scoreSql } from "em-sql";
import { dialects, literal } from "../packages/sql/src/dialects.js";
import { sumsQuery } from "../packages/sql/src/sums.js";
import { readTable } from "../packages/sql/src/table.js";

const model = GaussianMixture.from({
  weights: [0.25, 0, 0.75],
  means: [
    [1e7, -0.5],
    [0, 0],
    [1, 2],
  ],
  covariances: [
    [
      [4, 1],
      [1, 2],
    ],
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ],
});
const names = Object.keys(dialects) as (keyof typeof dialects)[];

/** The file with the queries of a dialect. RENEW=1 writes it anew: read what changed. */
function assertGolden(dialect: string, text: string): void {
  const folder = new URL("fixtures/sql/", import.meta.url);
  const file = new URL(`${dialect}.sql`, folder);
  if (process.env.RENEW) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(text, readFileSync(file, "utf8"));
}

for (const dialect of names)
  test(`the queries for ${dialect} are those of the golden file`, async () => {
    const options = { dialect, table: ["main", 'odd "` name'], columns: ["x", "y"], weightColumn: "w" } as const;
    const seen: string[] = [];
    // Answers as of a table of nine rows, for all queries up to the first step's.
    const query = async (sql: string): Promise<Row[]> => {
      seen.push(sql);
      const row = Object.fromEntries([...sql.matchAll(/ AS (\w+)/g)].map(([, name]) => [name, 9]));
      if (sql.includes(" AS t0")) return [{ t0: "double", t1: "double", t2: "double" }];
      if (sql.includes(" AS missing0"))
        return [{ ...row, missing0: 0, missing1: 0, missing2: 0, odd0: 0, odd1: 0, odd2: 0, negative: 0 }];
      if (sql.includes("ORDER BY"))
        return [
          { x0: 1, x1: 2, w: 1 },
          { x0: 2, x1: 1, w: 1 },
        ];
      if (sql.startsWith("WITH")) throw new Error("that far");
      return [{ ...row, f0: 0, f1: 0, s0: 1, s1: 1 }];
    };
    await assert.rejects(fitTable(query, { ...options, key: ["id", "day"], init: model.params, seed: 3 }), QueryError);
    const table = readTable(options);
    const far = sumsQuery(table, model.densities(), Float64Array.of(0, 0, 0, 0, 1, 2)).sql;
    const exploded = { ...table, dialect: { ...table.dialect, widest: 1 } };
    const perComponent = sumsQuery(exploded, model.densities(), model.densities().means).sql;
    const { weightColumn: _, ...scored } = options;
    const parts = {
      "the columns' types": seen[0],
      "how many rows, and which are incomplete": seen[1],
      "moments about the means": seen[2],
      "the sample": seen[3],
      "one EM step": seen[4],
      "one EM step about other centres": far,
      "one EM step, a row for each component": perComponent,
      "the scores": scoreSql(model, { ...scored, keep: ["id"] }),
    };
    assert.equal(seen[5], seen[4], "a query that fails is sent once more");
    const text = Object.entries(parts).map(([title, sql]) => `-- ${title}\n${sql};\n`);
    assertGolden(dialect, text.join("\n"));
  });

test("numbers keep all their digits, and are doubles in every dialect", () => {
  for (const number of [0, -0.1, 1 / 3, 1e300, -5e-324]) {
    assert.match(literal(number), /^\(?-?\d(\.\d+)?e[+-]\d+\)?$/);
    assert.equal(Number(literal(number).replace(/[()]/g, "")), number);
  }
  for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => literal(number), /must be finite/);
});

test("em-sql names what is wrong with its options before it asks the engine", async () => {
  const query = () => assert.fail("asked");
  const right = { dialect: "duckdb", table: "t", columns: ["x"], nComponents: 1 } as const;
  const cases: readonly [object, RegExp][] = [
    [{ dialect: "oracle" }, /^InputError: dialect must be one of duckdb, postgres, spark, but is "oracle"/],
    [{ dialect: "toString" }, /^InputError: dialect must be one of/],
    [{ table: undefined }, /^InputError: table must be given, or else sql/],
    [{ sql: "SELECT 1" }, /^InputError: table must be given, or else sql/],
    [{ columns: [] }, /^InputError: columns must not be empty/],
    [{ columns: "x" }, /^InputError: columns must be names/],
    [{ table: ["main", ""] }, /^InputError: table must be names/],
    [{ sampleRows: 0 }, /^InputError: sampleRows must be an integer of at least 1/],
    [{ nComponent: 2 }, /^InputError: options must be among .* "nComponent". Did you mean nComponents\?/],
  ];
  for (const [change, message] of cases) await assert.rejects(fitTable(query, { ...right, ...change }), message);
  await assert.rejects(fitTable(undefined as never, right), /^InputError: query must be a function/);
  await assert.rejects(
    fitTable(async () => ({ rows: [] }) as never, right),
    /^InputError: the query's result must be an array of rows/,
  );
});
