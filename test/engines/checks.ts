// What must hold on every engine: the same checks for all, so that none is left out on one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GaussianMixture, type GaussianParams, PoissonMixture } from "em-mixtures";
import { fitCounts, fitTable, QueryError, scoreSql, TableError } from "em-sql";
import { readData } from "../../packages/mixtures/src/data.js";
import { openPlainPasses } from "../../packages/mixtures/src/gaussian/passes.js";
import { randomFrom, standardNormal } from "../../packages/mixtures/src/random.js";
import { sumsQuery } from "../../packages/sql/src/sums.js";
import { readTable } from "../../packages/sql/src/table.js";
import { assertClose } from "../close.js";
import type { Engine, Value } from "./engine.js";

const types = ["full", "tied", "diag", "spherical"] as const;
const offset = 1e7;
const identity = (columns: number) =>
  Array.from({ length: columns }, (_, i) => Array.from({ length: columns }, (_, j) => (i === j ? 1 : 0)));

/** Rows of three groups far from 0, each with an identity, and a weight. */
function dataOf(rows: number, columns: number): number[][] {
  const random = randomFrom(columns);
  return Array.from({ length: rows }, (_, row) => {
    const shared = standardNormal(random);
    const values = Array.from(
      { length: columns },
      (_, j) => offset + 4 * (row % 3) * (j % 2 ? -1 : 1) + 0.6 * shared + 0.8 * standardNormal(random),
    );
    return [row, row % 4, ...values];
  });
}

const startOf = (columns: number, K = 3): GaussianParams => ({
  weights: Array.from({ length: K }, () => 1 / K),
  means: Array.from({ length: K }, (_, k) =>
    Array.from({ length: columns }, (_, j) => offset + 0.5 + 3.5 * k * (j % 2 ? -1 : 1)),
  ),
  covariances: Array.from({ length: K }, () => identity(columns)),
});

/** Asserts equal fits: weights, means in deviations, covariances in products of deviations, the log-likelihoods. */
function assertSameFit(actual: GaussianMixture, expected: GaussianMixture): void {
  assertClose(actual.report?.history, expected.report?.history, 1e-9);
  assertClose(actual.params.weights, expected.params.weights, 1e-9, "weights", 1);
  const flat = (model: GaussianMixture) => model.params.means.map((row) => row.map((mean) => mean - offset));
  assertClose(flat(actual), flat(expected), 1e-9, "means", 1);
  assertClose(actual.params.covariances, expected.params.covariances, 1e-9, "covariances", 1);
}

/** A name whose quotes must not matter. */
const oddColumn = `x"'0\`; DROP TABLE plain; --`;

