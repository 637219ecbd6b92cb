// Mixtures of components of one's own: the same fits as by hand or by the built-in models, and errors that say whose.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BernoulliMixture,
  BinomialMixture,
  type BinomialParams,
  type Component,
  em,
  GaussianMixture,
  mixtureOf,
  StepError,
  select,
  selectAsync,
  type Tosses,
} from "em-mixtures";
import { assertClose } from "./close.js";
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };

interface Rate {
  readonly rate: number;
}

const exponential: Component<Rate> = {
  name: "ExponentialMixture",
  logDensity: ({ rate }) => {
    const logRate = Math.log(rate);
    return (x) => logRate - rate * x[0];
  },
  fit: (rows) => ({ rate: 1 / rows.mean((x) => x[0]) }),
  freeParameters: 1,
  values: { rule: "must be above 0", holds: (value) => value > 0 },
  isValid: ({ rate }) => rate > 0,
  sample: ({ rate }, random) => -Math.log1p(-random()) / rate,
};
const ExponentialMixture = mixtureOf(exponential);

interface Normal {
  readonly mean: number[];
  readonly variances: number[];
}

/** Independent normal columns, in which values may be missing. */
const normal: Component<Normal> = {
  name: "NormalMixture",
  columns: ({ mean }) => mean.length,
  logDensity:
    ({ mean, variances }) =>
    (x) =>
      mean.reduce((sum, m, j) => {
        if (Number.isNaN(x[j])) return sum;
        return sum - 0.5 * (Math.log(2 * Math.PI * variances[j]) + (x[j] - m) ** 2 / variances[j]);
      }, 0),
  fit(rows) {
    const columns = Array.from({ length: rows.columns }, (_, j) => j);
    const weights = columns.map((j) => rows.mean((x) => (Number.isNaN(x[j]) ? 0 : 1)));
    const mean = columns.map((j) => rows.mean((x) => (Number.isNaN(x[j]) ? 0 : x[j])) / weights[j]);
    const squares = columns.map((j) => rows.mean((x) => (Number.isNaN(x[j]) ? 0 : (x[j] - mean[j]) ** 2)));
    return { mean, variances: squares.map((square, j) => square / weights[j]) };
  },
  freeParameters: ({ mean }) => 2 * mean.length,
  takesMissing: true,
};
const NormalMixture = mixtureOf(normal);

const waits = [0.1, 0.5, 0.2, 3, 0.05, 7, 0.3, 11, 0.15, 5, 0.4, 2];
const weights = waits.map((_, row) => 1 + (row % 3));

test("a mixture of one's own takes the steps that one takes by hand, weights and all", () => {
  const start = { weights: [0.5, 0.5], components: [{ rate: 0.3 }, { rate: 3 }] };
  const byHand = em(
    start,
    ({ weights: shares, components }) => {
      const counts = [0, 0];
      const sums = [0, 0];
      let logLikelihood = 0;
      for (const [row, x] of waits.entries()) {
        const terms = components.map(({ rate }, k) => shares[k] * rate * Math.exp(-rate * x));
        const density = terms[0] + terms[1];
        logLikelihood += weights[row] * Math.log(density);
        for (const k of [0, 1]) {
          counts[k] += (weights[row] * terms[k]) / density;
          sums[k] += (weights[row] * terms[k] * x) / density;
        }
      }
      const total = counts[0] + counts[1];
      return {
        logLikelihood,
        params: { weights: counts.map((n) => n / total), components: sums.map((s, k) => ({ rate: counts[k] / s })) },
      };
    },
    { tol: 0, maxIter: 12 },
  );
  const options = { init: start, sampleWeight: weights, tol: 0, maxIter: 12 };
  const model = ExponentialMixture.fit(waits, options);
  // Rounding of sums in another order.
  assertClose(model.report.history, byHand.history, 1e-13);
  assertClose(model.params.weights, byHand.params.weights, 1e-12);
  assertClose(
    model.params.components.map(({ rate }) => rate),
    byHand.params.components.map(({ rate }) => rate),
    1e-12,
  );
  const repeated = waits.flatMap((x, row) => Array<number>(weights[row]).fill(x));
  assertClose(
    ExponentialMixture.fit(repeated, { ...options, sampleWeight: repeated.map(() => 1) }).report.history,
    byHand.history,
    1e-13,
  );
});

