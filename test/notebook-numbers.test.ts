// The numbers in the sentences of notebooks 1 and 2: each sentence is found, and its number computed anew.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Iteration, type NormalMixture, normalDensity, normalMixture, threeCoins } from "em-lesson";
import { assertSays, textOf } from "./notebook-text.js";

test("notebook 1", () => {
  const text = textOf("01-three-coins");
  const tosses = [1, 1, 0, 1, 0, 0, 1, 0, 1, 1];
  const start = { a: 0.4, b: 0.6, c: 0.7 };
  const [ofHead, , ofTail] = threeCoins.eStep(start, tosses);
  const landing = threeCoins.mStep(tosses, threeCoins.eStep(start, tosses));
  assertSays(text, "0.6 + 0.6 \\cdot 0.7 = #$", threeCoins.probability(1, start));
  assertSays(text, "= 0.24$, both together #,", threeCoins.probability(1, start));
  assertSays(text, "$4/11 = #$ for every head", ofHead ?? 0);
  assertSays(text, "$8/17 = #$ for every tail", ofTail ?? 0);
  assertSays(text, "$b' = \\frac{24}{11} \\cdot \\frac{187}{760} = #$", landing.b);
  assertSays(text, "6 \\ln 0.6 + 4 \\ln 0.4 = #$", threeCoins.logLikelihood(landing, tosses));
});

test("notebook 2", () => {
  const text = textOf("02-gaussian-mixture");
  const raw = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];
  const observations = raw.map((y) => (y + 67) / 142);
  const start: NormalMixture = { weights: [0.5, 0.5], means: [0, 1], deviations: [1, 1] };
  const path: Iteration<NormalMixture>[] = [];
  const fit = normalMixture.fit(observations, start, { onIteration: (iteration) => path.push(iteration) });
  const at = (t: number) => path[t] ?? assert.fail();
  const rise = (t: number) => at(t).logLikelihood - at(t - 1).logLikelihood;
  const leftMean = (t: number) => at(t).params.means[0] ?? 0;
  const firstFall = (tolerance: number) => path.findIndex((_, t) => t > 0 && rise(t) < tolerance);

  assertSays(text, "$1/\\sqrt{2\\pi} = #$", normalDensity(0, 0, 1));
  assertSays(text, "$e^{-1/2}$ of that, #.", normalDensity(1, 0, 1));
  assertSays(text, "its top is at #.", normalDensity(0, 0, 0.1));
  assertSays(text, "$1 / (1 + e^{-1/2}) = #$", normalMixture.eStep(start, [0])[0]?.[0] ?? 0);
  assertSays(text, "the deviation its root, #.", Math.sqrt(2 / 9));
  assertSays(text, "\\tfrac12 \\cdot 0.2420) = #$", normalMixture.logLikelihood(start, [0]));
  assertSays(text, "from 0 to #:", leftMean(1));
  assertSays(text, "the rise has shrunk to #.", rise(13));
  assertSays(text, "would have stopped at $t = #$", firstFall(0.05));
  assertSays(text, "with the left mean at #;", leftMean(10));
  assertSays(text, "it belongs at #.", fit.params.means[0] ?? 0);
  assertSays(text, "up to # between", Math.max(...path.slice(1, -1).map((_, i) => (i < 13 ? 0 : rise(i + 1)))));
  assertSays(text, "What takes # updates", fit.iterations);
  assertSays(text, "still rising at the end, by #:", rise(19));
  const twentieth = normalMixture.eStep(at(20).params, observations);
  const halfWay = normalMixture.eStep(at(10).params, observations);
  const surest = twentieth.map((row) => Math.max(...row));
  assert.ok(Math.min(...surest) > 0.997);
  assertSays(text, "still has up to # of", Math.max(...halfWay.map((row) => Math.min(...row))));
  assertSays(text, "is about $e^{#}$", -(67 ** 2) / 2);
  const uneven = { weights: [0.5, 0.5], means: [0.6, 0.6], deviations: [0.05, 0.3] };
  assertSays(text, "a **local maximum**, # where", normalMixture.fit(observations, uneven).logLikelihood);
  assertSays(text, "where # can be had", fit.logLikelihood);
  // No circle becomes a diamond: at every t the same component has the largest responsibility.
  const sides = path.map(({ params }) =>
    normalMixture
      .eStep(params, observations)
      .map(([r = 0]) => r > 0.5)
      .join(),
  );
  assert.equal(new Set(sides).size, 1);
});
