import assert from "node:assert/strict";
import { test } from "node:test";
import { type Iteration, type NormalMixture, normalMixture } from "em-lesson";
import { boundAlong, boundSlider } from "../packages/figures/src/bound.js";

const observations = [-1, -0.5, 0.5, 1, 1.5];
const from = { weights: [0.5, 0.5], means: [-0.5, 1], deviations: [1, 1] };

test("boundAlong's bound touches the log-likelihood at s = 0, stays below it, and has its top at s = 1", () => {
  const { data } = boundAlong({ observations, from });
  const [logLikelihood, bound] = data as { x0: number; dx: number; y: number[] }[];
  // Five significant digits are kept.
  const digits = 1e-3;
  const at = (s: number) => Math.round((s - bound.x0) / bound.dx);
  for (const [i, value] of bound.y.entries()) assert.ok(value <= logLikelihood.y[i] + digits);
  assert.ok(Math.abs(bound.y[at(0)] - normalMixture.logLikelihood(from, observations)) < digits);
  assert.ok(Math.max(...bound.y) - bound.y[at(1)] < digits);
  const to = normalMixture.mStep(observations, normalMixture.eStep(from, observations));
  assert.ok(Math.abs(logLikelihood.y[at(1)] - normalMixture.logLikelihood(to, observations)) < digits);
});

test("boundSlider has a step for each update, in which the bound touches before and is highest after", () => {
  const iterations: Iteration<NormalMixture>[] = [];
  normalMixture.fit(observations, from, { maxIter: 3, onIteration: (iteration) => iterations.push(iteration) });
  const { steps, data } = boundSlider({ observations, iterations });
  assert.equal(steps?.length, 3);
  assert.match(steps?.[0]?.label ?? "", /^from t = 0 to t = 1: before, log-likelihood (\S+) and bound \1; /);
  const [, bound] = data as unknown as { x0: number; dx: number; y: (number | null)[] }[];
  const heights = (bound?.y ?? []).map((y) => y ?? Number.NEGATIVE_INFINITY);
  const top = heights.indexOf(Math.max(...heights));
  const start = heights[Math.round(-(bound?.x0 ?? 0) / (bound?.dx ?? 1))];
  // A grid of 41 points has none at exactly 0.
  assert.ok(Math.abs(start ?? 9) < 0.1);
  assert.ok(Math.abs((bound?.x0 ?? 0) + top * (bound?.dx ?? 0) - 1) <= (bound?.dx ?? 0));
  assert.throws(() => boundSlider({ observations, iterations: iterations.slice(0, 1) }), RangeError);
  const still = [iterations[0], iterations[0]].flatMap((iteration) => iteration ?? []);
  assert.throws(() => boundSlider({ observations, iterations: still }), RangeError);
});
