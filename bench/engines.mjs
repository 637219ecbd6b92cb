// The same EM steps three ways: on rows in memory, on DuckDB's table by chunks, and by one SQL query a step. And, with
// Spark's package at hand, by Spark's own mixture model. What counts is the median step.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GaussianMixture } from "em-mixtures";
import { duckDbChunks, fitTable } from "em-sql";
import { installDrivers } from "../scripts/set-up/engines.mjs";
import { path } from "../scripts/set-up/project.mjs";
import { pythonOf } from "../scripts/set-up/python.mjs";

/**
 * @typedef {{ data: string, way: string, seconds: number, cpuSeconds: number, rowsPerSecond: number,
 *   cpuNanosecondsPerRow: number, agreement?: number, peakMegabytes?: number }} EngineRow
 */

/** @type {readonly { data: string, rows: number, columns: number, components: number }[]} */
const tables = [
  { data: "1e6 × 2, K = 3", rows: 1e6, columns: 2, components: 3 },
  { data: "1e7 × 1, K = 2", rows: 1e7, columns: 1, components: 2 },
  { data: "1e5 × 8, K = 8", rows: 1e5, columns: 8, components: 8 },
];
const steps = 9;

/** A SELECT of rows in groups, made by DuckDB from hashes: the same every time. @param {typeof tables[number]} table */
function rowsOf({ rows, columns, components }) {
  // The sum of three uniform numbers is near enough to a normal one.
  const uniform = (/** @type {number} */ seed) => `(hash(i, ${seed}) % 1000003) / 1000003.0`;
  const values = Array.from({ length: columns }, (_, j) => {
    const noise = [1, 2, 3].map((part) => uniform(10 * j + part)).join(" + ");
    return `CAST(${3 + j} * (i % ${components}) + 2 * (${noise} - 1.5) AS DOUBLE) AS x${j}`;
  });
  return `SELECT ${values.join(", ")} FROM range(${rows}) r(i)`;
}

/** A start near the groups. @param {typeof tables[number]} table */
const startOf = ({ columns, components }) => ({
  weights: Array.from({ length: components }, () => 1 / components),
  means: Array.from({ length: components }, (_, k) => Array.from({ length: columns }, (_, j) => (3 + j) * k + 0.3)),
  covariances: Array.from({ length: components }, () =>
    Array.from({ length: columns }, (_, i) => Array.from({ length: columns }, (_, j) => (i === j ? 1 : 0))),
  ),
});

/**
 * The median step of a fit, in seconds of time and of processors.
 * @template M @param {(options: { onIteration: () => void, maxIter: number }) => Promise<M>} fit @param {number} maxIter
 */
async function medianStep(fit, maxIter) {
  /** @type {{ seconds: number, cpuSeconds: number }[]} */
  const stamps = [];
  const onIteration = () => {
    const { user, system } = process.cpuUsage();
    stamps.push({ seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 });
  };
  const model = await fit({ onIteration, maxIter });
  const median = (/** @type {"seconds" | "cpuSeconds"} */ of) =>
    stamps
      .slice(1)
      .map((stamp, t) => stamp[of] - (stamps[t]?.[of] ?? 0))
      .sort((a, b) => a - b)[(stamps.length - 1) >> 1] ?? Number.NaN;
  return { model, seconds: median("seconds"), cpuSeconds: median("cpuSeconds") };
}

