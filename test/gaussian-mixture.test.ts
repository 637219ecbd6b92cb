import assert from "node:assert/strict";
import { test } from "node:test";
import { GaussianMixture, type GaussianParams, InputError } from "em-mixtures";
import { assertClose } from "./close.js";
import printed from "./fixtures/printed-figures.json" with { type: "json" };
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };
import reference from "./fixtures/reference/optima.json" with { type: "json" };
import { uniform } from "./uniform.js";

const faithful = oldFaithful.rows;
const waiting = faithful.map(([, minutes]) => minutes);
// So strict a tolerance that what is left of the way to the optimum is below the figures' precision.
const strict = { tol: 1e-13, maxIter: 5000 } as const;
const random = uniform(1);

for (const { nComponents, covarianceType, logLikelihood, ...criteria } of reference.optima)
  test(`GaussianMixture.fit finds faithful's optimum, K = ${nComponents}, ${covarianceType}, as scikit-learn does`, () => {
    // diag with K = 3 meets its best from one start in four.
    const type = covarianceType as GaussianMixture["covarianceType"];
    const options = { ...strict, nComponents, covarianceType: type, nInit: 20, acceleration: "anderson" } as const;
    const model = GaussianMixture.fit(faithful, options);
    assertClose(model.report.logLikelihood, logLikelihood, 1e-8);
    assertClose(model.logLikelihood(faithful), model.report.logLikelihood, 1e-12);
    assert.deepEqual([model.report.converged, model.report.warnings], [true, []]);
    assertClose(model.aic(faithful), criteria.aic, 1e-8);
    assertClose(model.bic(faithful), criteria.bic, 1e-8);
    // The log-likelihood is flat at the optimum, the responsibilities are not.
    assertClose(model.icl(faithful), criteria.icl, 1e-5);
  });

test("GaussianMixture.fit gives faithful's published two components", () => {
  // mclust and scikit-learn agree on them to the digits given.
  const { params, report } = GaussianMixture.fit(faithful, { ...strict, nComponents: 2 });
  assertClose(report.logLikelihood, -1130.2639601847, 1e-12);
  assertClose(params.weights[0], 0.3558728571, 1e-7);
  assertClose(params.means.flat(), [2.0363884546, 54.478516377, 4.2896619731, 79.9681151739], 1e-7);
});

test("GaussianMixture.fit follows faithful's known trace", () => {
  const covariance = [
    [0.5, 0],
    [0, 50],
  ];
  const means = [
    [2, 55],
    [4.5, 80],
  ];
  const init: GaussianParams = { weights: [0.5, 0.5], means, covariances: [covariance, covariance] };
  const { history } = GaussianMixture.fit(faithful, { init }).report;
  const expected = [
    -1261.4478206698, -1137.0704208799, -1130.7496548768, -1130.2802025181, -1130.2647885762, -1130.2640068852,
  ];
  assertClose(history.slice(0, 6), expected, 1e-12);
});

test("GaussianMixture.fit in one dimension: the waiting times", () => {
  const { params, report } = GaussianMixture.fit(waiting, { ...strict, nComponents: 2, acceleration: "anderson" });
  assertClose(report.logLikelihood, -1034.0017498316, 1e-12);
  assertClose(params.weights[0], 0.3608860738, 1e-6);
  assertClose(params.means.flat(), [54.6148561406, 80.0910694027], 1e-6);
  assertClose(params.covariances.flat(2), [34.4712173865, 34.4303072672], 1e-6);
});

test("GaussianMixture.fit with sample weights: faithful with every third row doubled", () => {
  const sampleWeight = faithful.map((_, row) => (row % 3 === 0 ? 2 : 1));
  const { report } = GaussianMixture.fit(faithful, { ...strict, nComponents: 2, sampleWeight });
  assertClose(report.logLikelihood, -1504.4255082, 1e-10);
});

