// npm run bench: this library and its peers on the same data, in rounds that take turns; then growth, and the time to
// the optimum. Prints tables, writes bench/results.json, and from it bench/results.svg and the README's table.
//   --rounds N   rounds of the workloads (5)     --only workloads | growth | optimum | quality | engines, or W1,P3   a part
//   --large      engines with 1e8 rows of Parquet, too: 0.8 GB of disk for a while
//   --keep NAME  contestants of this kind, npm say, keep the rows that results.json has: the slow ones take long
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { build, installPackages } from "../scripts/set-up/packages.mjs";
import { path, runMain } from "../scripts/set-up/project.mjs";
import { contestants, installPeers, startContestant } from "./contestants.mjs";
import { drawResults } from "./plot.mjs";
import { enginesTable, growthTable, optimumTable, qualityTable, summaryTable, workloadTable } from "./tables.mjs";
import { taskLine, workloads } from "./workloads.mjs";

/**
 * @typedef {import("./contestants.mjs").Contestant} Contestant
 * @typedef {import("./contestants.mjs").Answer} Answer
 * @typedef {{ contestant: string, role: string, workload: string, seconds?: number, cpuSeconds?: number, rounds?: number, difference?: number,
 *   peakMegabytes?: number, missing?: string }} Row
 */

/** A contestant takes part in further rounds of a workload only if its first took less than this, in seconds. */
const PATIENCE = 6;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
    keep: { type: "string" },
    large: { type: "boolean" },
  },
});

const wantedNames = (values.only ?? "").split(",");
const named = workloads.filter(({ name }) => wantedNames.includes(name));
const wantedWorkloads = named.length > 0 ? named : workloads;

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/**
 * The workloads: interleaved rounds, each contestant a process of its own for each workload.
 * @param {number} rounds @param {readonly Row[]} kept rows of contestants that are not to run again
 */
async function measureWorkloads(rounds, kept) {
  /** @type {Row[]} */
  const rows = [];
  for (const workload of wantedWorkloads) {
    const line = taskLine(workload);
    const keeps = (/** @type {string} */ name) =>
      kept.find((row) => row.contestant === name && row.workload === workload.name);
    const able = contestants(workload.alone ? 1 : 2).filter(({ name }) => workload.who?.test(name) ?? true);
    const entries = able.map((contestant) => ({
      contestant,
      times: /** @type {number[]} */ ([]),
      cpuTimes: /** @type {number[]} */ ([]),
    }));
    /** @type {Map<string, Answer | string>} */
    const first = new Map();
    const running = new Map();
    for (const { contestant } of entries)
      if (!contestant.missing && !keeps(contestant.name)) running.set(contestant.name, startContestant(contestant));
    // Round 0 warms up: compilers, thread pools, the file cache. Its memory is that of one fit in a fresh process.
    for (let round = 0; round <= rounds; round++)
      for (const { contestant, times, cpuTimes } of entries) {
        const worker = running.get(contestant.name);
        if (!worker) continue;
        const answer = await worker.ask(line);
        if (round === 0) first.set(contestant.name, answer);
        const slow = typeof answer === "string" || answer.seconds > PATIENCE;
        if (typeof answer !== "string" && (round > 0 || slow)) {
          times.push(answer.seconds);
          if (answer.cpuSeconds !== undefined) cpuTimes.push(answer.cpuSeconds);
        }
        if (!slow) continue;
        worker.stop();
        running.delete(contestant.name);
      }
    for (const worker of running.values()) worker.stop();
    const ours = first.get(entries[0]?.contestant.name ?? "");
    for (const { contestant, times, cpuTimes } of entries) {
      const { name, role, missing } = contestant;
      const answer = first.get(name);
      const old = keeps(name);
      if (old) {
        rows.push(old);
        continue;
      }
      /** @type {Row} */
      const row = { contestant: name, role, workload: workload.name };
      if (typeof answer === "object" && typeof ours === "object") {
        row.seconds = median(times);
        if (cpuTimes.length > 0) row.cpuSeconds = Math.min(...cpuTimes);
        row.rounds = times.length;
        row.difference = largestDifference(answer.parameters, ours.parameters);
        row.peakMegabytes = Math.round(answer.peakMegabytes);
      } else row.missing = missing ?? String(answer);
      rows.push(row);
    }
    console.log(workloadTable([workload.name], rows));
  }
  return rows;
}

/** @param {readonly number[]} a @param {readonly number[]} b */
function largestDifference(a, b) {
  return a.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN)) / Math.max(1, Math.abs(value))),
    0,
  );
}

/** Puts a table between two of the README's marks. @param {string} mark @param {string} table */
function putIntoReadme(mark, table) {
  const file = path("README.md");
  const [begin, end] = [`<!-- ${mark} -->\n`, `<!-- /${mark} -->`];
  const text = readFileSync(file, "utf8");
  const [before = "", rest = ""] = text.split(begin);
  const after = rest.slice(rest.indexOf(end));
  if (after.startsWith(end)) writeFileSync(file, `${before}${begin}${table}\n${after}`);
}

await runMain(async () => {
  installPackages();
  build();
  installPeers();
  const file = path("bench", "results.json");
  const results = values.only || values.keep ? JSON.parse(readFileSync(file, "utf8")) : {};
  const kept = (/** @type {Row} */ row) => values.keep !== undefined && row.contestant.startsWith(values.keep);
  const wanted = (/** @type {string} */ part) => !values.only || values.only === part;
  if (wanted("workloads") || named.length > 0) {
    const before = /** @type {Row[]} */ (results.workloads ?? []);
    const measured = await measureWorkloads(Number(values.rounds), before.filter(kept));
    const others = before.filter(({ workload }) => !wantedWorkloads.some(({ name }) => name === workload));
    results.workloads = workloads.flatMap(({ name }) =>
      [...others, ...measured].filter(({ workload }) => workload === name),
    );
  }
  // These two use the library in this process, which a fresh clone has only now.
  if (wanted("growth")) results.growth = (await import("./growth.mjs")).measureGrowth();
  if (wanted("optimum")) results.optimum = await (await import("./optimum.mjs")).measureOptimum();
  if (wanted("quality")) results.quality = (await import("./quality.mjs")).measureQuality();
  if (wanted("engines")) results.engines = await (await import("./engines.mjs")).measureEngines(values.large ?? false);
  const load = loadavg()[2]?.toFixed(1);
  // The picture shows the others.
  if (!wantedWorkloads.every((workload) => workload.alone))
    results.machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} processors with a load of ${load}, Node ${process.versions.node}`;
  writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`);
  writeFileSync(path("bench", "results.svg"), drawResults(results));
  putIntoReadme("bench", summaryTable(results.workloads));
  putIntoReadme("bench: one thread", summaryTable(results.workloads, true));
  const names = workloads.map(({ name }) => name);
  console.log(
    [
      workloadTable(names, results.workloads),
      growthTable(results.growth),
      optimumTable(results.optimum),
      qualityTable(results.quality ?? []),
      enginesTable(results.engines ?? []),
    ].join("\n"),
  );
  return 0;
});