/** Declares the checks. @param open the engine, or the reason why there is none */
export function checkEngine(name: string, open: (() => Promise<Engine>) | string, rows = 3000): void {
  if (typeof open === "string") {
    test(`${name}`, { skip: open }, () => {});
    return;
  }
  const X2 = dataOf(rows, 2);
  let engine: Engine;
  const table = { table: "plain", columns: ["x0", "x1"] };
  const in2 = X2.map((row) => row.slice(2));
  const weights = X2.map((row) => row[1]);

  before(async () => {
    engine = await open();
    await engine.create("plain", ["id", "w", "x0", "x1"], X2);
    await engine.create(
      engine.oddTable,
      ["id", oddColumn],
      X2.map(([id, , x]) => [id, x]),
    );
    const incomplete: (readonly Value[])[] = [
      ...X2.slice(0, 300),
      [9001, 1, null, 1],
      [9002, 1, 1, Number.NaN],
      [9003, 1, Number.POSITIVE_INFINITY, 2],
    ];
    await engine.create("incomplete", ["id", "w", "x0", "x1"], incomplete);
    await engine.create(
      "wide",
      ["id", "w", ...Array.from({ length: 5 }, (_, j) => `x${j}`)],
      dataOf(Math.min(rows, 600), 5),
    );
    await engine.create(
      "counts",
      ["y"],
      X2.map(([id]) => [(id % 7) * (id % 3)]),
    );
  });
  after(() => engine?.close());

  test(`${name}: every covariance type equals the fit in memory, far from 0`, async () => {
    for (const covarianceType of types) {
      const options = { covarianceType, init: startOf(2), maxIter: 4, tol: 1e-300 } as const;
      const inTable = await fitTable(engine.query, {
        dialect: engine.dialect,
        ...table,
        acceleration: "none",
        ...options,
      });
      assertSameFit(inTable, GaussianMixture.fit(in2, options));
    }
  });

  test(`${name}: weights count, one component has its moments, an empty component stays empty`, async () => {
    const weighted = { init: startOf(2), maxIter: 3, tol: 1e-300 };
    const plain = { dialect: engine.dialect, ...table, acceleration: "none" } as const;
    assertSameFit(
      await fitTable(engine.query, { ...plain, weightColumn: "w", ...weighted }),
      GaussianMixture.fit(in2, { ...weighted, sampleWeight: weights }),
    );
    const one = { init: startOf(2, 1), maxIter: 2, tol: 1e-300 };
    assertSameFit(await fitTable(engine.query, { ...plain, ...one }), GaussianMixture.fit(in2, one));
    const { means, covariances } = startOf(2);
    const empty = { init: { weights: [0.5, 0, 0.5], means, covariances }, maxIter: 2, tol: 1e-300 };
    const model = await fitTable(engine.query, { ...plain, ...empty });
    assertSameFit(model, GaussianMixture.fit(in2, empty));
    assert.ok(model.report.warnings.some((warning) => warning.name === "emptyComponent"));
  });

  test(`${name}: a start so far off that sums are made twice loses no digits`, async () => {
    const far = { init: { ...startOf(2, 1), means: [[-1e6, 1e6]] }, maxIter: 1, tol: 1e-300 };
    const model = await fitTable(engine.query, { dialect: engine.dialect, ...table, acceleration: "none", ...far });
    assertSameFit(model, GaussianMixture.fit(in2, far));
  });

  test(`${name}: sums in one row, and in a row for each component, are those of the passes`, async () => {
    const columns = Array.from({ length: 5 }, (_, j) => `x${j}`);
    const data = dataOf(Math.min(rows, 600), 5).map((row) => row.slice(2));
    const options = { init: startOf(5, 6), maxIter: 1, tol: 1e-300 };
    const model = GaussianMixture.fit(data, options);
    const wide = { dialect: engine.dialect, table: "wide", columns };
    assertSameFit(await fitTable(engine.query, { ...wide, acceleration: "none", ...options }), model);
    const table = readTable(wide);
    for (const covarianceType of ["full", "diag"] as const) {
      const densities = GaussianMixture.fit(data, { nComponents: 3, covarianceType, nInit: 1, maxIter: 3 }).densities();
      // Other centres than the means, as after a far move.
      const centres = densities.means.map((mean) => mean + 1);
      const sumsOf = async (widest: number) => {
        const query = sumsQuery({ ...table, dialect: { ...table.dialect, widest } }, densities, centres);
        return query.read(await engine.query(query.sql));
      };
      const [one, many] = [await sumsOf(10_000), await sumsOf(1)];
      assert.equal(one.rows, data.length);
      assert.equal(many.rows, data.length);
      const matrix = readData(data, {});
      const expected = openPlainPasses(matrix, 3, densities.shape).sums(densities, centres);
      for (const { sums } of [one, many]) {
        assertClose(sums.logLikelihood, expected.logLikelihood, 1e-12);
        // Sums of up to 600 rows of offsets up to some tens, squared; the engine adds them up in another order.
        for (const part of ["counts", "first", "second"] as const)
          assertClose(Array.from(sums[part]), Array.from(expected[part]), 1e-9, part, 1e3);
      }
    }
  });

  test(`${name}: a fit of its own start finds the optimum, the same for the same seed, by few passes`, async () => {
    const options = { dialect: engine.dialect, ...table, key: "id", nComponents: 3, sampleRows: 500, seed: 4 } as const;
    const model = await fitTable(engine.query, options);
    assert.ok(model.report.converged);
    const best = GaussianMixture.fit(in2, { nComponents: 3 });
    // The tolerance is 1e-6 of log-likelihood a row.
    assertClose(model.report.logLikelihood / rows, best.report.logLikelihood / rows, 1e-5);
    assert.ok(model.report.evaluations < 20, `${model.report.evaluations} passes`);
    assertSameFit(await fitTable(engine.query, options), model);
    const resumed = await fitTable(engine.query, { dialect: engine.dialect, ...table, init: model.params });
    assert.ok(resumed.report.iterations <= 1);
  });

  test(`${name}: names are quoted, and never run`, async () => {
    const options = { init: { weights: [1], means: [[offset]], covariances: [[[1]]] }, maxIter: 1, tol: 1e-300 };
    const model = await fitTable(engine.query, {
      dialect: engine.dialect,
      table: engine.oddTable,
      columns: [oddColumn],
      ...options,
    });
    assertClose(
      model.params.means[0][0] - offset,
      GaussianMixture.fit(
        X2.map((row) => row[2]),
        options,
      ).params.means[0][0] - offset,
      1e-9,
      "mean",
      1,
    );
    const injected = {
      dialect: engine.dialect,
      table: "plain",
      columns: ['x0"; DROP TABLE plain; --`; DROP TABLE plain; --'],
    };
    await assert.rejects(fitTable(engine.query, { ...injected, nComponents: 1 }), QueryError);
    const [{ n }] = await engine.query("SELECT count(*) AS n FROM plain");
    assert.equal(Number(n), rows);
  });

  test(`${name}: incomplete rows are named with their count, or left out`, async () => {
    const options = { dialect: engine.dialect, table: "incomplete", columns: ["x0", "x1"] } as const;
    await assert.rejects(
      fitTable(engine.query, { ...options, nComponents: 1 }),
      /incomplete rows, of 303: column x0 is NULL in 1, column x0 is NaN or infinite in 1, column x1 is NaN or infinite in 1\. Set dropIncomplete/,
    );
    const fit = { init: startOf(2, 1), maxIter: 1, tol: 1e-300 };
    const model = await fitTable(engine.query, { ...options, dropIncomplete: true, ...fit });
    assertSameFit(model, GaussianMixture.fit(in2.slice(0, 300), fit));
  });

  test(`${name}: what cannot be fitted is said`, async () => {
    const { dialect } = engine;
    const cases: readonly [object, RegExp][] = [
      [
        { sql: "SELECT 'a' AS x0 FROM plain", columns: ["x0"] },
        /^TableError: Column x0 of the query's rows must hold numbers, but is of type/,
      ],
      [{ sql: "SELECT x0 FROM plain WHERE x0 < 0", columns: ["x0"] }, /^TableError: the query's rows has no rows/],
      [{ table: "plain", columns: ["z"] }, /^QueryError: The engine refused a query, twice: .*z/is],
      [{ table: "missing", columns: ["x0"] }, /^QueryError: .*missing/is],
      [
        { table: "plain", columns: ["x0"], weightColumn: "x0", sql: "SELECT 1" },
        /^InputError: table must be given, or else sql/,
      ],
      [{ sql: "SELECT x0, -w AS w FROM plain", columns: ["x0"], weightColumn: "w" }, /the weight w is below 0 in/],
    ];
    for (const [change, message] of cases)
      await assert.rejects(fitTable(engine.query, { dialect, columns: [], nComponents: 1, ...change }), message);
    // Some rows are gone when the first step reads them, as in a table that is written to meanwhile.
    const changing = (sql: string) => engine.query(sql.startsWith("WITH") ? sql.replaceAll("< 9000", "< 100") : sql);
    const init = { weights: [1], means: [[offset]], covariances: [[[1]]] };
    await assert.rejects(
      fitTable(changing, { dialect, sql: "SELECT * FROM plain WHERE id < 9000", columns: ["x0"], init }),
      TableError,
    );
  });

  test(`${name}: a query that fails is sent once more; an aborted fit ends with the reason`, async () => {
    let failures = 0;
    const flaky = (sql: string) => {
      if (sql.startsWith("WITH") && failures++ % 2 === 0) return Promise.reject(new Error("connection lost"));
      return engine.query(sql);
    };
    const options = { dialect: engine.dialect, ...table, init: startOf(2), maxIter: 1 };
    assert.equal((await fitTable(flaky, options)).report.iterations, 1);
    assert.ok(failures > 1);
    const controller = new AbortController();
    const reason = new Error("enough");
    const stopped = fitTable(engine.query, {
      ...options,
      maxIter: 50,
      tol: 1e-300,
      signal: controller.signal,
      onIteration: ({ iteration }) => {
        if (iteration === 1) controller.abort(reason);
      },
    });
    await assert.rejects(stopped, reason);
    assert.equal((await engine.query("SELECT 1 AS one")).length, 1);
  });

  test(`${name}: scores in the table are those of the library`, async () => {
    const model = GaussianMixture.fit(in2, { nComponents: 3 });
    const options = { dialect: engine.dialect, ...table, keep: ["id"] } as const;
    const found = [...(await engine.query(scoreSql(model, options)))].sort((a, b) => Number(a.id) - Number(b.id));
    const scores = found.map((row) => Number(row.log_density));
    assertClose(scores, model.scoreSamples(in2), 1e-12);
    const shares = found.map((row) => [0, 1, 2].map((k) => Number(row[`p${k}`])));
    assertClose(shares, model.predictProba(in2), 1e-14, "responsibilities", 1);
    assert.deepEqual(
      found.map((row) => Number(row.label)),
      model.predict(in2),
    );
    const gaps = await engine.query(scoreSql(model, { ...options, table: "incomplete", keep: ["id"] }));
    const empty = gaps.filter((row) => Number(row.id) > 9000);
    assert.equal(gaps.length, 303);
    for (const row of empty) assert.deepEqual([row.log_density, row.p0, row.label], [null, null, null]);
  });

  test(`${name}: counts are grouped once, and fitted exactly`, async () => {
    const options = { nComponents: 2, seed: 2 };
    const y = X2.map(([id]) => (id % 7) * (id % 3));
    const model = await fitCounts(PoissonMixture, engine.query, {
      dialect: engine.dialect,
      table: "counts",
      columns: ["y"],
      ...options,
    });
    const distinct = [...new Set(y)].sort((a, b) => a - b);
    const expected = PoissonMixture.fit(distinct, {
      ...options,
      sampleWeight: distinct.map((value) => y.filter((each) => each === value).length),
    });
    assertClose(model.params.means, expected.params.means, 1e-12);
    await assert.rejects(
      fitCounts(PoissonMixture, engine.query, {
        dialect: engine.dialect,
        table: "counts",
        columns: ["y"],
        mostDistinct: 3,
        ...options,
      }),
      /counts must have at most 3 different rows/,
    );
  });
}
