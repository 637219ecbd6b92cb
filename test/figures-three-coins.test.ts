import assert from "node:assert/strict";
import { test } from "node:test";
import { coinSlider } from "../packages/figures/src/three-coins.js";

const tosses = [1, 0, 1];
const path = [
  { a: 0.4, b: 0.6, c: 0.7 },
  { a: 0.5, b: 0.5, c: 0.5 },
];

test("coinSlider puts each toss's responsibility at its number, heads and tails apart, and the parameters beside", () => {
  const { data } = coinSlider({ tosses, path });
  assert.deepEqual(
    data.map((trace) => ("x" in trace && "y" in trace ? [trace.x, trace.y] : [])),
    [
      [
        [0, 2],
        [0.3636, 0.3636],
      ],
      [[1], [0.4706]],
      [
        ["a", "b", "c"],
        [0.4, 0.6, 0.7],
      ],
    ],
  );
});

test("coinSlider's steps name update, parameters and log-likelihood, and change all bars", () => {
  assert.deepEqual(coinSlider({ tosses, path }).steps?.[1], {
    label: "t = 1: a = 0.5000, b = 0.5000, c = 0.5000; log-likelihood −2.0794",
    data: [{ y: [0.5, 0.5] }, { y: [0.5] }, { y: [0.5, 0.5, 0.5] }],
    traces: [0, 1, 2],
  });
});

test("coinSlider without a path says so", () => {
  assert.throws(() => coinSlider({ tosses, path: [] }), /coinSlider: `path` is empty/);
});
