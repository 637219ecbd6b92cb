// Notebook 6: the numbers in its sentences, and those of a real update.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Iteration, type NormalMixture, normalDensity, normalMixture } from "em-lesson";
import { assertClose } from "./close.js";
import { assertSays, textOf } from "./notebook-text.js";

const raw = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];
const observations = raw.map((y) => (y + 67) / 142);
const start: NormalMixture = { weights: [0.5, 0.5], means: [0, 1], deviations: [1, 1] };
const path: Iteration<NormalMixture>[] = [];
normalMixture.fit(observations, start, { onIteration: (iteration) => path.push(iteration) });
const at = (t: number) => path[t] ?? assert.fail();

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const expected = (q: readonly (readonly number[])[], { weights, means, deviations }: NormalMixture): number =>
  total(
    q.flatMap((row, j) =>
      row.map((qjk, k) => {
        const height = normalDensity(observations[j] ?? 0, means[k] ?? 0, deviations[k] ?? 0);
        return qjk * Math.log((weights[k] ?? 0) * height);
      }),
    ),
  );
const entropy = (q: readonly (readonly number[])[]): number => -total(q.flat().map((qjk) => qjk * Math.log(qjk)));

test("the first update: Q, entropy, bound, gap and log-likelihood after its M-step", () => {
  const r = normalMixture.eStep(start, observations);
  const { params, logLikelihood } = at(1);
  const [Q, H] = [expected(r, params), entropy(r)];
  // The figures are rounded to six places.
  const printed = [Q, H, Q + H, logLikelihood, logLikelihood - Q - H].map((value) => Number(value.toFixed(6)));
  assert.deepEqual(printed, [-11.081906, 10.249996, -0.831911, -0.75751, 0.074401]);
  const text = textOf("06-why-it-climbs");
  assertSays(text, "$Q$ becomes $#$", Q);
  assertSays(text, "with $H = #$", H);
  assertSays(text, "the bound is $F = #$", Q + H);
  assertSays(text, "has risen further, to $#$", logLikelihood);
  assertSays(text, "the difference, #,", logLikelihood - Q - H);
});

test("its sentences say what is so", () => {
  const text = textOf("06-why-it-climbs");
  assertSays(text, "$\\ln 5 = #$", Math.log(5));
  assertSays(text, "$(\\ln 1 + \\ln 9)/2 = #$", Math.log(9) / 2);
  const ways = [0, 1].map((mean) => 0.5 * normalDensity(0, mean, 1));
  assertSays(text, "the ways are #", ways[0] ?? 0);
  assertSays(text, "the ways are 0.1995 and #,", ways[1] ?? 0);
  assertSays(text, "together #,", total(ways));
  assertSays(text, "$\\ln 0.3205 = #$", Math.log(total(ways)));
  assertSays(text, "\\tfrac{0.1210}{0.5} = #$", total(ways.map((way) => 0.5 * Math.log(way / 0.5))));
  assertSays(text, "larger than $\\ell = #$", at(0).logLikelihood);
  assertSays(text, "instead of #?", path.length - 1);
});

test("with every second update in the means only it climbs, too, and takes as many updates as notebook 6 says", () => {
  let [now, value, rise, updates] = [start, at(0).logLikelihood, Number.POSITIVE_INFINITY, 0];
  for (; rise > 1e-10; updates++) {
    const whole = normalMixture.mStep(observations, normalMixture.eStep(now, observations));
    now = updates % 2 === 0 ? { ...now, means: whole.means } : whole;
    const next = normalMixture.logLikelihood(now, observations);
    rise = next - value;
    assert.ok(rise >= 0, `update ${updates}`);
    value = next;
  }
  assertSays(textOf("06-why-it-climbs"), "it takes # updates", updates);
  assertClose(value, path[path.length - 1]?.logLikelihood, 1e-9);
});

test("beyond s = 1 the log-likelihood still climbs in almost every update from the wide start", () => {
  const beyond = (from: readonly number[], to: readonly number[]) =>
    from.map((value, k) => value + 1.05 * ((to[k] ?? 0) - value));
  const climbs = path.slice(1).filter(({ params, logLikelihood }, t) => {
    const from = at(t).params;
    const further = {
      weights: beyond(from.weights, params.weights),
      means: beyond(from.means, params.means),
      deviations: beyond(from.deviations, params.deviations),
    };
    return normalMixture.logLikelihood(further, observations) > logLikelihood;
  });
  assert.ok(climbs.length >= 0.9 * (path.length - 1), `${climbs.length} of ${path.length - 1}`);
});
