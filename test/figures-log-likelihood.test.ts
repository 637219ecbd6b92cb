import assert from "node:assert/strict";
import { test } from "node:test";
import { logLikelihoodTraces } from "../packages/figures/src/log-likelihood.js";

test("logLikelihoodTraces starts at t = 1 and says where it falls", () => {
  const { data, alt } = logLikelihoodTraces({ logLikelihood: [-2, -1, 0.5], printed: [0, 224.5, 224.25] });
  const [printed, logLikelihood] = data as { x: number[]; y: number[]; yaxis: string }[];
  assert.deepEqual(
    [printed.x, printed.y],
    [
      [1, 2],
      [224.5, 224.25],
    ],
  );
  assert.deepEqual(
    [logLikelihood.x, logLikelihood.y],
    [
      [1, 2],
      [-1, 0.5],
    ],
  );
  assert.notEqual(printed.yaxis, logLikelihood.yaxis);
  assert.match(alt, /falls from t = 1 to t = 2/);
});
