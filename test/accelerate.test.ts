import assert from "node:assert/strict";
import { test } from "node:test";
import { accelerate, em, GaussianMixture, type Step } from "em-mixtures";
import { assertClose } from "./close.js";
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };

const faithful = oldFaithful.rows;

test("accelerate reaches the plain optimum in fewer steps, over the four types and several starts", () => {
  for (const covarianceType of ["full", "tied", "diag", "spherical"] as const)
    for (const seed of [1, 2, 3]) {
      const options = { nComponents: 3, nInit: 1, covarianceType, seed, tol: 1e-12, maxIter: 5000 };
      const plain = GaussianMixture.fit(faithful, options).report;
      const fast = GaussianMixture.fit(faithful, { ...options, acceleration: "anderson" }).report;
      // Starts in different basins may end at different maxima; these do not.
      assertClose(fast.logLikelihood, plain.logLikelihood, 1e-9, `${covarianceType} ${seed}`);
      assert.ok(fast.evaluations <= plain.evaluations, `${fast.evaluations} against ${plain.evaluations}`);
    }
});

test("accelerate never lets the log-likelihood fall", () => {
  const { history } = GaussianMixture.fit(faithful, { nComponents: 4, nInit: 1, acceleration: "anderson" }).report;
  // Equal but for the rounding of a sum of 272 terms.
  for (let t = 1; t < history.length; t++) assert.ok(history[t] >= history[t - 1] - 1e-9, `${t}`);
});

test("accelerate works for any model: the linkage in half the steps", () => {
  const step: Step<number> = (θ) => {
    const hidden = (125 * θ) / (2 + θ);
    return {
      params: (hidden + 34) / (hidden + 72),
      logLikelihood: 125 * Math.log(2 + θ) + 38 * Math.log(1 - θ) + 34 * Math.log(θ),
    };
  };
  const fast = accelerate(step, {
    toVector: (θ) => [θ],
    fromVector: ([θ]) => (θ > 0 && θ < 1 ? θ : undefined),
  });
  const { params, iterations } = em(0.5, fast);
  assertClose(params, (15 + Math.sqrt(53809)) / 394, 1e-9);
  assert.ok(iterations < em(0.5, step).iterations, `${iterations}`);
});

test("accelerate takes the plain step where the parameter space ends", () => {
  const halving: Step<number> = (x) => ({ params: x / 2, logLikelihood: -x });
  const { params } = em(1, accelerate(halving, { toVector: (x) => [x], fromVector: () => undefined }), { maxIter: 3 });
  assert.equal(params, 1 / 8);
});
