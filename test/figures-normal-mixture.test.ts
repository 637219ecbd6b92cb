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
const iterations = [
  { iteration: 0, params, logLikelihood: -3 },
  { iteration: 1, params: { ...params, means: [1, 0] }, logLikelihood: -2 },
];
/** The height of the standard normal density at 0. */
const peak = 1 / Math.sqrt(2 * Math.PI);
// biome-ignore lint/suspicious/noExplicitAny: a union of every trace that plotly.js has
const at = (traces: readonly any[], i: number) => traces[i];

test("originalDensities draws each density unweighted over [-1, 1]", () => {
  const { data } = originalDensities(params);
  assert.equal(data.length, 2);
  const { x0, dx, points, normals } = at(data, 0);
  assert.equal(x0, -1);
  assert.equal(x0 + (points - 1) * dx, 1);
  assert.deepEqual(normals, [[1, 0, 0.5]]);
});

test("weightedDensities draws weighted components, their sum and the observations", () => {
  const { data, layout } = weightedDensities({ observations, params });
  assert.equal(data.length, 4);
  const [first, second, sum] = [0, 1, 2].map((k) => at(data, k).normals);
  assert.deepEqual(second, [[0.75, 1, 0.25]]);
  assert.deepEqual(sum, [...first, ...second]);
  assert.deepEqual(at(data, 3).x, observations);
  // They stand below the curves, within the picture, which goes beyond them on either side and above.
  const [[left, right], [bottom, top]] = [layout.xaxis, layout.yaxis].map((axis) => axis?.range as number[]);
  assert.ok(left < 0 && right > 1 && top > (0.75 * peak) / 0.25);
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

test("mixtureSlider's steps change curves and points, and name update, log-likelihood and all parameters", () => {
  const figure = mixtureSlider({ observations, iterations });
  assert.equal(figure.steps?.length, 2);
  const { label, data, traces } = figure.steps?.[1] ?? assert.fail();
  assert.equal(
    label,
    "t = 1: log-likelihood −2.0000; weights 0.2500, 0.7500; means 1.0000, 0.0000; deviations 0.5000, 0.2500",
  );
  assert.deepEqual(traces, [0, 1, 2, 3]);
  assert.deepEqual(at(data, 0).normals, [[0.25, 1, 0.5]]);
  // By hand: at 0, N(0 | 0, 0.25²) weighs more; at 1, N(1 | 1, 0.5²). 0 is plotly.js's circle, 2 its diamond.
  assert.deepEqual(at(data, 3).marker.symbol, [2, 2, 0]);
  assert.deepEqual(at(figure.steps ?? [], 0).data[3].marker, at(figure.data, 3).marker);
});

test("mixtureSlider's axes hold every step", () => {
  const range = mixtureSlider({ observations, iterations }).layout.yaxis?.range as number[];
  for (const { params } of iterations) {
    const own = weightedDensities({ observations, params }).layout.yaxis?.range as number[];
    assert.ok(range[1] >= own[1]);
  }
  assert.ok(range[0] < 0);
});

test("mixtureSlider shows the first and the last of many iterations, and some between", () => {
  const many = Array.from({ length: 101 }, (_, iteration) => ({ iteration, params, logLikelihood: -1 }));
  const { steps } = mixtureSlider({ observations, iterations: many, positions: 5 });
  assert.deepEqual(
    steps?.map(({ label }) => label.split(":")[0]),
    ["t = 0", "t = 25", "t = 50", "t = 75", "t = 100"],
  );
});

test("the sum has no component's colour, however many there are", () => {
  for (const K of [2, 3, 4, 5]) {
    const params = {
      weights: Array.from({ length: K }, () => 1 / K),
      means: Array.from({ length: K }, (_, k) => k),
      deviations: Array.from({ length: K }, () => 0.3),
    };
    const { data } = weightedDensities({ observations: [0, K], params });
    const colour = (name: RegExp) =>
      data
        .filter((trace) => name.test(String(trace.name)))
        .map((trace) => (trace as { line: { color: string } }).line.color);
    assert.equal(colour(/weighted component/).length, K);
    assert.ok(!colour(/weighted component/).includes(colour(/sum/)[0]));
  }
});

test("200,000 observations overflow nothing", () => {
  const observations = Array.from({ length: 200_000 }, (_, i) => Math.sin(i));
  const params = { weights: [0.5, 0.5], means: [-0.5, 0.5], deviations: [0.5, 0.5] };
  assert.equal(weightedDensities({ observations, params }).data.length, 4);
});
