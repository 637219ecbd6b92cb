// A mixture fitted to a table of Spark, by its Thrift server. npm install em-sql hive-driver; SPARK_HOST and SPARK_PORT
// say where the server is.
import { fitTable } from "em-sql";
import hive from "hive-driver";

const { TCLIService, TCLIService_types: types } = hive.thrift;
const client = new hive.HiveClient(TCLIService, types);
client.on("error", (error) => console.error(error.message));
const login = new hive.auth.PlainTcpAuthentication({ username: "em", password: "-" });
const place = { host: process.env.SPARK_HOST ?? "127.0.0.1", port: Number(process.env.SPARK_PORT ?? 10000) };
await client.connect(place, new hive.connections.TcpConnection(), login);
const protocol = types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10;
const session = await client.openSession({ client_protocol: protocol });
const utils = new hive.HiveUtils(types);
/** @type {import("em-sql").Query} */
const query = async (sql, signal) => {
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

await query(`
  CREATE OR REPLACE TEMPORARY VIEW people AS SELECT id,
    CASE WHEN id % 3 = 0 THEN 120 ELSE 175 END + 8 * randn(1) AS height FROM range(100000)`);

const model = await fitTable(query, {
  dialect: "spark",
  table: "people",
  columns: ["height"],
  key: "id",
  nComponents: 2,
});
console.log("weights", model.params.weights, "means", model.params.means.flat(), "passes", model.report.evaluations);
await session.close();
client.close();
