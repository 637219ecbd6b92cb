import assert from "node:assert/strict";
import { test } from "node:test";
import { criterionLines, ellipseSlider, pointCloud } from "../packages/figures/src/plane.js";

const rows = [
  [0, 0],
  [1, 3],
];
const axisTitles = ["one", "other"] as const;

test("ellipseSlider's ellipses are two deviations around their means, whatever the covariance", () => {
  const [xx, xy, yy] = [4, 1, 3];
  const covariance = [
    [xx, xy],
    [xy, yy],
  ];
  const fit = { label: "K = 1", means: [[1, 2]], covariances: [covariance], labels: [0, 0] };
  const { data } = ellipseSlider({ rows, fits: [fit], axisTitles });
  const { x, y } = data[1] as unknown as { x: number[]; y: number[] };
  const determinant = xx * yy - xy * xy;
  for (const [i, value] of x.entries()) {
    const [dx, dy] = [value - 1, (y[i] ?? 0) - 2];
    const square = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant;
    // Coordinates are rounded to three places.
    assert.ok(Math.abs(square - 4) < 0.01, `${square}`);
  }
});

test("ellipseSlider takes two variances for a matrix", () => {
  const shapes = [
    [
      [4, 0],
      [0, 9],
    ],
    [4, 9],
  ];
  const fits = shapes.map((shape) => ({ label: "", means: [[1, 2]], covariances: [shape], labels: [0, 0] }));
  const { steps } = ellipseSlider({ rows, fits, axisTitles });
  assert.deepEqual(steps?.[0]?.data, steps?.[1]?.data);
});

test("ellipseSlider has one curve for the ellipses of a fit, with gaps between them, and a colour and a symbol for each component's points", () => {
  const round = [
    [1, 0],
    [0, 1],
  ];
  const one = { label: "K = 1", means: [[0, 0]], covariances: [round], labels: [0, 0] };
  const two = { label: "K = 2", means: rows, covariances: [round, round], labels: [0, 1] };
  const { steps, data } = ellipseSlider({ rows, fits: [one, two], axisTitles });
  assert.equal((data[1] as { x: unknown[] }).x.includes(null), false);
  const [points, ellipses] = (steps?.[1]?.data ?? []) as unknown as {
    x: unknown[];
    marker: { color: number[]; symbol: number[] };
  }[];
  assert.deepEqual([ellipses?.x.length, ellipses?.x.indexOf(null)], [51, 25]);
  assert.deepEqual(
    [points?.marker.color, points?.marker.symbol],
    [
      [0, 1],
      [0, 2],
    ],
  );
  assert.throws(() => ellipseSlider({ rows, fits: [], axisTitles }), /ellipseSlider: `fits` is empty/);
});

test("pointCloud draws each row and names the ranges", () => {
  const { data, alt } = pointCloud({ rows, axisTitles });
  assert.deepEqual((data[0] as { y: number[] }).y, [0, 3]);
  assert.match(alt, /2 points; one from 0 to 1, other from 0 to 3\./);
});

test("criterionLines marks the lowest", () => {
  const table = [
    { name: "full", components: 1, value: 5 },
    { name: "full", components: 2, value: 3 },
    { name: "tied", components: 1, value: 4 },
  ];
  const { data, alt } = criterionLines({ title: "BIC", table });
  assert.deepEqual(
    data.map((trace) => ("x" in trace && "y" in trace ? [trace.x, trace.y] : [])),
    [
      [
        [1, 2],
        [5, 3],
      ],
      [[1], [4]],
      [[2], [3]],
    ],
  );
  assert.match(alt, /The lowest is full with 2 components, 3\.00\./);
});
