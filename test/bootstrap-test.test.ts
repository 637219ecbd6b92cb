// The bootstrap likelihood-ratio test of the number of components.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bootstrapTest, bootstrapTestAsync, GaussianMixture, PoissonMixture, type TestProgress } from "em-mixtures";
import { assertClose } from "./close.js";
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };

const faithful = oldFaithful.rows;

test("the statistic of one against two components is the one that mclust finds for Old Faithful", () => {
  const options = { maxComponents: 1, replicates: 9, nInit: 1 };
  const { nComponents, table } = bootstrapTest(GaussianMixture, faithful, options);
  // mclustBootstrapLRT(faithful, modelName = "VVV") of R's mclust prints 319.065354 for 1 vs 2, with its least p-value.
  assertClose(table[0].statistic, 319.065354, 1e-5);
  assert.equal(table[0].pValue, 0.1);
  assert.equal(table[0].replicates.length, 9);
  // Not rejected at 0.05, for want of replicates.
  assert.equal(nComponents, 1);
});

test("the statistic is that of likelihoods alone, also of fits with a prior", () => {
  const options = { prior: { rows: 5 }, nInit: 1 };
  const [one, two] = [1, 2].map((nComponents) => GaussianMixture.fit(faithful, { ...options, nComponents }));
  const { table } = bootstrapTest(GaussianMixture, faithful, { ...options, maxComponents: 1, replicates: 1 });
  assertClose(table[0].statistic, 2 * (two.logLikelihood(faithful) - one.logLikelihood(faithful)), 1e-6);
});

test("two groups of counts are found to be two", () => {
  const { samples } = PoissonMixture.from({ weights: [0.4, 0.6], means: [2, 12] }).sample(150, 3);
  const { nComponents, table } = bootstrapTest(PoissonMixture, samples, { replicates: 19, nInit: 2, level: 0.1 });
  assert.equal(nComponents, 2);
  assert.deepEqual(
    table.map((row) => row.nComponents),
    [1, 2],
  );
  assert.ok(table[0].pValue === 1 / 20 && table[1].pValue >= 0.1);
});

test("under the hypothesis p-values are as likely to be small as to be large", () => {
  const one = PoissonMixture.from({ weights: [1], means: [6] });
  const pValues = Array.from({ length: 40 }, (_, seed) => {
    const options = { maxComponents: 1, replicates: 9, nInit: 1, seed };
    return bootstrapTest(PoissonMixture, one.sample(40, 1000 + seed).samples, options).table[0].pValue;
  });
  const mean = pValues.reduce((sum, p) => sum + p / pValues.length, 0);
  // The mean of 40 uniform numbers, by four standard errors; ties, where both fits are one, count as not smaller.
  assert.ok(mean > 0.5 - 4 * Math.sqrt(1 / 12 / 40) && mean < 0.85, `${mean}`);
  assert.ok(pValues.filter((p) => p <= 0.1).length <= 10, "a tenth of 40, by three standard errors");
});

test("equal seeds give equal tests, the asynchronous one too, with missing values", async () => {
  const holes = faithful.slice(0, 60).map(([a, b], row) => (row % 6 === 0 ? [a, Number.NaN] : [a, b]));
  const options = { covarianceType: "diag", allowMissing: true, replicates: 3, nInit: 1, seed: 5 } as const;
  const seen: TestProgress[] = [];
  const one = bootstrapTest(GaussianMixture, holes, { ...options, onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(await bootstrapTestAsync(GaussianMixture, holes, options), one);
  assert.deepEqual(
    seen.slice(0, 3).map(({ nComponents, finished, replicates }) => [nComponents, finished, replicates]),
    [1, 2, 3].map((finished) => [1, finished, 3]),
  );
});

test("a test can be aborted, and names what is wrong", async () => {
  const controller = new AbortController();
  const work = bootstrapTestAsync(GaussianMixture, faithful, { signal: controller.signal, replicates: 1e6 });
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(work, { name: "AbortError" });
  const of = (options: object) => () => bootstrapTest(GaussianMixture, faithful, options);
  const wrong: readonly [() => unknown, RegExp][] = [
    [of({ replicates: 0 }), /^replicates must be an integer of at least 1/],
    [of({ level: 2 }), /^level must be a probability/],
    [of({ maxComponents: 0 }), /^maxComponents must be/],
    [of({ nComponents: 2 }), /^options must be of fits to data sets of any kind, but is "nComponents"/],
    [of({ sampleWeight: faithful.map(() => 1) }), /Leave sampleWeight out/],
    [of({ replicas: 3 }), /^options must be among .* Did you mean/],
  ];
  for (const [call, message] of wrong) assert.throws(call, { name: "InputError", message });
});
