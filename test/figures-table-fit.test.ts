import assert from "node:assert/strict";
import { test } from "node:test";
import { pairsPlot, restartTraces } from "../packages/figures/src/table-fit.js";

const rows = [
  [0, 0, 1],
  [1, 2, 1],
  [9, 8, 4],
];
const labels = [0, 0, 1];
const names = ["a", "b", "<c>"];
const params = {
  weights: [0.6, 0.4],
  means: [
    [0.5, 1, 1],
    [9, 8, 4],
  ],
  covariances: [
    [
      [1, 0.5, 0],
      [0.5, 2, 0],
      [0, 0, 1],
    ],
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 4],
    ],
  ],
};

interface Trace {
  readonly type: string;
  readonly mode?: string;
  readonly xaxis: string;
  readonly x: number[];
  readonly y: number[];
  readonly x0: number;
  readonly dx: number;
  readonly line?: { readonly color: string };
}

test("pairsPlot has a panel for each pair of columns and each column, the points by component", () => {
  const { data, alt, layout } = pairsPlot({ rows, labels, params, names });
  const traces = data as unknown as Trace[];
  assert.equal(new Set(traces.map(({ xaxis }) => xaxis)).size, 6);
  // Column b against a: row 1, column 0 of the panels.
  const pair = traces.filter(({ xaxis }) => xaxis === "x4");
  const points = pair.filter(({ mode }) => mode === "markers").map(({ x, y }) => [x, y]);
  assert.deepEqual(points, [
    [
      [0, 1],
      [0, 2],
    ],
    [[9], [8]],
  ]);
  assert.match(alt, /3 rows .* 2 components.*component 1, weight 0\.4.*, at 9/);
  assert.match(JSON.stringify(layout), /&lt;c&gt;/);
});

test("pairsPlot's densities are the components' marginals, and sum to their sum", () => {
  const { data } = pairsPlot({ rows, labels, params, names });
  const [one, other, sum] = (data as unknown as Trace[]).filter(
    ({ xaxis, mode }) => xaxis === "x9" && mode === "lines",
  );
  assert.ok(one && other && sum);
  // Column <c>: at its least value, 1, the mean of component 0, whose deviation is 1; component 1 is 1.5 deviations off.
  assert.ok(Math.abs((one.y[0] ?? 0) - 0.6 * 0.3989) < 1e-3);
  assert.ok(Math.abs((other.y[0] ?? 0) - (0.4 * 0.3989 * Math.exp(-1.125)) / 2) < 1e-3);
  for (const [at, y] of sum.y.entries()) assert.ok(Math.abs(y - (one.y[at] ?? 0) - (other.y[at] ?? 0)) < 2e-3);
});

test("pairsPlot takes variances for matrices, and names what it cannot draw", () => {
  const diagonal = {
    ...params,
    covariances: [
      [1, 2, 1],
      [1, 1, 4],
    ],
  };
  assert.ok(pairsPlot({ rows, labels, params: diagonal, names }).data.length > 0);
  assert.throws(() => pairsPlot({ rows, labels, params, names: ["a"] }), /names.* has 1 columns: choose two to six/);
});

test("restartTraces draws the best thick, and says how many come near it", () => {
  const { data, alt } = restartTraces({
    histories: [
      [-50, -20, -12],
      [-40, -11, -10, -9],
      [-60, -30, -9.0001],
    ],
  });
  const widths = data.map((trace) => (trace as unknown as { line: { width: number } }).line.width);
  assert.deepEqual(widths, [1.2, 3, 1.2]);
  assert.match(alt, /restart 1, reaches −9.* after 3 updates; 2 of 3 .* lowest ends at −12/);
  assert.throws(() => restartTraces({ histories: [] }), /histories.* is empty/);
});