test("GaussianMixture.fit with a tied variance: the original's data, and its local maxima", () => {
  // Exercise 9.3 of Li Hang, Statistical Learning Methods.
  const { observations } = printed.gaussian_mixture;
  const options = { ...strict, covarianceType: "tied", nComponents: 2, nInit: 40 } as const;
  const { logLikelihood, restarts } = GaussianMixture.fit(observations, options).report;
  assertClose(logLikelihood, -71.7835507658, 1e-10);
  // The worse maxima, and the saddle of two identical components, where ℓ is that of a single normal distribution.
  const endings = [-71.7835507658, -73.7558963424, -74.4912032824, -75.2291796];
  for (const restart of restarts)
    assert.ok(
      endings.some((ending) => Math.abs(restart.logLikelihood - ending) < 1e-5),
      `${restart.logLikelihood}`,
    );
});

test("GaussianMixture.fit of the original's data by BIC, deviations held above .02", () => {
  // The lesson's figures, to two decimals, on observations scaled to [0, 1].
  const { observations } = printed.gaussian_mixture;
  const scaled = observations.map((y) => (y + 67) / 142);
  const { covariances } = GaussianMixture.fit(scaled, { nComponents: 1 }).params;
  const covarianceFloor = 0.02 ** 2 / covariances[0][0][0];
  const bic = [1, 2, 3].map((nComponents) =>
    GaussianMixture.fit(scaled, { nComponents, covarianceFloor, ...strict }).bic(scaled),
  );
  assertClose(bic, [7.2, 6.99, 11.18], 0.005, "BIC", 1);
});

test("GaussianMixture.fit far from zero is the same fit shifted", () => {
  const near = GaussianMixture.fit(faithful, { ...strict, nComponents: 2 });
  const far = GaussianMixture.fit(
    faithful.map((row) => row.map((value) => value + 1e8)),
    { ...strict, nComponents: 2 },
  );
  // Adding 1e8 rounds the data themselves to 1.5e-8, a millionth of a per cent of a deviation.
  assertClose(far.report.logLikelihood, near.report.logLikelihood, 1e-9);
  assertClose(
    far.params.means.map((mean) => mean.map((value) => value - 1e8)),
    near.params.means,
    1e-6,
  );
  assertClose(far.params.covariances, near.params.covariances, 1e-6);
});

test("GaussianMixture.fit keeps its digits when a start lies 1e8 off, where sums about the old means cancel", () => {
  const far = waiting.map((minutes) => minutes + 1e8);
  const init: GaussianParams = { weights: [1], means: [[0]], covariances: [[[1]]] };
  const { params } = GaussianMixture.fit(far, { init, maxIter: 1 });
  const average = waiting.reduce((sum, x) => sum + x, 0) / waiting.length;
  const variance = waiting.reduce((sum, x) => sum + (x - average) ** 2, 0) / waiting.length;
  assertClose(params.covariances[0][0][0], variance, 1e-9);
});

test("GaussianMixture.fit with missing values: the closed form for a column missing in part", () => {
  // Anderson (1957), Maximum likelihood estimates for a multivariate normal distribution when some observations are
  // missing: the mean and variance of y follow from its regression on x where both are seen, and x's own moments.
  const whole = faithful.slice(0, 60).map(([x, y], row) => (row % 3 === 0 ? [x, Number.NaN] : [x, y]));
  const both = whole.filter(([, y]) => !Number.isNaN(y));
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = (a: number[], b: number[]) =>
    average(a.map((value, index) => (value - average(a)) * (b[index] - average(b))));
  const x = whole.map(([value]) => value);
  const [seenX, seenY] = [both.map(([value]) => value), both.map(([, value]) => value)];
  const slope = covariance(seenX, seenY) / covariance(seenX, seenX);
  const left = covariance(seenY, seenY) - slope * covariance(seenX, seenY);
  const meanY = average(seenY) + slope * (average(x) - average(seenX));
  const expected = [
    [covariance(x, x), slope * covariance(x, x)],
    [slope * covariance(x, x), left + slope ** 2 * covariance(x, x)],
  ];
  const { params } = GaussianMixture.fit(whole, { ...strict, tol: 1e-15, nComponents: 1, allowMissing: true });
  // EM converges linearly; ℓ stands still at its rounding when the parameters are right to about its root.
  assertClose(params.means[0], [average(x), meanY], 1e-6);
  assertClose(params.covariances[0], expected, 1e-5);
});

