// The engines that em-sql is tested on: their drivers, apart from the project's packages, and servers of our own.
import { spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { capture, digest, isWindows, onceFor, path, run } from "./project.mjs";
import { ensureEnvironment, findPython, pythonOf } from "./python.mjs";

/** Installs the drivers in build/engines. @returns {boolean} whether they are there */
export function installDrivers() {
  const folder = path("build", "engines");
  const source = path("scripts", "engines");
  try {
    onceFor(join(folder, ".installed-from"), digest([join(source, "package-lock.json")], process.platform), () => {
      console.log("Installing the engines' drivers");
      mkdirSync(folder, { recursive: true });
      for (const name of ["package.json", "package-lock.json"]) cpSync(join(source, name), join(folder, name));
      const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
      if (run(isWindows ? "npm.cmd" : "npm", args, { cwd: folder, shell: isWindows }) !== 0)
        throw new Error("npm ci failed");
    });
    return true;
  } catch {
    console.log("The engines' drivers could not be installed: the tests on them are left out.");
    return false;
  }
}

/** @typedef {{ port: number, version: string, stop(): Promise<void> }} Server */

/** @returns {Promise<number>} a port that is free */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** Waits until something listens. @param {number} port @param {import("node:child_process").ChildProcess} server @param {number} seconds */
async function listening(port, server, seconds) {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end && server.exitCode === null; ) {
    const open = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("it did not start");
}

/** @param {import("node:child_process").ChildProcess} server @param {NodeJS.Signals} signal */
const ended = (server, signal) =>
  new Promise((resolve) => {
    if (server.exitCode !== null) return resolve(undefined);
    server.on("exit", () => resolve(undefined));
    server.kill(signal);
  });

/** Where PostgreSQL's server programs are: on the PATH, or where Debian has them. */
function postgresFolder() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** Starts PostgreSQL on a cluster of its own. @returns {Promise<Server | string>} or why there is none */
export async function startPostgres() {
  const folder = postgresFolder();
  if (folder === undefined) return "PostgreSQL is not installed: initdb was not found";
  const data = mkdtempSync(join(tmpdir(), "em-postgres-"));
  // PostgreSQL refuses to run as root; Debian's package makes a user for it.
  const root = process.getuid?.() === 0;
  const as = root ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  if (root) {
    chmodSync(data, 0o700);
    run("chown", ["postgres", data]);
  }
  const port = await freePort();
  const [command, ...args] = [
    ...as,
    join(folder, "initdb"),
    "-D",
    data,
    "-U",
    "em",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--no-sync",
  ];
  capture(command, args);
  const [program, ...options] = [
    ...as,
    ...[join(folder, "postgres"), "-D", data, "-p", String(port), "-k", data, "-h", "127.0.0.1", "-F"],
  ];
  const server = spawn(program, options, { stdio: "ignore" });
  const stop = async () => {
    await ended(server, "SIGINT");
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await listening(port, server, 30);
    return { port, version: capture(join(folder, "postgres"), ["--version"]) ?? "PostgreSQL", stop };
  } catch (error) {
    await stop();
    return `PostgreSQL: ${error instanceof Error ? error.message : error}`;
  }
}

/** Starts Spark's Thrift server with two executors. @returns {Promise<Server | string>} or why there is none */
export async function startSpark() {
  const python = findPython();
  if (python === undefined) return "Spark needs Python 3.10 or newer to be installed";
  if (capture("java", ["-version"]) === undefined) return "Spark needs Java 17, which was not found";
  const environment = path("build", "spark");
  try {
    const requirements = path("scripts", "engines", "requirements.txt");
    ensureEnvironment(environment, requirements, python, "Installing Spark in build/spark (345 MB)");
  } catch {
    return "Spark could not be installed";
  }
  const home = capture(pythonOf(environment), ["-c", "import pyspark; print(pyspark.__path__[0])"]);
  if (home === undefined) return "Spark could not be installed";
  const folder = mkdtempSync(join(tmpdir(), "em-spark-"));
  const port = await freePort();
  const options = [
    ...["--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2", "--master", "local-cluster[2,1,1024]"],
    ...["--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=4", "spark-internal"],
    ...["--hiveconf", `hive.server2.thrift.port=${port}`, "--hiveconf", "hive.server2.thrift.bind.host=127.0.0.1"],
  ];
  const env = { ...process.env, SPARK_HOME: home, SPARK_LOCAL_IP: "127.0.0.1", PYSPARK_PYTHON: pythonOf(environment) };
  const server = spawn(join(home, "bin", "spark-submit"), options, { cwd: folder, env, stdio: "ignore" });
  const stop = async () => {
    await ended(server, "SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await listening(port, server, 400);
    return { port, version: "Spark 3.5.6, two executors, by its Thrift server", stop };
  } catch (error) {
    await stop();
    return `Spark: ${error instanceof Error ? error.message : error}`;
  }
}
