// Notebook 9: the claim that it tests, and the numbers in its sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { normalMixture } from "em-lesson";
import { PoissonMixture } from "em-mixtures";
import { assertSays, textOf } from "./notebook-text.js";

const raw = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];
const claim = {
  weights: [0.5695, 1 - 0.5695],
  means: [27.42, 12.36],
  deviations: [Math.sqrt(268.17), Math.sqrt(2772.34)],
};

test("the published answer is no maximum, and its run goes on to that of notebook 2", () => {
  const text = textOf("09-referee");
  const claimed = normalMixture.logLikelihood(claim, raw);
  const end = normalMixture.fit(raw, claim);
  assert.deepEqual([claimed.toFixed(3), end.logLikelihood.toFixed(3)], ["-73.664", "-71.063"]);
  assertSays(text, "Ours, by #:", end.logLikelihood - claimed);
  assertSays(text, "by 2.6: $#$ against", end.logLikelihood);
  assertSays(text, "against $#$. The same", claimed);
  assertSays(text, "that is # times", Math.exp(end.logLikelihood - claimed));
  assertSays(text, "It ends at $#$", end.logLikelihood);
  assertSays(text, "after # updates. So", end.iterations);
  const mean = raw.reduce((sum, y) => sum + y, 0) / 15;
  const deviation = Math.sqrt(raw.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 15);
  const alone = normalMixture.logLikelihood({ weights: [1], means: [mean], deviations: [deviation] }, raw);
  assertSays(text, "It does not: # against", 5 * Math.log(15) - 2 * claimed);
  assertSays(text, "160.87 against #.", 2 * Math.log(15) - 2 * alone);
  assert.ok(5 * Math.log(15) - 2 * end.logLikelihood < 2 * Math.log(15) - 2 * alone);
  const { means } = normalMixture.mStep(raw, normalMixture.eStep(claim, raw));
  assert.ok(means.some((value, k) => Math.abs(value - (claim.means[k] ?? 0)) > 0.1));
});

test("the project's answer is as its hint says, by the library that counts fast", () => {
  const days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1];
  const counts = days.map((_, count) => count);
  const init = { weights: [0.3, 0.7], means: [1, 2.5] };
  const { params } = PoissonMixture.fit(counts, { sampleWeight: days, init, tol: 0, maxIter: 2000 });
  const text = textOf("09-referee");
  assertSays(text, "the weights are # and", params.weights[0] ?? 0);
  assertSays(text, "the weights are 0.36 and #, the means", params.weights[1] ?? 0);
  assertSays(text, "the means # and 2.663", params.means[0] ?? 0);
  assertSays(text, "the means 1.256 and #, in", params.means[1] ?? 0);
});