for (const covarianceType of ["full", "tied", "diag", "spherical"] as const)
  test(`GaussianMixture.fit with missing values climbs and predicts, ${covarianceType}`, () => {
    const gaps = faithful.map(([x, y], row) => [row % 5 === 0 ? Number.NaN : x, row % 7 === 0 ? Number.NaN : y]);
    const model = GaussianMixture.fit(gaps, { nComponents: 2, covarianceType, allowMissing: true, seed: 2 });
    const { history, logLikelihood } = model.report;
    for (let t = 1; t < history.length; t++)
      assert.ok(history[t] >= history[t - 1] - 1e-9 * Math.abs(history[t]), `${t}`);
    assertClose(model.logLikelihood(gaps, { allowMissing: true }), logLikelihood, 1e-12);
    // Four rows in five are whole: the clusters are found all the same.
    const truth = GaussianMixture.fit(faithful, { nComponents: 2, covarianceType });
    const agree = model
      .predict(gaps, { allowMissing: true })
      .filter((k, row) => k === truth.predict([faithful[row]])[0]);
    assert.ok(agree.length > 0.9 * faithful.length, `${agree.length} of ${faithful.length}`);
    assert.throws(() => model.predict(gaps), /X\[0\]\[0\] must be a finite number, but is NaN/);
  });

test("allowMissing changes nothing where no value is missing", () => {
  const plain = GaussianMixture.fit(faithful, { nComponents: 3 });
  assert.deepEqual(GaussianMixture.fit(faithful, { nComponents: 3, allowMissing: true }).params, plain.params);
});

test("the floor holds up a collapsing component, the report names it, and a sound fit is preferred", () => {
  // One observation at 1000 that a component can have to itself.
  const X = [...faithful.slice(0, 40).map(([x]) => x), 1000];
  const labels = X.map((x) => (x === 1000 ? 1 : 0));
  const { report, params } = GaussianMixture.fit(X, { init: { labels } });
  assert.deepEqual(
    report.warnings.map(({ name, components }) => [name, ...components]),
    [["nearSingular", 1]],
  );
  assert.ok(report.nearSingular && params.covariances[1][0][0] > 0);
  const best = GaussianMixture.fit(printed.gaussian_mixture.observations, { nComponents: 5, nInit: 40 }).report;
  const greatest = Math.max(...best.restarts.map(({ logLikelihood }) => logLikelihood));
  assert.ok(greatest > best.logLikelihood + 1, "no restart collapsed: the test tells nothing");
  assert.equal(best.nearSingular, false);
});

test("a component held up by the floor is a model, also where the columns' units differ widely", () => {
  // Two points leave a covariance without width in one direction.
  const X = [
    [1.0450215144908357, 1.0000000484841987],
    [1.000000009848885, 1.000000047758375],
  ];
  const model = GaussianMixture.fit(X, { nComponents: 1, sampleWeight: [0.1, 2] });
  assert.ok(model.report.nearSingular);
  const [matrix] = model.params.covariances;
  assert.equal(matrix[0][1], matrix[1][0]);
});

