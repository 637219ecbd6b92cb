// The lesson's loop and models, beside the engine's: each is the other's reference.
import assert from "node:assert/strict";
import { test } from "node:test";
import { em, InputError, type NormalMixture, normalMixture, threeCoins } from "em-lesson";
import { BernoulliMixture, GaussianMixture } from "em-mixtures";
import { assertClose } from "./close.js";
import { uniform } from "./uniform.js";

/** A loop whose log-likelihoods are given. */
const count = (values: readonly number[]) => (n: number) => ({ params: n + 1, logLikelihood: values[n] });

test("em counts updates, keeps the history and gives parameters with their own log-likelihood", () => {
  assert.deepEqual(em(0, count([0, 1, 2, 2, 2])), {
    params: 3,
    logLikelihood: 2,
    history: [0, 1, 2, 2],
    iterations: 3,
    converged: true,
    reason: "tolerance",
  });
  assert.deepEqual(em(0, count([5]), { maxIter: 0 }).params, 0);
});

test("em goes on after a fall, and with tol 0 through a standstill", () => {
  assert.deepEqual(em(0, count([0, -1, 2, 2])).history, [0, -1, 2, 2]);
  const { iterations, reason } = em(0, count([1, 1, 1, 1]), { tol: 0, maxIter: 3 });
  assert.deepEqual([iterations, reason], [3, "maxIter"]);
});

test("em ends as stopped when onIteration returns false, also where the tolerance is met", () => {
  const { params, reason, converged } = em(0, count([1, 1]), { onIteration: ({ iteration }) => iteration < 1 });
  assert.deepEqual([params, reason, converged], [1, "stopped", false]);
});

test("em names the log-likelihood that is no number and the option that is none", () => {
  const cases: readonly [() => unknown, RegExp][] = [
    [() => em(0, count([0, 1, Number.NaN])), /^the log-likelihood after 2 updates must be a finite number, but is NaN/],
    [() => em(0, count([0]), { maxiter: 2 } as object), /"maxiter"\. Did you mean maxIter\?/],
    [() => em(0, count([0]), { maxIter: 1.5 }), /^maxIter must be an integer of at least 0, but is 1\.5/],
    [() => em(0, count([0]), { tol: Number.NaN }), /^tol must be a finite number of at least 0, but is NaN/],
  ];
  for (const [call, message] of cases)
    assert.throws(call, (error) => error instanceof InputError && message.test(error.message), String(message));
});

// 20 steps let the rounding of one grow by the slope of EM's map, which is below 1 near a maximum and a few before it.
const tolerance = 1e-9;
const steps = 20;

test("20 steps of the lesson's mixture are 20 steps of the engine's", () => {
  for (const seed of [1, 2, 3])
    for (const components of [1, 2, 3]) {
      const random = uniform(seed * 10 + components);
      const observations = Array.from({ length: 60 }, (_, j) => 4 * (j % 3) + 3 * (random() + random() - random()));
      for (const start of starts(components, random)) {
        const ours = normalMixture.fit(observations, start, { maxIter: steps, tol: 0 });
        const { params, report } = GaussianMixture.fit(observations, {
          init: {
            weights: start.weights,
            means: start.means.map((mean) => [mean]),
            covariances: start.deviations.map((deviation) => [[deviation ** 2]]),
          },
          maxIter: steps,
          tol: Number.MIN_VALUE,
        });
        const { weights, means, covariances } = params;
        assertClose(ours.params.weights, weights, tolerance, "weights", 1);
        assertClose(ours.params.means, means.flat(), tolerance, "means", 1);
        assertClose(ours.params.deviations, covariances.flat(2).map(Math.sqrt), tolerance, "deviations", 1);
        assertClose(ours.history.slice(0, report.history.length), report.history, tolerance, "log-likelihoods");
      }
    }
});

/** Starts with weights of all kinds: equal, drawn, one near 0. */
function starts(components: number, random: () => number): NormalMixture[] {
  const drawn = Array.from({ length: components }, () => 0.1 + random());
  const uneven = drawn.map((_, k) => (k === 0 ? 1e-6 : 1));
  return [drawn.map(() => 1), drawn, uneven].map((parts) => {
    const total = parts.reduce((sum, part) => sum + part, 0);
    return {
      weights: parts.map((part) => part / total),
      means: parts.map(() => 12 * random()),
      deviations: parts.map(() => 1 + 3 * random()),
    };
  });
}

test("20 steps of the lesson's coins are 20 steps of the engine's mixture of two Bernoullis", () => {
  for (const seed of [1, 2, 3]) {
    const random = uniform(seed);
    const tosses = Array.from({ length: 40 }, () => (random() < 0.6 ? 1 : 0));
    for (const a of [0.5, 0.05 + 0.9 * random(), 1e-6]) {
      const start = { a, b: 0.1 + 0.8 * random(), c: 0.1 + 0.8 * random() };
      const ours = threeCoins.fit(tosses, start, { maxIter: steps, tol: 0 });
      const { params: fitted, report } = BernoulliMixture.fit(tosses, {
        init: { weights: [a, 1 - a], probabilities: [[start.b], [start.c]] },
        maxIter: steps,
        tol: Number.MIN_VALUE,
      });
      const { weights, probabilities } = fitted;
      const { params } = ours;
      assertClose(
        [params.a, params.b, params.c],
        [weights[0], probabilities[0][0], probabilities[1][0]],
        tolerance,
        "coins",
        1,
      );
      assertClose(ours.logLikelihood, report.logLikelihood, tolerance);
    }
  }
});
