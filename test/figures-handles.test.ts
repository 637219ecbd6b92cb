import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figure } from "../packages/figures/src/figure.js";
import { withHandles } from "../packages/figures/src/handles.js";

const figure = (y: number, top = 1): Figure => ({
  title: "one",
  alt: `The value ${y}.`,
  data: [{ x: [0], y: [y] }],
  layout: { height: 200, yaxis: { range: [0, top] } },
  steps: [{ label: `t = 0: ${y}`, data: [{ y: [y] }], traces: [0] }],
});
const handles = [
  { name: "start", values: ["low", "high"] },
  { name: "data", values: ["all", "some", "none"] },
];

test("withHandles keeps the first figure, and of each other one what a choice changes", () => {
  const figures = [1, 2, 3, 4, 5, 6].map((y) => figure(y, y === 6 ? 7 : 1));
  const { title, alt, data, views } = withHandles({ title: "chosen", handles, figures });
  assert.equal(title, "chosen");
  assert.equal(alt, "The value 1. To choose from: start: low, high; data: all, some, none.");
  assert.deepEqual(data, figures[0]?.data);
  assert.equal(views?.length, 5);
  // Second start, third data.
  const { steps } = figures[5];
  assert.deepEqual(views?.[4], { data: [{ x: [0], y: [6] }], layout: { yaxis: { range: [0, 7] } }, steps });
  assert.deepEqual(views?.[0]?.layout, {});
});

test("withHandles wants a figure for each combination", () => {
  assert.throws(() => withHandles({ title: "", handles, figures: [figure(1)] }), /must be 6, .* but are 1/);
  const empty = [{ name: "start", values: [] }];
  assert.throws(() => withHandles({ title: "", handles: empty, figures: [] }), RangeError);
});