test("k-means++ starts find many groups as a rule, not by luck", () => {
  // 16 groups of 25 on a 4 × 4 lattice, 8 deviations apart.
  const truth = {
    weights: Array.from({ length: 16 }, () => 1 / 16),
    means: Array.from({ length: 16 }, (_, k) => [8 * (k % 4), 8 * Math.floor(k / 4)]),
    covariances: Array.from({ length: 16 }, () => [
      [1, 0],
      [0, 1],
    ]),
  };
  const model = GaussianMixture.from(truth);
  const X = model.sample(400, 5).samples;
  const found = Array.from({ length: 40 }, (_, seed) => {
    const fit = GaussianMixture.fit(X, {
      nComponents: 16,
      covarianceType: "spherical",
      init: "k-means++",
      nInit: 1,
      seed,
    });
    return fit.report.logLikelihood > model.logLikelihood(X);
  });
  // Of these 40 starts 35 find them all; with a single draw for each centre it is 8.
  assert.ok(found.filter(Boolean).length >= 20, `${found.filter(Boolean).length} of 40`);
});

test("labels tell the number of components, however many they are", () => {
  const X = Float64Array.from({ length: 200_000 }, (_, row) => 5 * (row % 2) + random());
  const labels = Int32Array.from(X.keys()).map((row) => row % 2);
  assert.equal(GaussianMixture.fit(X, { init: { labels }, maxIter: 1 }).nComponents, 2);
});

test("hard data give a right answer, a named warning or an error, never NaN", () => {
  const column = (n: number) => Array.from({ length: n }, random);
  const noise = column(40);
  const cases: readonly [string, () => GaussianMixture, RegExp][] = [
    [
      "five identical points",
      () => GaussianMixture.fit([3, 3, 3, 3, 3], { nComponents: 2 }),
      /column 0 .* two different/,
    ],
    [
      "a constant column",
      () =>
        GaussianMixture.fit(
          noise.map((x) => [x, 7]),
          { nComponents: 2 },
        ),
      /column 1 .* two different/,
    ],
    [
      "a constant column and regCovar",
      () =>
        GaussianMixture.fit(
          noise.map((x) => [x, 7]),
          { nComponents: 2, regCovar: 1e-6 },
        ),
      /^$/,
    ],
    ["a point far outside", () => GaussianMixture.fit([...noise, 1e6], { nComponents: 2 }), /^(nearSingular)?$/],
    [
      "duplicate columns",
      () =>
        GaussianMixture.fit(
          noise.map((x) => [x, x]),
          { nComponents: 2 },
        ),
      /^nearSingular$/,
    ],
    ["K = N", () => GaussianMixture.fit(noise.slice(0, 6), { nComponents: 6 }), /nearSingular|emptyComponent|^$/],
    [
      "mostly equal values",
      () => GaussianMixture.fit([...noise.map(() => 0), 1, 2], { nComponents: 2 }),
      /^nearSingular$/,
    ],
    [
      "weights of 0",
      () => GaussianMixture.fit(noise, { nComponents: 2, sampleWeight: noise.map((_, i) => i % 2) }),
      /^$/,
    ],
    [
      "huge values",
      () =>
        GaussianMixture.fit(
          noise.map((x) => x * 1e150),
          { nComponents: 2 },
        ),
      /^$/,
    ],
    [
      "tiny values",
      () =>
        GaussianMixture.fit(
          noise.map((x) => x * 1e-150),
          { nComponents: 2 },
        ),
      /^$/,
    ],
  ];
  for (const [what, call, expected] of cases) {
    let outcome: string;
    try {
      const model = call();
      const numbers = [...model.params.weights, ...model.params.means.flat(), ...model.params.covariances.flat(2)];
      assert.ok(numbers.every(Number.isFinite), `${what}: ${JSON.stringify(model.params)}`);
      assert.ok(Number.isFinite(model.report?.logLikelihood), what);
      outcome = model.report?.warnings.map(({ name }) => name).join() ?? "";
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      outcome = error.message;
    }
    assert.match(outcome, expected, what);
  }
});

