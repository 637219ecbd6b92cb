import assert from "node:assert/strict";
import { test } from "node:test";
import { coinSlider } from "../packages/figures/src/three-coins.js";

const tosses = [1, 0, 1];
const steps = [
  { coins: { a: 0.4, b: 0.6, c: 0.7 }, responsibilities: [0.36363636, 0.47058824, 0.36363636], logLikelihood: -2 },
  { coins: { a: 0.5, b: 0.5, c: 0.5 }, responsibilities: [0.25, 0.75, 0.25], logLikelihood: -1.9 },
];

test("coinSlider puts each toss's responsibility at its number, heads and tails apart, and the parameters beside", () => {
  const { data } = coinSlider({ tosses, steps });
  assert.deepEqual(
    data.map((trace) => ("x" in trace && "y" in trace ? [trace.x, trace.y] : [])),
    [
      [
        [1, 3],
        [0.3636, 0.3636],
      ],
      [[2], [0.4706]],
      [
        ["π", "p", "q"],
        [0.4, 0.6, 0.7],
      ],
    ],
  );
});

test("coinSlider's steps name iteration, parameters and log-likelihood, and change all bars", () => {
  assert.deepEqual(coinSlider({ tosses, steps }).steps?.[1], {
    label: "t = 1: π = 0.5000, p = 0.5000, q = 0.5000, log-likelihood −1.9000",
    data: [{ y: [0.25, 0.25] }, { y: [0.75] }, { y: [0.5, 0.5, 0.5] }],
    traces: [0, 1, 2],
  });
});

test("coinSlider without steps says so", () => {
  assert.throws(() => coinSlider({ tosses, steps: [] }), /coinSlider: `steps` is empty/);
});
