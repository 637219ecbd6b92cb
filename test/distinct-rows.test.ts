// Equal rows are added up once, with the weight of all: that they are, when, and that fits stay what they were.
import assert from "node:assert/strict";
import { test } from "node:test";
import { GaussianMixture, PoissonMixture } from "em-mixtures";
import type { Component, ComponentParams } from "../packages/mixtures/src/component.js";
import { componentFamily } from "../packages/mixtures/src/component-family.js";
import { type Data, readData, type Samples } from "../packages/mixtures/src/data.js";
import { distinctRows } from "../packages/mixtures/src/distinct-rows.js";
import { bernoulli } from "../packages/mixtures/src/families/bernoulli.js";
import { binomial } from "../packages/mixtures/src/families/binomial.js";
import { poisson } from "../packages/mixtures/src/families/poisson.js";
import { type Family, runStep } from "../packages/mixtures/src/family.js";
import { fitMixture } from "../packages/mixtures/src/fit.js";
import { gaussianFamily } from "../packages/mixtures/src/gaussian/family.js";
import { finish } from "../packages/mixtures/src/work.js";
import { assertClose } from "./close.js";
import { uniform } from "./uniform.js";

const random = uniform(17);
const whole = (below: number) => Math.floor(below * random());
const rows = (count: number, columns: number, value: () => number) =>
  Array.from({ length: count }, () => Array.from({ length: columns }, value));

test("distinct rows carry the weights of all that equal them", () => {
  const X = [
    [1, 0.5],
    [1, Number.NaN],
    [1, 0.5],
    [0, 0.5],
  ].flatMap((row) => Array.from({ length: 12 }, () => row));
  const sampleWeight = X.map((_, row) => row + 1);
  const { values, weights, rows: count } = distinctRows(readData(X, { sampleWeight, allowMissing: true }));
  assert.deepEqual([...values], [1, 0.5, 1, Number.NaN, 0, 0.5]);
  // 1 + … + 12 and 25 + … + 36; 13 + … + 24; 37 + … + 48
  assert.deepEqual([count, [...(weights ?? [])]], [3, [78 + 366, 222, 510]]);
  const heads = distinctRows(readData([...Array(20).fill(7), ...Array(20).fill(-0), 2], {}));
  assert.deepEqual(
    [[...heads.values], [...(heads.weights ?? [])]],
    [
      [0, 2, 7],
      [20, 1, 20],
    ],
  );
});

test("the sample of many rows tells repeated ones from others", () => {
  const taken = (X: Samples) => {
    const data = readData(X, {});
    return distinctRows(data) !== data;
  };
  const tenths = Float64Array.from({ length: 60_000 }, () => whole(20_000) / 10);
  const continuous = tenths.map(random);
  assert.ok(taken({ values: tenths, columns: 1 }));
  assert.ok(taken({ values: tenths.map((x) => Math.floor(x / 100) / 10), columns: 3 }));
  assert.ok(taken({ values: continuous.map((_, i) => continuous[i >> 2]), columns: 1 }), "each four times in turn");
  assert.ok(taken({ values: continuous.map((_, i) => continuous[i % 20_000]), columns: 1 }), "the whole three times");
  assert.ok(!taken({ values: continuous, columns: 1 }));
  assert.ok(!taken({ values: tenths.map((x, i) => (i % 3 === 0 ? continuous[i] : x)), columns: 3 }));
  assert.ok(!taken([...Array(31)].map(() => 3)), "few rows");
});

/** How many rows a fit goes over. */
function rowsOf<P extends { readonly weights: readonly number[] }>(family: Family<P>, data: Data, init: P) {
  const seen: number[] = [];
  const spying = {
    ...family,
    open(opened: Data) {
      seen.push(opened.rows);
      return family.open(opened);
    },
  };
  const { params, report } = finish(fitMixture(spying, data, { init, maxIter: 8, tol: 0 }));
  return { params, logLikelihood: report.logLikelihood, seen };
}