test("a component that is left without a share is named", () => {
  const { warnings } = GaussianMixture.fit([1, 2, 3, 4, 5], { nComponents: 3, sampleWeight: [1, 0, 0, 0, 1] }).report;
  assert.ok(warnings.some(({ name, components }) => name === "emptyComponent" && components.length === 1));
});

test("tol is per unit weight, so the unit of the weights does not matter", () => {
  const fit = (weight: number) =>
    GaussianMixture.fit(faithful, { nComponents: 2, sampleWeight: faithful.map(() => weight) }).report.iterations;
  assert.equal(fit(1000), fit(1));
});

test("rows of weight 0 have no part in the fit", () => {
  const sampleWeight = faithful.map((_, row) => (row % 4 === 0 ? 0 : 1));
  const init = GaussianMixture.fit(faithful, { nComponents: 2 }).params;
  const some = GaussianMixture.fit(faithful, { init, sampleWeight, ...strict });
  const rest = GaussianMixture.fit(
    faithful.filter((_, row) => row % 4 !== 0),
    { init, ...strict },
  );
  assertClose(some.params.means, rest.params.means, 1e-9);
});

test("eStep and mStep compose to fit's update", () => {
  for (const covarianceType of ["full", "tied", "diag", "spherical"] as const) {
    const { params } = GaussianMixture.fit(faithful, { nComponents: 3, covarianceType, maxIter: 2 });
    const update = GaussianMixture.mStep(faithful, GaussianMixture.eStep(params, faithful), { covarianceType });
    const next = GaussianMixture.fit(faithful, { init: params, covarianceType, maxIter: 1 }).params;
    assertClose(update.weights, next.weights, 1e-12);
    assertClose(update.means, next.means, 1e-12);
    assertClose(update.covariances, next.covariances, 1e-10, "covariances", 1e-3);
  }
});

test("data may be numbers, rows, typed rows or a flat array, which is used in place", () => {
  const options = { nComponents: 2, covarianceType: "diag" } as const;
  const values = Float64Array.from(faithful.flat());
  const expected = GaussianMixture.fit(faithful, options).params;
  assert.deepEqual(GaussianMixture.fit({ values, columns: 2 }, options).params, expected);
  assert.deepEqual(
    GaussianMixture.fit(
      faithful.map((row) => Float64Array.from(row)),
      options,
    ).params,
    expected,
  );
  assert.deepEqual(
    GaussianMixture.fit(Float64Array.from(waiting), options).params,
    GaussianMixture.fit(waiting, options).params,
  );
});

test("equal seeds give equal fits, and components come in ascending order", () => {
  const fit = (seed: number) => GaussianMixture.fit(faithful, { nComponents: 3, seed, nInit: 3 });
  assert.deepEqual(fit(7).params, fit(7).params);
  assert.deepEqual(fit(7).report, fit(7).report);
  const first = fit(7).params.means.map(([x]) => x);
  assert.deepEqual(
    first,
    [...first].sort((a, b) => a - b),
  );
});

test("the report tells of each restart, and onIteration sees and stops them", () => {
  const { restarts } = GaussianMixture.fit(faithful, { nComponents: 2, nInit: 4 }).report;
  assert.equal(restarts.length, 4);
  // Too few updates to choose starts by.
  const short = GaussianMixture.fit(faithful, { nComponents: 2, nInit: 4, maxIter: 3 }).report;
  assert.deepEqual(
    short.restarts.map(({ start }) => start),
    ["k-means++", "random", "k-means++", "random"],
  );
  const seen: string[] = [];
  const stopped = GaussianMixture.fit(faithful, {
    nComponents: 2,
    onIteration: ({ restart, iteration }) => {
      seen.push(`${restart}.${iteration}`);
      return iteration < 1;
    },
  });
  assert.deepEqual(seen, ["0.0", "0.1"]);
  assert.equal(stopped.report.reason, "stopped");
  assert.deepEqual(
    stopped.report.warnings.map(({ name }) => name),
    ["notConverged"],
  );
});

