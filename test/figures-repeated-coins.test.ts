import assert from "node:assert/strict";
import { test } from "node:test";
import { coinMap, drawGrid, headsDistribution } from "../packages/figures/src/repeated-coins.js";

test("drawGrid puts each toss at its draw and its place in it", () => {
  const { data, alt } = drawGrid(["HT", "TT"]);
  assert.deepEqual(
    data.map((trace) => ("x" in trace && "y" in trace ? [trace.x, trace.y] : [])),
    [
      [[0], [0]],
      [
        [1, 0, 1],
        [0, 1, 1],
      ],
    ],
  );
  assert.match(alt, /2 draws of 2 tosses; heads in each: 1, 0\./);
});

test("coinMap has b across and c upwards, and cuts what lies far below the top", () => {
  const { data } = coinMap({ logLikelihood: (b, c) => b - 100 * c, path: [{ b: 0.5, c: 0.5 }] });
  const { z, x0, dx } = data[0] as unknown as { z: number[][]; x0: number; dx: number };
  const [low, next] = z[0] ?? [];
  assert.ok(Math.abs((next ?? 0) - (low ?? 0) - dx) < 0.01 && x0 > 0);
  assert.equal(z[1]?.[0], -5);
  assert.equal(Math.max(...z.flat()), 0);
});

test("coinMap's steps name the coins and the log-likelihood, and draw the way up to them", () => {
  const path = [
    { b: 0.6, c: 0.5 },
    { b: 0.7, c: 0.4 },
  ];
  const { steps } = coinMap({ logLikelihood: (b, c) => b - c, path });
  assert.deepEqual(steps?.[1], {
    label: "t = 1: b = 0.7000, c = 0.4000; log-likelihood 0.3000",
    data: [
      { x: [0.6, 0.7], y: [0.5, 0.4] },
      { x: [0.7], y: [0.4] },
    ],
    traces: [2, 3],
  });
  assert.throws(() => coinMap({ logLikelihood: () => 0, path: [] }), /coinMap: `path` is empty/);
});

test("headsDistribution tells by how much the bars differ, with each number of tosses", () => {
  const choices = [
    { name: "two", a: 0.5, b: 1, c: 0 },
    { name: "one", a: 1, b: 0.5, c: 0.5 },
  ];
  const { data, steps, alt } = headsDistribution({ choices, most: 2 });
  assert.deepEqual(
    data.map((trace) => ("y" in trace ? trace.y : [])),
    [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  );
  assert.deepEqual(steps?.[1]?.data, [
    { x: [0, 1, 2], y: [0.5, 0, 0.5] },
    { x: [0, 1, 2], y: [0.25, 0.5, 0.25] },
  ]);
  assert.match(alt, /2 tosses a draw; the bars differ: one from two by up to 0\.5000/);
});