test("normal components of one's own are GaussianMixture's, from any start, also with missing values", () => {
  for (const gaps of [false, true]) {
    const X = oldFaithful.rows.map((row, i) => (gaps && i % 3 === 0 ? [row[0], Number.NaN] : row));
    const options = { tol: 0, maxIter: 20, allowMissing: gaps };
    const mean = [
      [2, 55],
      [4, 80],
    ];
    const variances = [
      [1, 100],
      [1, 100],
    ];
    const start = { weights: [0.5, 0.5], means: mean, covariances: variances };
    const builtIn = GaussianMixture.fit(X, { ...options, covarianceType: "diag", init: start });
    const components = [0, 1].map((k) => ({ mean: mean[k], variances: variances[k] }));
    const own = NormalMixture.fit(X, { ...options, init: { weights: [0.5, 0.5], components } });
    // Rounding of sums in another order, over twenty updates. With gaps GaussianMixture goes another way to the same end.
    if (!gaps) assertClose(own.report.history, builtIn.report.history, 1e-11);
    assertClose(
      own.params.components.map((params) => params.mean),
      builtIn.params.means,
      gaps ? 1e-3 : 1e-9,
    );
    const scored = { allowMissing: gaps };
    assertClose(own.bic(X, scored), builtIn.bic(X, scored), gaps ? 1e-6 : 1e-11);
    assert.equal(own.nParameters, 9);
    // Starts of its own find the same optimum.
    const found = NormalMixture.fit(X, { nComponents: 2, allowMissing: gaps });
    const best = GaussianMixture.fit(X, { nComponents: 2, allowMissing: gaps, covarianceType: "diag" });
    // Both stop by 1e-6 and then 1e-10 a row; plain EM, which has a rate here, is left some multiple of that.
    assertClose(found.report.logLikelihood, best.report.logLikelihood, 1e-8);
    assert.equal(found.report.restarts.length, 10);
  }
});

test("components come in ascending order, and survive JSON", () => {
  const truth = ExponentialMixture.from({ weights: [0.4, 0.6], components: [{ rate: 5 }, { rate: 0.3 }] });
  const { samples } = truth.sample(500, 1);
  const model = ExponentialMixture.fit(samples, { nComponents: 2 });
  assert.ok(model.params.components[0].rate < model.params.components[1].rate);
  assert.ok(model.report.logLikelihood > truth.logLikelihood(samples));
  assert.ok(model.report.converged && model.report.warnings.length === 0);
  const again = ExponentialMixture.fromJSON(JSON.parse(JSON.stringify(model)));
  assert.deepEqual(again.params, model.params);
  assert.deepEqual(again.predictProba(samples), model.predictProba(samples));
  assert.equal(model.bic(samples), 3 * Math.log(500) - 2 * model.logLikelihood(samples));
  const step = ExponentialMixture.mStep(waits, ExponentialMixture.eStep(model.params, waits), {
    sampleWeight: weights,
  });
  assert.equal(step.components.length, 2);
});

test("acceleration finds the same optimum in fewer steps, and is refused where it knows no bounds", () => {
  // Overlapping rates, where EM is slow.
  const truth = { weights: [0.5, 0.5], components: [{ rate: 1 }, { rate: 0.4 }] };
  const { samples } = ExponentialMixture.from(truth).sample(400, 3);
  const options = { init: truth, tol: 1e-13, maxIter: 20_000 };
  const plain = ExponentialMixture.fit(samples, options);
  const fast = ExponentialMixture.fit(samples, { ...options, acceleration: "anderson" });
  assertClose(fast.report.logLikelihood, plain.report.logLikelihood, 1e-10);
  assert.ok(fast.report.evaluations < plain.report.evaluations / 5);
  const { isValid: _, ...boundless } = exponential;
  assert.throws(() => mixtureOf(boundless).fit(samples, { ...options, acceleration: "anderson" }), {
    name: "InputError",
    message: /^acceleration must be "none" for ExponentialMixture.* isValid/,
  });
});

test("a number alone is a component's parameters, too", () => {
  const model = mixtureOf<number>({
    name: "Waits",
    logDensity: (rate) => (x) => Math.log(rate) - rate * x[0],
    fit: (rows) => 1 / rows.mean((x) => x[0]),
    freeParameters: 1,
  }).fit(waits, { nComponents: 2 });
  const { isValid: _, ...boundless } = exponential;
  const expected = mixtureOf(boundless).fit(waits, { nComponents: 2 });
  assert.deepEqual(
    model.params.components,
    expected.params.components.map(({ rate }) => rate),
  );
});

