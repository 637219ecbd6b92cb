import assert from "node:assert/strict";
import { test } from "node:test";
import { hardeningSlider, updatesByDistance } from "../packages/figures/src/hardening.js";

const observations = [0, 1];

test("hardeningSlider's curves are flat where the means are one, and steps where the deviation is small", () => {
  const settings = [
    { deviation: 1, means: [0.5, 0.5] },
    // So small that the exponentials themselves would be 0 at all points.
    { deviation: 0.001, means: [0, 1] },
  ];
  const { steps } = hardeningSlider({ observations, settings });
  const [flat, hard] = (steps ?? []).map(({ data }) => data as unknown as { x?: number[]; y?: number[] }[]);
  assert.ok(flat?.[0]?.y?.every((r) => r === 0.5));
  assert.deepEqual(hard?.[2]?.y, [1, 0]);
  assert.deepEqual(hard?.[3]?.x, [0, 1]);
  assert.ok(hard?.[0]?.y?.every((r, i) => r + (hard[1]?.y?.[i] ?? 0) === 1));
  assert.match(steps?.[0]?.label ?? "", /^σ = 1: means 0\.5000, 0\.5000; .* with 0\.5000$/);
  assert.throws(() => hardeningSlider({ observations, settings: [] }), /hardeningSlider: `settings` is empty/);
});

test("updatesByDistance has a line for each name, on a logarithmic scale", () => {
  const { data, layout, alt } = updatesByDistance({ distances: [2, 6], counts: { EM: [412, 4], "a < b": [3, 2] } });
  assert.deepEqual(
    data.map((trace) => ("y" in trace ? [trace.name, trace.y] : [])),
    [
      ["EM", [412, 4]],
      ["a &lt; b", [3, 2]],
    ],
  );
  assert.equal(layout.yaxis?.type, "log");
  assert.match(alt, /EM from 412 to 4; a < b from 3 to 2/);
});