test("sample's moments are the model's", () => {
  const { params } = GaussianMixture.fit(faithful, { nComponents: 2 });
  const model = GaussianMixture.from(params);
  const n = 1e6;
  const { samples, labels } = model.sample(n, 3);
  for (const k of [0, 1]) {
    const rows = samples.filter((_, index) => labels[index] === k);
    // Five standard errors: one draw in two million would fail.
    const close = (actual: number, expected: number, error: number) =>
      assert.ok(Math.abs(actual - expected) < 5 * error, `${actual} is not ${expected} within 5 × ${error}`);
    const w = params.weights[k];
    close(rows.length / n, w, Math.sqrt((w * (1 - w)) / n));
    for (const i of [0, 1]) {
      const mean = rows.reduce((sum, row) => sum + row[i], 0) / rows.length;
      const [own, other] = [params.covariances[k][i][i], params.covariances[k][1 - i][1 - i]];
      close(mean, params.means[k][i], Math.sqrt(own / rows.length));
      for (const j of [0, 1]) {
        const product = rows.reduce(
          (sum, row) => sum + (row[i] - params.means[k][i]) * (row[j] - params.means[k][j]),
          0,
        );
        const cross = params.covariances[k][i][j];
        close(product / rows.length, cross, Math.sqrt((own * (i === j ? own : other) + cross ** 2) / rows.length));
      }
    }
  }
  assert.deepEqual(model.sample(5, 3), model.sample(5, 3));
  assert.notDeepEqual(model.sample(5, 3), model.sample(5, 3 + 2 ** 32));
});

test("predict, predictProba, scoreSamples, score and logLikelihood agree", () => {
  const model = GaussianMixture.fit(faithful, { nComponents: 2 });
  const proba = model.predictProba(faithful);
  assert.deepEqual(
    model.predict(faithful),
    proba.map(([first, second]) => (first >= second ? 0 : 1)),
  );
  for (const row of proba) assertClose(row[0] + row[1], 1, 1e-15);
  const total = model.scoreSamples(faithful).reduce((sum, score) => sum + score, 0);
  assertClose(model.logLikelihood(faithful), total, 1e-12);
  assertClose(model.score(faithful), total / faithful.length, 1e-12);
});

test("the starts of a default fit are the most promising of four times as many", () => {
  // By plain restarts, one for each start drawn, none of the same number comes as far.
  const rows = faithful.map(([x, y], i) => [x, y, x * y + (i % 7)]);
  const fit = (options: object) => GaussianMixture.fit(rows, { nComponents: 5, ...options }).report.logLikelihood;
  const single = [0, 1, 2, 3, 4].map((seed) => fit({ nInit: 1, seed }));
  assert.ok(fit({ nInit: 5 }) >= Math.max(...single) - 1e-6);
});

test("a default fit ends at its optimum, by no more updates than it has, and its history goes on", () => {
  for (const covarianceType of ["full", "tied", "diag", "spherical"] as const) {
    const seen: number[] = [];
    const onIteration = ({ iteration, restart }: { iteration: number; restart: number }) =>
      seen.push(1000 * restart + iteration);
    const { params, report } = GaussianMixture.fit(faithful, { nComponents: 3, covarianceType, onIteration });
    const further = GaussianMixture.fit(faithful, { init: params, covarianceType, tol: 1e-13, maxIter: 5000 });
    // Per row: what plain EM still gains from there.
    assert.ok((further.report.logLikelihood - report.logLikelihood) / faithful.length < 1e-6, covarianceType);
    assert.equal(report.history.length, report.iterations + 1);
    assert.equal(report.history.at(-1), report.logLikelihood);
    assert.equal(new Set(seen).size, seen.length);
  }
  const { report } = GaussianMixture.fit(faithful, { nComponents: 3, maxIter: 40 });
  assert.ok(report.iterations <= 40);
});