test("rows that all components hold impossible go to the nearest by softened parameters, else to the heaviest", () => {
  const bernoulli: Component<number[]> = {
    name: "Own",
    columns: (p) => p.length,
    logDensity: (p) => (x) => p.reduce((sum, pj, j) => sum + Math.log(x[j] === 1 ? pj : 1 - pj), 0),
    fit: (rows) => Array.from({ length: rows.columns }, (_, j) => rows.mean((x) => x[j])),
    freeParameters: (p) => p.length,
  };
  const weighting = [0.4, 0.6];
  const components = [
    [1, 0, 0],
    [0, 0, 1],
  ];
  const impossible = [
    [1, 1, 0],
    [0, 1, 1],
  ];
  const own = mixtureOf(bernoulli).from({ weights: weighting, components });
  assert.deepEqual(own.scoreSamples(impossible), [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  assert.deepEqual(own.predict(impossible), [1, 1]);
  const softened = (p: number[]) => p.map((pj) => Math.min(Math.max(pj, 1e-9), 1 - 1e-9));
  const soft = mixtureOf({ ...bernoulli, softened }).from({ weights: weighting, components });
  assert.deepEqual(soft.predict(impossible), [0, 1]);
  assert.deepEqual(
    soft.predict(impossible),
    BernoulliMixture.from({ weights: weighting, probabilities: components }).predict(impossible),
  );
});

test("a component held up by its own bound is reported, and the last choice among restarts", () => {
  // One value far from the others, and many alike: the best likelihood is on these.
  const X = [...Array<number>(12).fill(3), ...oldFaithful.rows.slice(0, 60).map(([x]) => x)];
  const least = 1e-12;
  const bounded: Component<Normal> = {
    ...normal,
    fit(rows, current) {
      const { mean, variances } = normal.fit(rows, current);
      return { mean, variances: variances.map((variance) => Math.max(variance, least)) };
    },
    isSingular: ({ variances }) => variances.some((variance) => variance <= least),
  };
  const options = { nComponents: 3, nInit: 20 };
  const { report } = mixtureOf(bounded).fit(X, options);
  assert.ok(report.restarts.some(({ nearSingular }) => nearSingular));
  assert.ok(!report.nearSingular);
  const { isSingular: _, ...unsaid } = bounded;
  assert.ok(mixtureOf(unsaid).fit(X, options).report.logLikelihood > report.logLikelihood);
});

test("a component that fails is a StepError that says whose step, where, and what to do", () => {
  const cause = new TypeError("no such thing");
  const fails = (step: "logDensity" | "fit" | "sample", make: () => unknown, message: RegExp) => {
    const component = { ...exponential, [step]: make } as Component<Rate>;
    const call = () => mixtureOf(component).fit(waits, { nComponents: 2 }).sample(3);
    assert.throws(call, (error) => {
      assert.ok(error instanceof StepError && error.component !== undefined && error.remedy !== "");
      assert.match(error.step, new RegExp(`^ExponentialMixture: ${step} of component \\d$`));
      assert.match(error.message, message);
      if (/threw/.test(error.message)) assert.equal(error.cause, cause);
      return true;
    });
  };
  const throws = () => {
    throw cause;
  };
  fails("fit", throws, /threw TypeError: no such thing\. Mend fit/);
  fails("fit", () => ({ rate: Number.NaN }), /returned rate = NaN, which must be a finite number\. Bound in fit/);
  fails("fit", () => undefined, /returned undefined, which must be a number, or numbers in/);
  fails("fit", async () => ({ rate: 1 }), /returned an object \(Promise\), which must be/);
  fails("fit", () => ({ rate: Float64Array.of(1) }), /returned rate = an object \(Float64Array\), which must be/);
  let calls = 0;
  fails(
    "fit",
    () => (calls++ < 1 ? { rate: [1] } : { rate: [1, 2] }),
    /returned rate = an array of length 2, which must have/,
  );
  fails("logDensity", throws, /threw TypeError: no such thing\. Mend logDensity/);
  fails("logDensity", () => throws, /threw TypeError: no such thing at X\[\d+\] for parameters {"rate":/);
  fails("logDensity", () => () => Number.NaN, /returned NaN at X\[0\] for parameters {"rate":.*mend fit/);
  fails("logDensity", () => () => Number.POSITIVE_INFINITY, /returned Infinity at X\[0\].*bound its spread/);
  fails("logDensity", () => 1, /returned 1 for parameters .* Return a function of the row/);
  fails("sample", throws, /threw TypeError: no such thing/);
  fails("sample", () => [1, 2], /returned an array of length 2 for parameters .* Return a finite number/);
  // Of many equal rows, the first of the caller's own.
  const repeated = Array.from({ length: 100 }, (_, row) => (row < 60 ? 1 : 2));
  const atTwo = { ...exponential, logDensity: () => (x: Float64Array) => (x[0] === 2 ? Number.NaN : 0) };
  assert.throws(() => mixtureOf(atTwo).fit(repeated, { nComponents: 1 }), { message: /returned NaN at X\[60\]/ });
  // A fit that does not maximise is no error, but is warned of.
  const away = { ...exponential, fit: () => ({ rate: 5 + calls++ }) };
  const { warnings } = mixtureOf(away).fit(waits, { nComponents: 1, maxIter: 10 }).report;
  assert.ok(warnings.some(({ name }) => name === "logLikelihoodFell"));
});

test("select takes any kind of mixture", async () => {
  const truth = ExponentialMixture.from({ weights: [0.4, 0.6], components: [{ rate: 5 }, { rate: 0.3 }] });
  const { samples } = truth.sample(600, 2);
  const seen: number[] = [];
  const options = {
    model: ExponentialMixture,
    nComponents: [1, 2, 3],
    onProgress: ({ finishedFits }: { finishedFits: number }) => seen.push(finishedFits),
  };
  const { best, table } = select(samples, options);
  assert.equal(best.nComponents, 2);
  assert.equal(best.params.components[0].rate < 1, true);
  assert.deepEqual(
    table.map(({ bic, nParameters }) => [bic, nParameters]),
    [1, 2, 3].map((nComponents) => {
      const model = ExponentialMixture.fit(samples, { nComponents });
      return [model.bic(samples), 2 * nComponents - 1];
    }),
  );
  assert.deepEqual([...new Set(seen)], [0, 1, 2]);
  assert.deepEqual((await selectAsync(samples, options)).table, table);
  const coins = select<BinomialParams, Tosses>([3, 9, 8, 2, 7, 9, 3, 10], {
    model: BinomialMixture,
    tosses: 10,
    nComponents: [1, 2],
  });
  assert.equal(coins.best.params.tosses, 10);
  const cases: readonly [() => unknown, RegExp][] = [
    [() => select(samples, { ...options, model: {} as never }), /^model must be able to fit/],
    [
      () => select(samples, { ...options, covarianceType: "full" } as never),
      /^options must be among .* "covarianceType"/,
    ],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
});

test("what a caller gets wrong is an InputError", () => {
  const { sample: _, ...silent } = exponential;
  const { logDensity: __, ...shapeless } = exponential;
  const one = { weights: [1], components: [{ rate: 1 }] };
  const cases: readonly [() => unknown, RegExp][] = [
    [() => mixtureOf(shapeless as Component<Rate>), /^component\.logDensity must be a function/],
    [() => mixtureOf({ ...exponential, name: "" }), /^component\.name must be a name/],
    [() => mixtureOf({ ...exponential, freeParameters: 0.5 }), /^component\.freeParameters must be an integer/],
    [() => mixtureOf(undefined as never), /^component must be an object/],
    [() => ExponentialMixture.fit([1, -1], { nComponents: 1 }), /^X\[1\] must be above 0, but is -1/],
    [() => ExponentialMixture.fit([1, Number.NaN], { nComponents: 1, allowMissing: true }), /^X\[1\] must be above 0/],
    [() => ExponentialMixture.fit([[1, 2]], { nComponents: 1 }), /^X must have 1 column.*`columns`/],
    [() => ExponentialMixture.from({ weights: [1], components: [{ rate: -2 }] }), /^components\[0\] must be in range/],
    [() => ExponentialMixture.from({ weights: [1], components: [{}] as never }), /^components\[0\]/],
    [
      () => ExponentialMixture.from({ weights: [0.5, 0.5], components: [{ rate: 1 }, { rate: "2" as never }] }),
      /^components\[1\]\.rate must be a finite number, but is "2"/,
    ],
    [() => ExponentialMixture.from({ weights: [1] } as never), /^components must be an array/],
    [() => ExponentialMixture.from({ ...one, weights: [0.5, 0.5] }), /^components must have 2 entries/],
    [
      () => ExponentialMixture.fromJSON({ ...ExponentialMixture.from(one).toJSON(), model: "B" }),
      /model must be "Expo/,
    ],
    [
      () => NormalMixture.fit([1, 2, 3], { init: { weights: [1], components: [{ mean: [1, 2], variances: [1, 1] }] } }),
      /^the columns of the parameters must be 1, as those of the data, but is 2/,
    ],
    [() => mixtureOf(silent).from(one).sample(1), /^sample of ExponentialMixture's component must be a function/],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
});
