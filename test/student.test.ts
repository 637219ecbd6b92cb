// Mixtures of t distributions: SciPy's maximum found without EM, outliers at any distance, and the normal limit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { GaussianMixture, mixtureOf, StudentMixture, student } from "em-mixtures";
import { assertClose } from "./close.js";
import reference from "./fixtures/reference/components.json" with { type: "json" };
import { uniform } from "./uniform.js";

const { student: crabs } = reference;

test("StudentMixture finds SciPy's maximum, with outliers among the data", () => {
  const model = StudentMixture.fit(crabs.rows, { nComponents: 2 });
  // The second component is normal: its degrees of freedom are at the upper bound, where SciPy stopped at 2e5 of them.
  assert.ok(model.report.logLikelihood >= crabs.logLikelihood);
  assertClose(model.report.logLikelihood, crabs.logLikelihood, 1e-6);
  assertClose(model.params.weights, crabs.weights, 1e-5);
  assertClose(model.params.means, crabs.means, 1e-6);
  assertClose(model.params.scales, crabs.scales, 1e-5);
  assertClose(model.params.degreesOfFreedom[0], crabs.degreesOfFreedom[0], 1e-5);
  assert.equal(model.params.degreesOfFreedom[1], 1e6);
  assert.equal(model.nParameters, 1 + 2 * (2 + 3 + 1));
  assert.ok(model.report.converged && model.report.warnings.length === 0);
  for (const [t, logLikelihood] of model.report.history.entries())
    assert.ok(t === 0 || logLikelihood >= model.report.history[t - 1] - 1e-10, `fell at update ${t}`);
  assert.deepEqual(StudentMixture.fromJSON(JSON.parse(JSON.stringify(model))).params, model.params);
});

test("outliers move no mean, at any distance", () => {
  const group = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) / 20);
  for (const far of [1e3, 1e6, 1e9, 1e12]) {
    const X = [...group, ...group.map((x) => x + 20), far, 1.1 * far];
    const { params, report } = StudentMixture.fit(X, { nComponents: 2 });
    // The groups' means are 2.475 and 22.475.
    assertClose(params.means, [[2.475], [22.475]], 0.01, "means", 1);
    assert.ok(report.converged && !report.nearSingular);
  }
});

test("with the most degrees of freedom it is GaussianMixture, by density and by fit", () => {
  const draw = uniform(3);
  const X = Array.from({ length: 300 }, (_, i) => {
    const z = [draw() + draw() + draw(), draw() + draw() + draw()];
    return [z[0] + (i % 3 === 0 ? 3 : 0), z[0] + z[1]];
  });
  const normal = GaussianMixture.fit(X, { nComponents: 2 });
  const { weights, means, covariances } = normal.params;
  const limit = StudentMixture.from({ weights, means, scales: covariances, degreesOfFreedom: [1e6, 1e6] });
  // The difference is about δ² / 4ν, δ being at most some 20 here.
  assertClose(limit.scoreSamples(X), normal.scoreSamples(X), 1e-4, "log-density", 1);
  const fitted = mixtureOf(student({ degreesOfFreedom: 1e6 })).fit(X, { nComponents: 2 });
  assertClose(fitted.report.logLikelihood, normal.report.logLikelihood, 1e-6);
  // Given degrees of freedom are no free parameters.
  assert.equal(fitted.nParameters, normal.nParameters);
});

test("draws have the spread of the distribution", () => {
  const [n, ν] = [40_000, 6];
  const { samples } = StudentMixture.from({
    weights: [1],
    means: [[1, -2]],
    scales: [
      [
        [2, 1],
        [1, 3],
      ],
    ],
    degreesOfFreedom: [ν],
  }).sample(n, 5);
  const moment = (of: (x: number, y: number) => number) =>
    samples.reduce((sum, [x, y]) => sum + of(x - 1, y + 2) / n, 0);
  const factor = ν / (ν - 2);
  // Five standard errors of a second moment; the kurtosis of ν = 6 is 6.
  const error = 5 * 3 * factor * Math.sqrt(5 / n);
  assertClose(
    moment((x) => x * x),
    2 * factor,
    error,
    "first variance",
    1,
  );
  assertClose(
    moment((x, y) => x * y),
    factor,
    error,
    "covariance",
    1,
  );
  assertClose(
    moment((_, y) => y * y),
    3 * factor,
    error,
    "second variance",
    1,
  );
});

test("a component that shrinks is held up, reported, and no better fit than a sound one", () => {
  const X = [...Array<number>(20).fill(5), ...Array.from({ length: 60 }, (_, i) => (i * 7) % 61)];
  const { report, params } = StudentMixture.fit(X, { nComponents: 3 });
  const isHeld = params.scales.some(([[scale]]) => scale < 1e-6);
  assert.equal(report.nearSingular, isHeld);
  assert.equal(
    report.warnings.some(({ name }) => name === "nearSingular"),
    isHeld,
  );
  assert.ok(report.restarts.some(({ nearSingular }) => nearSingular));
});

test("fits climb on the floor, too", () => {
  // Nearly half of the rows are one; the divisor of the scale that climbs fastest off the floor lowers ℓ on it.
  const rows = "0 0 0 0 1 0 1 0 0 0 0 -1.2 0 0.2 -1.9 -3.3 -2.2 -0.6 -2.2 -0.6 0 -0.1 2.3 -0.1 3.6 0.1 0 0.2 0 0".split(
    " ",
  );
  const X = Array.from({ length: rows.length / 2 }, (_, i) => [Number(rows[2 * i]), Number(rows[2 * i + 1])]);
  for (let seed = 0; seed < 8; seed++) {
    const { history } = StudentMixture.fit(X, { nComponents: 2, nInit: 2, maxIter: 40, seed }).report;
    for (const [t, logLikelihood] of history.entries())
      assert.ok(t === 0 || logLikelihood >= history[t - 1] - 1e-5, `fell at update ${t}`);
  }
});

test("what is no t distribution, and no data for one, is named", () => {
  const params = {
    weights: [1],
    means: [[0, 0]],
    scales: [
      [
        [1, 0],
        [0, 1],
      ],
    ],
    degreesOfFreedom: [3],
  };
  const cases: readonly [() => unknown, RegExp][] = [
    [
      () =>
        StudentMixture.fit(
          [
            [1, 2],
            [1, 3],
          ],
          { nComponents: 1 },
        ),
      /^column 0 of X must hold at least two different/,
    ],
    [
      () => StudentMixture.from({ ...params, degreesOfFreedom: [0] }),
      /^degreesOfFreedom\[0\] must be a finite number above 0/,
    ],
    [
      () =>
        StudentMixture.from({
          ...params,
          scales: [
            [
              [1, 2],
              [2, 1],
            ],
          ],
        }),
      /^scales\[0\] must be positive definite/,
    ],
    [() => StudentMixture.from({ ...params, scales: [[[1]]] }), /^scales\[0\]\[0\] must have 2 entries/],
    [() => student({ degreesOfFreedom: 0 }), /^degreesOfFreedom must be a finite number above 0, but is 0/],
    [() => StudentMixture.from({ ...params, scales: [] }), /^scales must have one entry/],
  ];
  for (const [call, message] of cases) assert.throws(call, { name: "InputError", message });
});
