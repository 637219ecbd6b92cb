// Rows of 0 and 1 taken eight columns at a time, beside the same model one column at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BernoulliParams } from "em-mixtures";
import { componentFamily } from "../packages/mixtures/src/component-family.js";
import { readData } from "../packages/mixtures/src/data.js";
import { bernoulli } from "../packages/mixtures/src/families/bernoulli.js";
import { withBinaryPasses } from "../packages/mixtures/src/families/binary-passes.js";
import { namedWording } from "../packages/mixtures/src/wording.js";
import { assertClose } from "./close.js";
import { uniform } from "./uniform.js";

const random = uniform(23);

/** Half a case more of each: so the prior is tried, too. */
const pseudoCount = 0.5;
const plain = bernoulli({ pseudoCount });

/** The component itself, a column at a time; and how many densities were asked for. */
function counting(K: number, D: number) {
  const calls = { count: 0 };
  const logDensity = (params: Parameters<typeof plain.logDensity>[0]) => {
    const density = plain.logDensity(params);
    return (x: Float64Array) => {
      calls.count++;
      return density(x);
    };
  };
  const wording = namedWording<{ readonly probabilities: readonly number[] }, BernoulliParams>(
    { probabilities: "probabilities" },
    () => {},
  );
  return { family: componentFamily({ ...plain, logDensity }, wording, K, D), calls };
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
      const probabilities = Array.from({ length: K }, () =>
        Array.from({ length: D }, (_, j) => (j === 1 ? 1e-3 : random())),
      );
      if (K > 1) probabilities[0].fill(1 - 1e-9, 4, 6); // nearly all rows are impossible under the first component
      const weights = Array.from({ length: K }, () => 1 / K);
      const bytes = counting(K, D);
      const columns = counting(K, D);
      const fast = withBinaryPasses(bytes.family, pseudoCount);
      const slow = columns.family;
      fast.pack({ weights, probabilities });
      const theta = slow.pack({ weights, probabilities });

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
      assert.ok(columns.calls.count >= N * K);
      assert.equal(bytes.calls.count, 0);
    });

test("few rows go a column at a time", () => {
  const { family, calls } = counting(1, 2);
  const data = readData(
    Array.from({ length: 15 }, (_, i) => [i & 1, 1]),
    {},
  );
  withBinaryPasses(family)
    .open(data)
    .step(family.pack({ weights: [1], probabilities: [[0.5, 0.5]] }));
  assert.equal(calls.count, 15);
});
