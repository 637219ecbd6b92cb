// The results as tables of text.

import { workloads as tasks } from "./workloads.mjs";

/** @typedef {import("./index.mjs").Row} Row */

/** Two digits and a unit. @param {number} seconds */
function time(seconds) {
  const [factor, unit] = seconds < 1e-3 ? [1e6, "µs"] : seconds < 1 ? [1e3, "ms"] : [1, "s"];
  return `${Number((seconds * Number(factor)).toPrecision(2))} ${unit}`;
}

/** Rows of cells as a Markdown table, the first row being its head. @param {readonly (readonly string[])[]} rows */
function table(rows) {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(3, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

/** A row for each contestant, a column for each workload: time, factor to ours, agreement, memory. @param {readonly string[]} names @param {readonly Row[]} rows */
export function workloadTable(names, rows) {
  const contestants = [...new Set(rows.map(({ contestant }) => contestant))];
  const cell = (/** @type {string} */ contestant, /** @type {string} */ workload) => {
    const row = rows.find((one) => one.contestant === contestant && one.workload === workload);
    if (!row) return "";
    return row.seconds === undefined
      ? `(${row.missing})`
      : `${time(row.seconds)}, ${row.cpuSeconds ? `${time(row.cpuSeconds)} of processors, ` : ""}${row.difference?.toExponential(0)}, ${row.peakMegabytes} MB`;
  };
  const fastest = (/** @type {string} */ workload, /** @type {(row: Row) => boolean} */ wanted) =>
    Math.min(
      ...rows
        .filter((row) => row.workload === workload && wanted(row))
        .map(({ seconds = Number.POSITIVE_INFINITY }) => seconds),
    );
  const ratio = (/** @type {number} */ a, /** @type {number} */ b) =>
    a / b > 0 && Number.isFinite(a / b) ? `${Number((a / b).toPrecision(2))} ×` : "–";
  const factors = names.map((workload) => {
    const ours = fastest(workload, ({ role }) => role === "ours");
    const peer = fastest(workload, ({ role, difference = 1 }) => role === "peer" && difference < 1e-6);
    const scikit = fastest(workload, ({ contestant }) => contestant === "scikit-learn");
    return {
      peer: ratio(peer, ours),
      scikit: ratio(scikit, ours),
      limit: ratio(
        ours,
        fastest(workload, ({ role }) => role === "limit"),
      ),
    };
  });
  return `Median time, the least of all processors where it is known, largest relative difference from our parameters, peak memory\n${table(
    [
      ["", ...names],
      ...contestants.map((contestant) => [contestant, ...names.map((name) => cell(contestant, name))]),
      ["best peer that agrees / ours", ...factors.map(({ peer }) => peer)],
      ["scikit-learn / ours", ...factors.map(({ scikit }) => scikit)],
      ["ours / C", ...factors.map(({ limit }) => limit)],
    ],
  )}\n`;
}

/**
 * The README's tables: a line for each workload, times only; those on one thread apart, by the processor's time.
 * @param {readonly Row[]} rows
 */
export function summaryTable(rows, alone = false) {
  /** @type {Record<string, RegExp>} */
  const columns = alone
    ? { "em-mixtures": /^em-mixtures, 1/, "scikit-learn": /^scikit/, numpy: /^numpy/ }
    : {
        "em-mixtures": /^em-mixtures, 2/,
        "scikit-learn": /^scikit/,
        numpy: /^numpy/,
        mclust: /^mclust/,
        "best of npm": /^npm/,
        "C, AVX": /^C /,
      };
  const best = (/** @type {string} */ workload, /** @type {RegExp} */ who) => {
    const times = rows
      .filter((row) => row.workload === workload && who.test(row.contestant))
      .map(({ seconds, cpuSeconds }) => (alone ? cpuSeconds : seconds) ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(Math.min(...times)) ? time(Math.min(...times)) : "–";
  };
  const measured = tasks.filter(
    ({ name, ...task }) => (task.alone ?? false) === alone && rows.some(({ workload }) => workload === name),
  );
  const lines = measured.map(({ name, title }) => [title, ...Object.values(columns).map((who) => best(name, who))]);
  return table([["", ...Object.keys(columns)], ...lines]);
}

/** @param {ReturnType<typeof import("./growth.mjs").measureGrowth>} growth */
export function growthTable({ series, memory }) {
  const rows = series.map(({ axis, fixed, sizes, seconds, exponent }) => [
    axis,
    sizes.map((size, i) => `${size.toLocaleString("en")}: ${time(Number(seconds[i]))}`).join(", "),
    exponent.toFixed(2),
    fixed,
  ]);
  const { rows: count, iterations, dataMegabytes, extraMegabytes, seconds } = memory;
  return `Growth\n${table([["", "times", "exponent", "at"], ...rows])}\n\nMemory: ${iterations} iterations over ${count.toLocaleString("en")} observations took ${extraMegabytes} MB, the data's ${dataMegabytes} MB included, and ${time(seconds)}.\n`;
}

/** @param {readonly import("./optimum.mjs").Outcome[]} outcomes */
export function optimumTable(outcomes) {
  const rows = outcomes.map(({ problem, way, evaluations, seconds, shortfall, missing }) =>
    missing
      ? [problem, way, missing, "", ""]
      : [problem, way, String(evaluations), time(Number(seconds)), Number(shortfall).toExponential(0)],
  );
  return `Time to the optimum\n${table([["problem", "way", "evaluations", "time", "short of it"], ...rows])}\n`;
}

/** One EM step on data that lie elsewhere. @param {readonly import("./engines.mjs").EngineRow[]} rows */
export function enginesTable(rows) {
  const cells = rows.map(({ data, way, seconds, rowsPerSecond, cpuNanosecondsPerRow, agreement, peakMegabytes }) => [
    data,
    way,
    time(seconds),
    `${Number((rowsPerSecond / 1e6).toPrecision(2))} million`,
    Number.isFinite(cpuNanosecondsPerRow) ? `${Number(cpuNanosecondsPerRow.toPrecision(2))} ns` : "–",
    agreement === undefined ? "–" : agreement.toExponential(0),
    peakMegabytes === undefined ? "–" : `${peakMegabytes} MB`,
  ]);
  const head = ["data", "way", "a step", "rows a second", "processor a row", "differs by", "peak memory"];
  return `One EM step on tables\n${table([head, ...cells])}\n`;
}

/** Default fits beside the best of scikit-learn's twenty starts. @param {readonly import("./quality.mjs").QualityRow[]} rows */
export function qualityTable(rows) {
  const shown = (/** @type {number | null} */ total) => (total === null ? "singular" : total.toFixed(3));
  const cells = rows.map((row) => [
    row.data,
    `${row.components}`,
    row.type,
    row.ours.toFixed(3) + (row.nearSingular ? " (warned)" : ""),
    shown(row.byDefault),
    shown(row.best),
    row.behind === undefined ? "–" : row.behind.toExponential(1),
    time(row.seconds),
    time(row.secondsOfDefault),
  ]);
  const missed = rows.filter(({ behind = 0 }) => behind > 1e-3).length;
  const slow = rows.filter(({ behind = 0 }) => behind > 1e-6 && behind <= 1e-3).length;
  const ahead = rows.filter(({ behind = 0 }) => behind < -1e-3).length;
  const head = [
    "data",
    "K",
    "type",
    "ours",
    "default of scikit-learn",
    "best of its 20 starts",
    "behind, a row",
    "time",
    "time of its default",
  ];
  return `Default fits: log-likelihoods. Of ${rows.length}, ${missed} are behind by more than 1e-3 a row, ${slow} by 1e-6 to 1e-3, ${ahead} ahead by more than 1e-3
${table([head, ...cells])}
`;
}
