import assert from "node:assert/strict";
import { test } from "node:test";
import { normalMixture } from "em-lesson";
import { boundAlong } from "../packages/figures/src/bound.js";

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
