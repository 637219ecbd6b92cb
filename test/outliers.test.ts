// Outliers, however far, spoil no start: of each family the default fit equals the one from the true labels.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CovarianceType, GaussianMixture, PoissonMixture } from "em-mixtures";
import { uniform } from "./uniform.js";

const distances = [1e3, 1e4, 1e6, 1e9, 1e12];

/** Sums of three uniform numbers about 0 and 10, and two outliers that lie apart by a thousandth. */
function line(distance: number) {
  const random = uniform(3);
  const X = Array.from({ length: 200 }, (_, i) => (i % 2) * 10 + 2 * (random() + random() + random()) - 3);
  const labels = X.map((_, i) => i % 2);
  return { X: [...X, distance, distance * 1.001], labels: [...labels, 2, 2] };
}

for (const covarianceType of ["full", "tied", "diag", "spherical"] satisfies CovarianceType[])
  test(`two outliers at any distance do not spoil a default fit: ${covarianceType}`, () => {
    for (const distance of distances) {
      const { X, labels } = line(distance);
      const { report } = GaussianMixture.fit(X, { nComponents: 3, covarianceType });
      const known = GaussianMixture.fit(X, { init: { labels }, covarianceType });
      assert.ok(report.logLikelihood > known.report.logLikelihood - 1e-3, `${distance}: ${report.logLikelihood}`);
      assert.deepEqual(report.warnings, [], String(distance));
    }
  });

test("outliers in the plane do not spoil a default fit", () => {
  const random = uniform(4);
  for (const distance of distances) {
    const { X, labels } = line(distance);
    const rows = X.map((x, i) => [x, i < 200 ? random() : distance * (1 + random())]);
    const more = [...rows, [-distance, distance * 1.5], [distance, -distance]];
    const init = { labels: [...labels, 2, 2] };
    const { report } = GaussianMixture.fit(more, { nComponents: 3 });
    const known = GaussianMixture.fit(more, { init });
    assert.ok(report.logLikelihood > known.report.logLikelihood - 1e-3, `${distance}: ${report.logLikelihood}`);
  }
});

test("one count at any distance does not spoil a default fit", () => {
  const random = uniform(5);
  const counts = Array.from({ length: 600 }, (_, i) => Math.round((i % 2 ? 3 : 20) * (0.5 + random())));
  for (const distance of distances) {
    const X = [...counts, distance];
    const labels = X.map((_, i) => (i === 600 ? 2 : i % 2));
    const { report } = PoissonMixture.fit(X, { nComponents: 3 });
    const known = PoissonMixture.fit(X, { init: { labels } });
    assert.ok(report.logLikelihood > known.report.logLikelihood - 1e-2, `${distance}: ${report.logLikelihood}`);
    assert.deepEqual(report.warnings, []);
  }
});
