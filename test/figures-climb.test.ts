import assert from "node:assert/strict";
import { test } from "node:test";
import { boundAndGap, jensenSlider } from "../packages/figures/src/climb.js";

test("jensenSlider names both sides of the inequality, and moves chord, gap and points", () => {
  const { steps } = jensenSlider([
    [1, 9],
    [5, 5],
  ]);
  // ln 5 and (ln 1 + ln 9) / 2
  assert.match(steps?.[0]?.label ?? "", /1 and 9: .* 1\.6094, .* 1\.0986, gap 0\.5108/);
  assert.match(steps?.[1]?.label ?? "", /gap 0\.0000/);
  assert.deepEqual(steps?.[0]?.data.slice(1), [
    { x: [5, 5], y: [1.609, 1.099] },
    { x: [5], y: [1.609] },
    { x: [5], y: [1.099] },
  ]);
  assert.throws(() => jensenSlider([]), /jensenSlider: `pairs` is empty/);
});

test("boundAndGap stands the gap on the bound, and adds a bar a step", () => {
  const halves = [
    { name: "E", bound: 1, logLikelihood: 1 },
    { name: "M", bound: 2, logLikelihood: 4 },
  ];
  const { data, steps } = boundAndGap(halves);
  const [bound] = data as unknown as { x: string[]; base: number }[];
  assert.deepEqual(bound?.x, ["E"]);
  assert.deepEqual(steps?.[1]?.data[1], { x: ["E", "M"], y: [0, 2], base: [1, 2] });
  const lower = steps?.[1]?.data[0] as unknown as { y: number[] };
  // The bars end at the bounds.
  assert.deepEqual(
    lower.y.map((height) => height + (bound?.base ?? 0)),
    [1, 2],
  );
  assert.equal(steps?.[1]?.label, "M: bound 2.0000, gap 2.0000, log-likelihood 4.0000");
  assert.throws(() => boundAndGap([]), /boundAndGap: `halves` is empty/);
});
