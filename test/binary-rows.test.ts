// Rows of 0 and 1 taken eight columns at a time, beside the same model one column at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { binomial } from "../packages/mixtures/src/count-distributions.js";
import { countFamily } from "../packages/mixtures/src/count-family.js";
import { readData } from "../packages/mixtures/src/data.js";
import { assertClose } from "./close.js";
import { uniform } from "./uniform.js";

const random = uniform(23);

/** A column at a time, by logarithms for every entry; and how many of these there were. */
function counting(isBinary: boolean) {
  const plain = binomial(1);
  const calls = { count: 0 };
  const logProbability = (count: number, rate: number) => {
    calls.count++;
    return plain.logProbability(count, rate);
  };
  return { distribution: { ...plain, isBinary, logProbability }, calls };
}

// Blocks have 256 rows, bytes 8 columns, and 4 bytes are taken together: sizes on both sides of each.
for (const [N, D, K] of [
  [16, 1, 1],
  [255, 7, 2],
  [256, 8, 3],
  [257, 9, 4],
  [700, 33, 10],
])
  for (const weighted of [false, true])
    test(`${N} rows of ${D} columns, K = ${K}${weighted ? ", weighted" : ""}: bytes give what columns do`, () => {
      // Sorted columns, so that rates of 0 and 1 leave possible rows.
      const X = Array.from({ length: N }, () => Array.from({ length: D }, (_, j) => (j > 2 && random() < 0.6 ? 1 : 0)));
      const data = readData(X, { ...(weighted && { sampleWeight: X.map(() => Math.floor(3 * random())) }) });
      const rates = Array.from({ length: K }, () => Array.from({ length: D }, (_, j) => (j === 1 ? 0 : random())));
      if (K > 1) rates[0].fill(1, 4, 6); // nearly all rows are impossible under the first component
      const weights = Array.from({ length: K }, () => 1 / K);
      const bytes = counting(true);
      const columns = counting(false);
      const fast = countFamily(K, D, bytes.distribution);
      const slow = countFamily(K, D, columns.distribution);
      const theta = slow.pack({ weights, rates });

      // 1,000 terms of a sum, in another order.
      const rounding = 1e-12;
      const one = fast.open(data).step(theta);
      const other = slow.open(data).step(theta);
      assertClose(one.logLikelihood, other.logLikelihood, rounding);
      assertClose([...one.params], [...other.params], rounding, "θ", 1e-3);
      // Again, by tables that are filled anew.
      const step = fast.open(data).step;
      step(theta);
      assertClose([...step(one.params).params], [...slow.open(data).step(other.params).params], rounding, "θ", 1e-3);

      const rowsOf = (family: typeof fast) => {
        const rows: number[][] = [];
        family.eStep(theta, data, (_, responsibilities, logDensity) => rows.push([...responsibilities, logDensity]));
        return rows;
      };
      assertClose(rowsOf(fast), rowsOf(slow), 1e-11, "rows", 1);
      const given = (row: number, out: Float64Array) => {
        out.fill(0.5 / K);
        out[row % K] += 0.5;
      };
      assertClose([...fast.weightedFit(data, given)], [...slow.weightedFit(data, given)], rounding);
      assert.ok(columns.calls.count >= N * D * K);
      assert.equal(bytes.calls.count, 0);
    });

test("few rows go a column at a time", () => {
  const { distribution, calls } = counting(true);
  const family = countFamily(1, 2, distribution);
  const data = readData(
    Array.from({ length: 15 }, (_, i) => [i & 1, 1]),
    {},
  );
  family.open(data).step(family.pack({ weights: [1], rates: [[0.5, 0.5]] }));
  assert.equal(calls.count, 30);
});
