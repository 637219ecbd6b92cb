import assert from "node:assert/strict";
import { test } from "node:test";
import { logLikelihoodTraces, toleranceSlider } from "../packages/figures/src/log-likelihood.js";

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

test("logLikelihoodTraces puts Q between the two, and says of each whether it falls", () => {
  const traces = { logLikelihood: [-2, -1, 0.5], printed: [0, 224.5, 224.25], expected: [0, -2, -1.5] };
  const { data, layout, alt } = logLikelihoodTraces(traces);
  assert.deepEqual(
    data.map((trace) => ("yaxis" in trace ? [trace.name, trace.yaxis] : [])),
    [
      ["the original's printed figure", "y2"],
      ["expected logarithm Q", "y3"],
      ["log-likelihood", "y"],
    ],
  );
  const [low = 0, , above = 0] = [layout.yaxis, layout.yaxis2, layout.yaxis3].map((axis) => axis?.domain?.[0]);
  assert.ok(low < above && above < (layout.yaxis2?.domain?.[0] ?? 0));
  assert.match(alt, /Above: [^.]*224\.5000 to 224\.2500\. It falls from t = 1 to t = 2\./);
  assert.match(alt, /In the middle: [^.]*Q, from −2\.0000 to −1\.5000\. It never falls\. Below: .* It never falls\.$/);
});

test("toleranceSlider stops where the change first is less, in either direction", () => {
  const logLikelihood = [-10, -1, -0.95, -0.5, -0.501, -0.501];
  const { data, steps, alt } = toleranceSlider({ logLikelihood, tolerances: [0.1, 0.01, 1e-9, 0] });
  const changes = data[0] as { x: number[]; y: (number | null)[] };
  assert.deepEqual(changes.x, [1, 2, 3, 4, 5]);
  // A change of 0 cannot be drawn on a logarithmic scale.
  assert.deepEqual(changes.y, [9, 0.05, 0.45, 0.001, null]);
  assert.deepEqual(
    steps?.map(({ label }) => label),
    [
      "tolerance 0.1: stops after 2 updates at the log-likelihood −0.9500, 0.45 below the highest of the run",
      "tolerance 0.01: stops after 4 updates at the log-likelihood −0.5010, 0.001 below the highest of the run",
      "tolerance 1e-9: stops after 5 updates at the log-likelihood −0.5010, 0.001 below the highest of the run",
      "tolerance 0: no stop in these 5 updates",
    ],
  );
  assert.deepEqual(steps?.[0]?.data[1], { x: [2], y: [0.1] });
  assert.deepEqual(steps?.[3]?.data[1], { x: [], y: [] });
  assert.match(alt, /tolerance 0\.1: stops after 2 updates/);
});

test("toleranceSlider says what it lacks", () => {
  assert.throws(() => toleranceSlider({ logLikelihood: [1], tolerances: [1] }), /must have two entries/);
  assert.throws(() => toleranceSlider({ logLikelihood: [1, 2], tolerances: [] }), /`tolerances` is empty/);
});
