// Who runs: this library, its peers, and the C reference; and how each is installed and started.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { capture, digest, isWindows, onceFor, path, run } from "../scripts/set-up/project.mjs";
import { ensureEnvironment, findPython, pythonOf } from "../scripts/set-up/python.mjs";

const home = path("build", "bench");
const environment = path("build", "bench", "python");
const python = pythonOf(environment);
const reference = path("build", "bench", "reference");
const requirements = path("bench", "peers", "requirements.txt");
const npmPackages = [
  "gaussian-mixture@0.9.1",
  "gaussian-mixture-model@1.1.5",
  "cholesky-tools@0.1.7", // gaussian-mixture-model imports it without naming it as its own
  "expectation-maximization@1.5.0",
];

/** Installs the peers in an environment of the bench's own, below build/bench. What cannot be had is left out. */
export function installPeers() {
  mkdirSync(home, { recursive: true });
  const interpreter = findPython();
  if (interpreter) {
    const notice = "Making the Python environment of the bench (a minute, once)";
    ensureEnvironment(environment, requirements, interpreter, notice);
  }
  onceFor(path("build", "bench", "npm.stamp"), npmPackages.join(), () => {
    mkdirSync(path("build", "bench", "npm"), { recursive: true });
    writeFileSync(path("build", "bench", "npm", "package.json"), '{ "private": true }\n');
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run("npm", ["install", "--prefix", path("build", "bench", "npm"), ...flags, ...npmPackages], { shell: isWindows });
  });
  const source = path("bench", "peers", "reference.c");
  const compiler = ["cc", "gcc", "clang"].find((name) => capture(name, ["--version"]) !== undefined);
  if (!compiler) return;
  onceFor(`${reference}.stamp`, digest([source], compiler), () => {
    const flags = ["-O3", "-march=native", "-mprefer-vector-width=512", "-fopenmp", source, "-o", reference, "-lm"];
    run(compiler, flags);
  });
}

/**
 * @typedef {{ name: string, role: "ours" | "peer" | "limit", command: string, args: readonly string[], threads: number,
 *   missing?: string | undefined }} Contestant
 */

/** All contestants; `missing` says why one cannot run. @param {number} threads at most @returns {Contestant[]} */
export function contestants(threads) {
  const node = process.execPath;
  const noPython = existsSync(python) ? undefined : "no Python environment";
  const noPackages = existsSync(path("build", "bench", "npm", "node_modules")) ? undefined : "not installed";
  const noMclust = capture("Rscript", ["-e", "library(mclust)"]) === undefined ? "R with mclust not found" : undefined;
  const noReference = existsSync(reference) ? undefined : "no C compiler";
  /** @param {string} file */
  const peer = (file) => path("bench", "peers", file);
  return [
    { name: "em-mixtures, 2 threads", role: "ours", command: node, args: [path("bench", "ours.mjs"), "2"], threads: 2 },
    { name: "em-mixtures, 1 thread", role: "ours", command: node, args: [path("bench", "ours.mjs"), "1"], threads: 1 },
    {
      name: "em-mixtures, plain TypeScript",
      role: "ours",
      command: node,
      args: [path("bench", "ours.mjs"), "plain"],
      threads: 1,
    },
    {
      name: "scikit-learn",
      role: "peer",
      command: python,
      args: [peer("scikit_learn.py")],
      threads: 2,
      missing: noPython,
    },
    {
      name: "numpy, vectorised",
      role: "peer",
      command: python,
      args: [peer("numpy_vectorised.py")],
      threads: 2,
      missing: noPython,
    },
    { name: "mclust", role: "peer", command: "Rscript", args: [peer("mclust.R")], threads: 2, missing: noMclust },
    ...["gaussian-mixture", "gaussian-mixture-model", "expectation-maximization"].map(
      (name) =>
        /** @type {const} */ ({
          name: `npm ${name}`,
          role: "peer",
          command: node,
          args: [peer("npm.mjs"), name],
          threads: 1,
          missing: noPackages,
        }),
    ),
    { name: "C reference", role: "limit", command: reference, args: [], threads: 2, missing: noReference },
  ].map((one) => /** @type {Contestant} */ ({ ...one, threads: Math.min(one.threads, threads) }));
}

/** @typedef {{ seconds: number, cpuSeconds?: number, parameters: number[], peakMegabytes: number }} Answer */

/** Who has not answered after this many milliseconds is stopped. */
const LIMIT = 300_000;

/** A contestant's process, which answers task lines one by one, or says why it has no answer. @param {Contestant} contestant */
export function startContestant({ command, args, threads }) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PYTHONPATH: path("bench", "peers") };
  for (const name of ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]) env[name] = String(threads);
  // Some machines set these for old processors; with them OpenBLAS is throttled on new ones.
  for (const name of ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"]) delete env[name];
  const child = spawn(command, [...args], { env, stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @param {string} line @returns {Promise<Answer | string>} */
    async ask(line) {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        child.kill();
      }, LIMIT);
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      clearTimeout(timer);
      if (done) return late ? `over ${LIMIT / 60_000} minutes` : "cannot do it";
      return JSON.parse(value);
    },
    stop: () => child.stdin.end(),
  };
}
