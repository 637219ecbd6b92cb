// The engines that em-sql is tested on, opened by drivers that are installed apart, in build/engines.
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DialectName, Query, Row } from "em-sql";

const root = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(join(root, "build", "engines", "package.json"));

/** A value of a table: a number, NaN and infinities too, or NULL. */
export type Value = number | null;

export interface Engine {
  readonly dialect: DialectName;
  readonly query: Query;
  /** A table's name that needs quotes: with dots and marks where the engine's views may have such. */
  readonly oddTable: string;
  /** Makes a table of numbers anew. */
  create(name: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void>;
  close(): Promise<void>;
}

/** The SELECT of a table of numbers. */
function selectOf(
  quote: (name: string) => string,
  double: string,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
): string {
  const names = columns.map(quote);
  const casts = names.map((name) => `CAST(${name} AS ${double}) AS ${name}`);
  // VALUES must be of one type: text throughout where some number is NaN or infinite.
  const text = rows.some((row) => row.some((value) => value !== null && !Number.isFinite(value)));
  const literal = (value: Value) => (value === null ? "NULL" : text ? `'${value}'` : value.toExponential());
  const values = rows.map((row) => `(${row.map(literal).join(", ")})`);
  return `SELECT ${casts.join(", ")} FROM (VALUES ${values.join(", ")}) AS v(${names.join(", ")})`;
}

const oddTable = 'a "quoted`.table; --';

const doubled = (mark: string) => (name: string) => mark + name.replaceAll(mark, mark + mark) + mark;

export interface DuckDb {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowObjects(): Row[] }>;
  stream(sql: string): Promise<never>;
  interrupt(): void;
  closeSync(): void;
}

/** DuckDB, in memory. @throws where its driver is not installed */
export async function openDuckDb(): Promise<Engine & { readonly connection: DuckDb }> {
  const { DuckDBInstance } = require("@duckdb/node-api") as {
    DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<DuckDb> }> };
  };
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  return {
    dialect: "duckdb",
    oddTable,
    connection,
    async query(sql, signal) {
      const cancel = () => connection.interrupt();
      signal?.addEventListener("abort", cancel);
      try {
        return (await connection.runAndReadAll(sql)).getRowObjects();
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
    async create(name, columns, rows) {
      const quote = doubled('"');
      await connection.run(`CREATE OR REPLACE TABLE ${quote(name)} AS ${selectOf(quote, "DOUBLE", columns, rows)}`);
    },
    close: async () => connection.closeSync(),
  };
}

interface PgClient {
  connect(): Promise<void>;
  query(sql: string): Promise<{ rows: Row[] }>;
  end(): Promise<void>;
}

/** PostgreSQL at a port of this machine, as the user em. */
export async function openPostgres(port: number): Promise<Engine> {
  const { Client } = require("pg") as { Client: new (config: object) => PgClient };
  const config = { host: "127.0.0.1", port, user: "em", database: "postgres" };
  const [client, canceller] = [new Client(config), new Client(config)];
  await client.connect();
  await canceller.connect();
  const [{ pid }] = (await client.query("SELECT pg_backend_pid() AS pid")).rows;
  const quote = doubled('"');
  return {
    dialect: "postgres",
    oddTable,
    async query(sql, signal) {
      const cancel = () => canceller.query(`SELECT pg_cancel_backend(${pid})`);
      signal?.addEventListener("abort", cancel);
      try {
        return (await client.query(sql)).rows;
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
    async create(name, columns, rows) {
      await client.query(`DROP TABLE IF EXISTS ${quote(name)}`);
      await client.query(`CREATE TABLE ${quote(name)} AS ${selectOf(quote, "DOUBLE PRECISION", columns, rows)}`);
    },
    async close() {
      await client.end();
      await canceller.end();
    },
  };
}

interface HiveOperation {
  cancel(): Promise<unknown>;
  close(): Promise<unknown>;
}
interface HiveSession {
  executeStatement(sql: string, options: object): Promise<HiveOperation>;
  close(): Promise<unknown>;
}
interface Hive {
  readonly thrift: { TCLIService: unknown; TCLIService_types: { TProtocolVersion: Record<string, number> } };
  readonly connections: { TcpConnection: new () => unknown };
  readonly auth: { PlainTcpAuthentication: new (login: object) => unknown };
  readonly HiveClient: new (
    service: unknown,
    types: unknown,
  ) => {
    connect(place: object, connection: unknown, login: unknown): Promise<unknown>;
    openSession(options: object): Promise<HiveSession>;
    close(): void;
    on(event: "error", listener: (error: Error) => void): void;
  };
  readonly HiveUtils: new (
    types: unknown,
  ) => {
    waitUntilReady(operation: HiveOperation, progress: boolean, callback: () => void): Promise<unknown>;
    fetchAll(operation: HiveOperation): Promise<unknown>;
    getResult(operation: HiveOperation): { getValue(): Row[] };
  };
}

/** Spark's Thrift server at a port of this machine. */
export async function openSpark(port: number): Promise<Engine> {
  const hive = require("hive-driver") as Hive;
  const { TCLIService, TCLIService_types: types } = hive.thrift;
  const client = new hive.HiveClient(TCLIService, types);
  client.on("error", () => {});
  const login = new hive.auth.PlainTcpAuthentication({ username: "em", password: "-" });
  await client.connect({ host: "127.0.0.1", port }, new hive.connections.TcpConnection(), login);
  const session = await client.openSession({
    client_protocol: types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10,
  });
  const utils = new hive.HiveUtils(types);
  const quote = doubled("`");
  const query: Query = async (sql, signal) => {
    const operation = await session.executeStatement(sql, { runAsync: true });
    const cancel = () => void operation.cancel().catch(() => {});
    signal?.addEventListener("abort", cancel);
    try {
      await utils.waitUntilReady(operation, false, () => {});
      await utils.fetchAll(operation);
      return utils.getResult(operation).getValue();
    } finally {
      signal?.removeEventListener("abort", cancel);
      await operation.close().catch(() => {});
    }
  };
  return {
    dialect: "spark",
    // Spark reads a view's name once more without its quotes.
    oddTable: "select",
    query,
    async create(name, columns, rows) {
      await query(`CREATE OR REPLACE TEMPORARY VIEW ${quote(name)} AS ${selectOf(quote, "DOUBLE", columns, rows)}`);
    },
    async close() {
      await session.close();
      client.close();
    },
  };
}
