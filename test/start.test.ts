import assert from "node:assert/strict";
import { test } from "node:test";
import { readData } from "../packages/mixtures/src/data.js";
import { randomFrom } from "../packages/mixtures/src/random.js";
import { startRows } from "../packages/mixtures/src/start.js";

const X = Float64Array.from({ length: 50_000 }, (_, row) => row);

test("startRows takes rows from all over a large data set, each with its weight", () => {
  const { values, weights, rows, totalWeight } = startRows(readData(X, { sampleWeight: X }), 2, randomFrom(1));
  assert.equal(rows, 11_000);
  assert.deepEqual(weights, values);
  assert.equal(
    totalWeight,
    values.reduce((sum, value) => sum + value, 0),
  );
  const stretch = X.length / rows;
  assert.ok(values.every((value, i) => value >= Math.floor(i * stretch) && value < (i + 1) * stretch));
});
