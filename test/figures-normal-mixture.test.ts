import assert from "node:assert/strict";
import { test } from "node:test";
import {
  mixtureSlider,
  originalDensities,
  originalLabels,
  softLabels,
  weightedDensities,
} from "../packages/figures/src/normal-mixture.js";

const observations = [0, 0.25, 1];
const params = { weights: [0.25, 0.75], means: [0, 1], deviations: [0.5, 0.25] };
const responsibilities = [
  [1, 0],
  [0.75, 0.25],
  [0, 1],
];
const steps = [
  { params, responsibilities, logLikelihood: -3 },
  { params: { ...params, means: [0.5, 1] }, responsibilities: [...responsibilities].reverse(), logLikelihood: -2 },
];
/** The height of the standard normal density at 0. */
const peak = 1 / Math.sqrt(2 * Math.PI);
// biome-ignore lint/suspicious/noExplicitAny: a union of every trace that plotly.js has
const at = (traces: readonly any[], i: number) => traces[i];

test("originalDensities draws each density unweighted over [-1, 1]", () => {
  const { data } = originalDensities(params);
  assert.equal(data.length, 2);
  const { x0, dx, y } = at(data, 0);
  assert.equal(x0, -1);
  assert.equal(x0 + (y.length - 1) * dx, 1);
  // Four significant digits are kept.
  assert.ok(Math.abs(Math.max(...y) - peak / 0.5) < 5e-4);
});

test("weightedDensities draws weighted components, their sum and the observations", () => {
  const { data, layout } = weightedDensities({ observations, params });
  assert.equal(data.length, 4);
  const [first, second, sum] = [0, 1, 2].map((k) => at(data, k).y as number[]);
  assert.ok(Math.abs(Math.max(...second) - (0.75 * peak) / 0.25) < 5e-4);
  for (const [i, value] of sum.entries()) assert.ok(Math.abs(value - first[i] - second[i]) < 2e-3);
  assert.deepEqual(at(data, 3).x, observations);
  // They stand below the curves, within the picture, which goes beyond them on either side.
  const [[left, right], [bottom]] = [layout.xaxis, layout.yaxis].map((axis) => axis?.range as number[]);
  assert.ok(left < 0 && right > 1);
  assert.ok(at(data, 3).y.every((height: number) => height < 0 && height > bottom));
});

test("originalLabels has a trace per label, index against observation", () => {
  const { data, alt } = originalLabels({ observations, labels: [1, 1, 0] });
  assert.deepEqual([at(data, 0).name, at(data, 0).x, at(data, 0).y], ["label 0", [2], [1]]);
  assert.deepEqual([at(data, 1).name, at(data, 1).x, at(data, 1).y], ["label 1", [0, 1], [0, 0.25]]);
  assert.match(alt, /Label 0: 1 observations; Label 1: 2 observations/);
});

test("softLabels groups points by their component and mixes its colours", () => {
  const { data, alt } = softLabels({ observations, responsibilities, names: ["low <b>", "high"] });
  assert.equal(at(data, 0).name, "low &lt;b&gt;");
  assert.deepEqual(at(data, 0).x, [0, 1]);
  // #0072B2 alone, and three parts of it with one of #D55E00.
  assert.deepEqual(at(data, 0).marker.color, ["#0072b2", "#356d86"]);
  assert.notEqual(at(data, 0).marker.symbol, at(data, 1).marker.symbol);
  assert.match(alt, /high: 1 observations. The least decided .* 0\.7500/);
});

test("mixtureSlider's steps change curves and points, and name iteration and log-likelihood", () => {
  const figure = mixtureSlider({ observations, steps });
  assert.equal(figure.steps?.length, 2);
  const { label, data, traces } = figure.steps?.[1] ?? assert.fail();
  assert.equal(label, "t = 1: log-likelihood −2.0000");
  assert.deepEqual(traces, [0, 1, 2, 3]);
  assert.notDeepEqual(at(data, 0).y, at(figure.data, 0).y);
  assert.deepEqual(at(data, 3).marker.symbol, ["diamond", "circle", "circle"]);
  assert.deepEqual(at(figure.steps ?? [], 0).data[3].marker, at(figure.data, 3).marker);
});

test("mixtureSlider's axes hold every step", () => {
  const range = mixtureSlider({ observations, steps }).layout.yaxis?.range as number[];
  for (const { params } of steps) {
    const top = Math.max(...at(weightedDensities({ observations, params }).data, 2).y);
    assert.ok(range[1] >= top);
  }
  assert.ok(range[0] < 0);
});
