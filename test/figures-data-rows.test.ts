import assert from "node:assert/strict";
import { test } from "node:test";
import { observationRow, tossRow } from "../packages/figures/src/data-rows.js";

test("tossRow puts heads and tails at their tosses", () => {
  const { data, alt } = tossRow([1, 0, 1]);
  assert.deepEqual(
    data.map((trace) => ("x" in trace && "y" in trace ? [trace.x, trace.y] : [])),
    [
      [
        [0, 2],
        ["heads", "heads"],
      ],
      [[1], ["tails"]],
    ],
  );
  assert.match(alt, /2 of 3 tosses show heads/);
});

test("observationRow marks each observation and names the widest gap", () => {
  const { data, alt, layout } = observationRow({ observations: [5, -2, 6], observationTitle: "<b>" });
  assert.deepEqual((data[0] as { x: number[] }).x, [5, -2, 6]);
  assert.match(alt, /3 observations from −2\.0000 to 6\.0000\. The widest gap is between −2\.0000 and 5\.0000/);
  assert.deepEqual(layout.xaxis?.title, { text: "&lt;b&gt;" });
  assert.doesNotMatch(observationRow({ observations: [1] }).alt, /gap/);
});
