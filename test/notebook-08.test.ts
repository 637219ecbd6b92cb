// Notebook 8: the numbers in its sentences, and the figures that its data are known for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { normalMixture } from "em-lesson";
import { GaussianMixture, select } from "em-mixtures";
import { assertClose } from "./close.js";
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };
import { assertSays, notebooks, textOf } from "./notebook-text.js";

const raw = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];
const observations = raw.map((y) => (y + 67) / 142);
const text = textOf("08-hard-soft-how-many");
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("the geyser's file has the eruptions of R's data set, and says where they are from", () => {
  const [source, licence, , ...lines] = readFileSync(`${notebooks}/old-faithful.csv`, "utf8").trim().split("\n");
  assert.match(`${source}${licence}`, /Old Faithful.*package datasets of R \(GPL 2 or later\)/);
  assert.deepEqual(
    lines.map((line) => line.split(",").map(Number)),
    oldFaithful.rows,
  );
});

test("BIC of the fifteen numbers", () => {
  const { table } = select(observations, { nComponents: [1, 2, 3], covarianceTypes: ["diag"], nInit: 50 });
  assert.deepEqual(
    table.map(({ bic }) => bic.toFixed(2)),
    ["7.20", "6.99", "11.18"],
  );
  assertSays(text, "- 2 \\cdot # =", table[1]?.logLikelihood ?? 0);
  assertSays(text, "- 2 \\cdot 3.2740 = #$", table[1]?.bic ?? 0);
  assertSays(text, "only just: #", table[1]?.bic ?? 0);
  assertSays(text, "against # for a single curve", table[0]?.bic ?? 0);
});

test("the fits to the geyser", () => {
  const two = GaussianMixture.fit(oldFaithful.rows, { nComponents: 2, tol: 1e-10 });
  assertClose(two.logLikelihood(oldFaithful.rows), -1130.2639601847, 1e-10);
  assertClose(two.bic(oldFaithful.rows), 2322.1917431, 1e-8);
  const [short, long] = two.params.means;
  assertSays(text, "A short eruption of # minutes", short?.[0] ?? 0);
  assertSays(text, "minutes and a wait of #,", short?.[1] ?? 0);
  assertSays(text, "a long one of # and", long?.[0] ?? 0);
  assertSays(text, "4.29 and a wait of #:", long?.[1] ?? 0);
  assertSays(text, "means come to #", short?.[1] ?? 0);
  assertSays(text, "54.479 and #?", long?.[1] ?? 0);
  for (const covariance of two.params.covariances) assert.ok((covariance[0]?.[1] ?? 0) > 0);

  const { best, table } = select(oldFaithful.rows, { nComponents: [1, 2, 3, 4], nInit: 20, tol: 1e-8 });
  assert.deepEqual([best.covarianceType, best.nComponents], ["tied", 3]);
  const { icl, covarianceType, nComponents } = table.reduce((a, b) => (b.icl < a.icl ? b : a));
  assert.deepEqual([covarianceType, nComponents], ["full", 2]);
  assertSays(text, "Its lowest value, #,", icl);
});

test("k-means: one update from 0 and 1, and two splits that stay", () => {
  const left = mean(observations.slice(0, 2));
  const right = mean(observations.slice(2));
  assertSays(text, "go left, to the mean #,", left);
  assertSays(text, "go right, to #.", right);
  assertSays(text, "The new border, #,", (left + right) / 2);
  const fixed = observations.flatMap((_, n) => {
    if (n === 0) return [];
    const border = (mean(observations.slice(0, n)) + mean(observations.slice(n))) / 2;
    return (observations[n - 1] ?? 0) < border && border < (observations[n] ?? 0) ? [n] : [];
  });
  assert.deepEqual(fixed, [2, 10]);
  assertSays(text, "after # numbers", fixed[0] ?? 0);
  assertSays(text, "and after #.", fixed[1] ?? 0);
  assertSays(text, "Both at #,", mean(observations));
});

test("two components at a distance: updates, and what hard assignment does to the means", () => {
  const fits = [2, 6].map((distance) => {
    const truth = { weights: [0.5, 0.5], means: [[0], [distance]], covariances: [[[1]], [[1]]] };
    const ys = GaussianMixture.from(truth)
      .sample(1000, 1)
      .samples.map(([y = 0]) => y);
    let ends = [Math.min(...ys), Math.max(...ys)];
    const start = { weights: [0.5, 0.5], means: ends, deviations: [1, 1] };
    const soft = normalMixture.fit(ys, start, { tol: 1e-6 });
    // A border that stays where it is stays there; a hundred updates are more than it needs.
    for (let t = 0; t < 100; t++) {
      const border = mean(ends);
      ends = [mean(ys.filter((y) => y < border)), mean(ys.filter((y) => y >= border))];
    }
    return { updates: soft.iterations, soft: soft.params.means, hard: ends };
  });
  const [near, far] = fits;
  assertSays(text, "At two, EM needs #.", near?.updates ?? 0);
  assert.equal(far?.updates, 4);
  assertSays(text, "pushed the means apart, to $#$", near?.hard[0] ?? 0);
  assertSays(text, "to $-0.196$ and #.", near?.hard[1] ?? 0);
  assert.ok(Math.abs(near?.soft[0] ?? 9) < 0.1 && Math.abs((near?.soft[1] ?? 9) - 2) < 0.1);
});
