import assert from "node:assert/strict";
import { test } from "node:test";
import { em, StepError } from "em-mixtures";
import { assertClose } from "./close.js";

// Dempster, Laird & Rubin (1977), section 1: 197 animals in four classes with chances ½ + θ/4, (1 − θ)/4 twice, θ/4.
const linkage = (θ: number) => {
  const hidden = (125 * θ) / (2 + θ);
  return {
    params: (hidden + 34) / (hidden + 18 + 20 + 34),
    logLikelihood: 125 * Math.log(2 + θ) + 38 * Math.log(1 - θ) + 34 * Math.log(θ),
  };
};
const limit = (15 + Math.sqrt(53809)) / 394;

test("em runs Dempster, Laird & Rubin's linkage to its limit", () => {
  const seen: number[] = [];
  const result = em(0.5, linkage, { maxIter: 7, onIteration: ({ params }) => seen.push(params) });
  // The paper's table 1, with three more digits.
  const printed = [0.608247423, 0.62432105, 0.626488879, 0.626777322, 0.626815632, 0.626820719, 0.626821394];
  assertClose(seen.slice(1), printed, 1e-9);
  assert.equal(result.reason, "maxIter");
  const { params, converged } = em(0.5, linkage, { tol: 1e-13 });
  assert.ok(converged);
  // Near the maximum ℓ is flat: |Δℓ| < 1e-13 leaves an error of about its root, less what EM's rate of .13 takes off.
  assertClose(params, limit, 1e-8);
});

test("em's error on the linkage shrinks by .132779 a step", () => {
  const seen: number[] = [];
  em(0.5, linkage, { maxIter: 8, onIteration: ({ params }) => seen.push(params) });
  assertClose((seen[8] - limit) / (seen[7] - limit), 0.132779, 1e-5);
});

test("em counts updates, keeps the history and gives parameters with their own log-likelihood", () => {
  let calls = 0;
  const result = em(0, (n) => {
    calls++;
    return { params: n + 1, logLikelihood: Math.min(n, 5) };
  });
  assert.deepEqual(result, {
    params: 6,
    logLikelihood: 5,
    history: [0, 1, 2, 3, 4, 5, 5],
    iterations: 6,
    converged: true,
    reason: "tolerance",
    warnings: [],
  });
  assert.equal(calls, 7);
  assert.deepEqual(em(0, (n) => ({ params: n + 1, logLikelihood: n }), { maxIter: 0 }).params, 0);
});

test("em stops when onIteration returns false", () => {
  const result = em(0, (n) => ({ params: n + 1, logLikelihood: n }), { onIteration: ({ iteration }) => iteration < 3 });
  assert.deepEqual([result.params, result.reason, result.converged], [3, "stopped", false]);
});

test("em goes on after a fall: only a standstill ends it", () => {
  const values = [0, -1, 2, 2];
  const result = em(0, (n) => ({ params: n + 1, logLikelihood: values[n] }));
  assert.deepEqual(result.history, values);
});

test("em names the iteration whose log-likelihood is no number", () => {
  const step = (n: number) => ({ params: n + 1, logLikelihood: n === 2 ? Number.NaN : n });
  assert.throws(
    () => em(0, step),
    (error) => error instanceof StepError && error.iteration === 2,
  );
});
