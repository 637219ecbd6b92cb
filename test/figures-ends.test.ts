import assert from "node:assert/strict";
import { test } from "node:test";
import { componentMap, endCounts } from "../packages/figures/src/ends.js";

const mixture = (mean: number, deviation: number) => ({
  weights: [0.5, 0.5],
  means: [mean, 0.5],
  deviations: [deviation, 1],
});

test("componentMap has means across, deviations upwards in powers of ten, and cuts what lies above its cap", () => {
  const ways = [{ name: "far", path: [mixture(0, 0.01)] }];
  const height = (mean: number, deviation: number) => mean - Math.log10(deviation);
  const { data } = componentMap({ observations: [0, 1], height, ways, cap: 4 });
  const { z, zmin, zmax, y0, dy } = data[0] as unknown as { z: number[][]; zmin: number } & Record<string, number>;
  const top = z[z.length - 1] ?? [];
  assert.deepEqual([zmin, zmax], [0, 4]);
  // Lowest deviation, 10^-4: 4 and above, which is cut; highest, 1: the mean alone.
  assert.ok(z[0]?.every((value) => value === 4));
  assert.deepEqual([top[0], top[top.length - 1]], [0, 1]);
  assert.ok(Math.abs((y0 ?? 0) + (z.length - 1) * (dy ?? 0)) < 1e-12);
});

test("componentMap's steps draw the way from each start, and name where it goes", () => {
  const ways = [
    { name: "far", path: [mixture(0, 0.01), mixture(0.25, 0.1)] },
    { name: "near", path: [mixture(1, 0.1)] },
  ];
  const { steps, alt } = componentMap({ observations: [0, 1], height: () => 0, ways, cap: 4 });
  assert.deepEqual(steps?.[0], {
    label: "far: component 0 goes from mean 0.0000 and deviation 0.0100 to mean 0.2500 and deviation 0.1000",
    data: [
      { x: [0, 0.25], y: [-2, -1] },
      { x: [0], y: [-2] },
      { x: [0.25], y: [-1] },
    ],
    traces: [1, 2, 3],
  });
  assert.match(alt, /slider over 2 starts.*near: component 0 goes from mean 1\.0000/);
  assert.throws(
    () => componentMap({ observations: [], height: () => 0, ways: [{ name: "none", path: [] }], cap: 4 }),
    /componentMap: `ways` has an empty path/,
  );
});

test("endCounts has a bar for each end, and tells them all to those who do not see it", () => {
  const { title, alt, data } = endCounts([
    { name: "top", count: 90 },
    { name: "a < b", count: 10 },
  ]);
  assert.equal(title, "Where 100 starts end");
  assert.match(alt, /top: 90; a < b: 10\./);
  const [bars] = data as unknown as { x: number[]; y: string[] }[];
  assert.deepEqual(
    [bars?.x, bars?.y],
    [
      [90, 10],
      ["top", "a &lt; b"],
    ],
  );
});