/** @param {boolean} large whether 1e8 rows of Parquet are taken as well @returns {Promise<EngineRow[]>} */
export async function measureEngines(large) {
  if (!installDrivers()) return [];
  const { DuckDBInstance } = createRequire(path("build", "engines", "package.json"))("@duckdb/node-api");
  // First, so that the peak of memory is its own.
  const parquet = large ? [await measureParquet(DuckDBInstance)] : [];
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
  const query = async (/** @type {string} */ sql) => (await connection.runAndReadAll(sql)).getRowObjects();
  /** @type {EngineRow[]} */
  const found = [...parquet];
  for (const table of tables) {
    const { data, rows, columns } = table;
    await connection.run(`CREATE OR REPLACE TABLE t AS ${rowsOf(table)}`);
    const names = Array.from({ length: columns }, (_, j) => `x${j}`);
    const values = new Float64Array(rows * columns);
    let at = 0;
    for await (const chunk of duckDbChunks(connection, { table: "t", columns: names })) {
      values.set(/** @type {Float64Array} */ (chunk), at);
      at += /** @type {Float64Array} */ (chunk).length;
    }
    const fit = { init: startOf(table), tol: 1e-300 };
    const chunks = duckDbChunks(connection, { table: "t", columns: names });
    /** @type {readonly (readonly [string, (options: object) => Promise<GaussianMixture>])[]} */
    const ways = [
      ["rows in memory", async (options) => GaussianMixture.fit({ values, columns }, { ...fit, ...options })],
      ["DuckDB, by chunks", (options) => GaussianMixture.fitChunks(chunks, { columns, ...fit, ...options })],
      [
        "DuckDB, by SQL",
        (options) =>
          fitTable(query, { dialect: "duckdb", table: "t", columns: names, acceleration: "none", ...fit, ...options }),
      ],
    ];
    /** @type {readonly number[] | undefined} */
    let reference;
    for (const [way, run] of ways) {
      const { model, seconds, cpuSeconds } = await medianStep(run, steps);
      const means = model.params.means.flat();
      reference ??= means;
      const other = reference;
      found.push({
        data,
        way,
        seconds,
        cpuSeconds,
        rowsPerSecond: rows / seconds,
        cpuNanosecondsPerRow: (1e9 * cpuSeconds) / rows,
        agreement: Math.max(...means.map((mean, i) => Math.abs(mean - (other[i] ?? Number.NaN)))),
      });
    }
    found.push(...sparkRow(table));
  }
  connection.closeSync();
  return found;
}

/** 1e8 rows of Parquet under a memory limit of 64 MB: 0.8 GB of disk. @param {any} DuckDBInstance @returns {Promise<EngineRow>} */
async function measureParquet(DuckDBInstance) {
  const folder = mkdtempSync(join(tmpdir(), "em-parquet-"));
  const [rows, files] = [1e8, 10];
  const table = { data: "1e8 × 1, Parquet, 64 MB", rows: rows / files, columns: 1, components: 2 };
  try {
    const maker = await (await DuckDBInstance.create(":memory:")).connect();
    for (let file = 0; file < files; file++)
      await maker.run(`COPY (${rowsOf(table)}) TO '${folder}/part-${file}.parquet' (FORMAT parquet)`);
    maker.closeSync();
    const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "64MB" });
    const connection = await instance.connect();
    const query = async (/** @type {string} */ sql) => (await connection.runAndReadAll(sql)).getRowObjects();
    const options = {
      dialect: /** @type {const} */ ("duckdb"),
      sql: `SELECT * FROM '${folder}/part-*.parquet'`,
      columns: ["x0"],
      init: startOf(table),
      tol: 1e-300,
    };
    const { seconds, cpuSeconds } = await medianStep(
      (more) => fitTable(query, { ...options, acceleration: "none", ...more }),
      3,
    );
    return {
      data: table.data,
      way: "DuckDB, by SQL",
      seconds,
      cpuSeconds,
      rowsPerSecond: rows / seconds,
      cpuNanosecondsPerRow: (1e9 * cpuSeconds) / rows,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Spark's own mixture model, where npm run engines has installed Spark. @param {typeof tables[number]} table @returns {EngineRow[]} */
function sparkRow({ data, rows, columns, components }) {
  const python = pythonOf(path("build", "spark"));
  if (!existsSync(python)) return [];
  const program = path("bench", "peers", "spark_mllib.py");
  const sizes = [rows, columns, components, steps].map(String);
  const { stdout, status } = spawnSync(python, [program, ...sizes], { encoding: "utf8", timeout: 300_000 });
  if (status !== 0) return [];
  const { seconds } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");
  return [
    {
      data,
      way: "Spark's own, local[2]",
      seconds,
      cpuSeconds: Number.NaN,
      rowsPerSecond: rows / seconds,
      cpuNanosecondsPerRow: Number.NaN,
    },
  ];
}
