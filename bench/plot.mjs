// The picture in the README: each contestant's time as a multiple of this library's, workload by workload.

import { workloads as all } from "./workloads.mjs";

/** @typedef {import("./index.mjs").Row} Row */

// Okabe and Ito's colours, which the colour-blind can tell apart.
const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#A0A0A0", "#8B6914", "#000000"];
const [WIDTH, LEFT, RIGHT, TOP, STEP] = [960, 300, 30, 64, 38];

/** @param {{ workloads: readonly Row[], machine: string }} results */
export function drawResults({ workloads, machine }) {
  const [own] = workloads;
  const tasks = all.filter(({ name, alone }) => !alone && workloads.some(({ workload }) => workload === name));
  const names = tasks.map(({ name }) => name);
  const others = [...new Set(workloads.map(({ contestant }) => contestant))].filter((name) => name !== own?.contestant);
  const factor = (/** @type {string} */ contestant, /** @type {string} */ workload) => {
    const secondsOf = (/** @type {string | undefined} */ name) =>
      workloads.find((row) => row.contestant === name && row.workload === workload)?.seconds;
    return Number(secondsOf(contestant)) / Number(secondsOf(own?.contestant));
  };
  const factors = others.flatMap((name) => names.map((workload) => factor(name, workload))).filter(Number.isFinite);
  const low = Math.floor(Math.log10(Math.min(...factors)));
  const high = Math.ceil(Math.log10(Math.max(...factors)));
  const x = (/** @type {number} */ value) =>
    (LEFT + ((Math.log10(value) - low) / (high - low)) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const bottom = TOP + names.length * STEP;
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const grid = decades.map(
    (
      value,
    ) => `<line x1="${x(value)}" x2="${x(value)}" y1="${TOP}" y2="${bottom}" stroke="${value === 1 ? "#333" : "#ddd"}"/>
<text x="${x(value)}" y="${bottom + 18}" text-anchor="middle">${value < 1 ? value : value.toLocaleString("en")}×</text>`,
  );
  const rows = tasks.map(({ name, title }, row) => {
    const y = TOP + (row + 0.5) * STEP;
    const dots = others.map((contestant, i) => {
      const value = factor(contestant, name);
      if (!Number.isFinite(value)) return "";
      return `<circle cx="${x(value)}" cy="${y}" r="6" fill="${colours[i]}" fill-opacity="0.85"><title>${contestant}: ${value.toPrecision(2)}×</title></circle>`;
    });
    return `<text x="${LEFT - 16}" y="${y + 5}" text-anchor="end">${title}</text>\n${dots.join("")}`;
  });
  const legend = others.map((contestant, i) => {
    const [column, line] = [i % 3, Math.floor(i / 3)];
    const [cx, cy] = [60 + column * 300, bottom + 52 + line * 24];
    return `<circle cx="${cx}" cy="${cy}" r="6" fill="${colours[i]}"/><text x="${cx + 14}" y="${cy + 5}">${contestant}</text>`;
  });
  const height = bottom + 60 + Math.ceil(others.length / 3) * 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#222">
<title>How long fits take, by library, in multiples of em-mixtures</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="20" y="26" font-size="16" font-weight="bold">Time of a fit, in multiples of that of ${own?.contestant}</text>
<text x="20" y="46" fill="#666">${machine}; to the right of 1× is slower</text>
${[...grid, ...rows, ...legend].join("\n")}
</svg>
`;
}