/** Two components of some kind. */
const familyOf = <C>(component: Component<C>, columns: number) =>
  componentFamily<C, ComponentParams<C>>(
    component,
    {
      paramsOf: (weights, components) => ({ weights, components }),
      componentsOf: (params) => params.components,
      nameOf: (k) => `components[${k}]`,
      check() {},
    },
    2,
    columns,
  );

test("fits over distinct rows equal fits over all", () => {
  // The sums' order differs, and so does their rounding.
  const rounding = 1e-10;
  function same<P extends { readonly weights: readonly number[] }>(
    family: Family<P>,
    X: Samples,
    init: P,
    most: number,
  ) {
    const sampleWeight = Array.from({ length: Array.isArray(X) ? X.length : 0 }, () => 1 + whole(3));
    for (const data of [readData(X, { allowMissing: true }), readData(X, { allowMissing: true, sampleWeight })]) {
      const all = finish(runStep(family, family.open(data), family.pack(init), { maxIter: 8, tol: 0 })).result;
      const { seen, ...once } = rowsOf(family, data, init);
      assert.ok(
        seen.every((count) => count <= most),
        `${seen} rows`,
      );
      assertClose(Array.from(family.pack(once.params)), Array.from(family.pack(all.params)), rounding, "params", 1);
      assertClose(once.logLikelihood, all.logLikelihood, rounding);
    }
  }
  const weights = [0.4, 0.6];
  same(
    familyOf(poisson(), 1),
    rows(3000, 1, () => whole(6) * whole(6)),
    { weights, components: [{ mean: 2 }, { mean: 9 }] },
    26,
  );
  same(
    familyOf(binomial(9), 1),
    rows(3000, 1, () => whole(10)),
    { weights, components: [{ probability: 0.2 }, { probability: 0.5 }] },
    10,
  );
  const bits = rows(3000, 5, () => whole(2));
  const components = [0.3, 0.6].map((p) => ({ probabilities: Array<number>(5).fill(p) }));
  same(familyOf(bernoulli(), 5), bits, { weights, components }, 32);
  const covariances = [
    [2, 2],
    [3, 1],
  ];
  const pairs = rows(5000, 2, () => (random() < 0.1 ? Number.NaN : whole(8) / 2));
  const diagonal = gaussianFamily({ components: 2, columns: 2, covarianceType: "diag" });
  same(
    diagonal,
    pairs,
    {
      weights,
      means: [
        [0, 1],
        [3, 2],
      ],
      covariances,
    },
    81,
  );
  // The grid's own error is below 1e-12.
  const tenths = rows(40_000, 1, () => whole(100) / 10);
  const line = gaussianFamily({ components: 2, columns: 1, covarianceType: "full" });
  same(line, tenths, { weights, means: [[2], [7]], covariances: [[[2]], [[3]]] }, 100);
});

test("drawn starts, scores and errors are those of the caller's rows", () => {
  const X = Float64Array.from({ length: 20_000 }, () => whole(12) + (random() < 0.3 ? 30 : 0));
  const { params, report } = PoissonMixture.fit(X, { nComponents: 2 });
  const plain = familyOf(poisson(), 1);
  const theta = plain.pack({ weights: params.weights, components: params.means.map((mean) => ({ mean })) });
  const all = plain.eStep(theta, readData(X, {}), () => {});
  assertClose(report.logLikelihood, all, 1e-12);
  assertClose(PoissonMixture.from(params).logLikelihood(X), all, 1e-12);
  const impossible = Array.from({ length: 40 }, (_, row) => (row % 10 === 7 ? 3 : 0));
  const init = { weights: [0.5, 0.5], means: [0, 0] };
  assert.throws(() => PoissonMixture.fit(impossible, { init }), /counts\[7\] must have a probability above 0/);
  const line = Array.from({ length: 100 }, (_, row) => row % 7);
  assert.ok(GaussianMixture.fit(line, { nComponents: 2 }).report.converged);
});
