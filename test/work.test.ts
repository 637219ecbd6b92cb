// Long work: it shows itself, can be cut short, and leaves the event loop free.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import workerThreads, { type Worker } from "node:worker_threads";
import {
  BernoulliMixture,
  em,
  emAsync,
  GaussianMixture,
  type Progress,
  type SelectProgress,
  select,
  selectAsync,
} from "em-mixtures";
import { randomFrom, standardNormal } from "../packages/mixtures/src/random.js";
import oldFaithful from "./fixtures/reference/faithful.json" with { type: "json" };

const faithful = oldFaithful.rows;

/** A clock that leaps at every look, so that every pause which may come does come. */
function leapingClock(t: TestContext) {
  let clock = 0;
  t.mock.method(performance, "now", () => {
    clock += 20;
    return clock;
  });
}

/** Counts the turns of the event loop until the work is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let [turns, done] = [0, false];
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  count();
  await work.finally(() => {
    done = true;
  });
  return turns;
}

test("an asynchronous fit equals the other to the last bit", async () => {
  for (const covarianceType of ["full", "tied", "diag", "spherical"] as const) {
    const options = { nComponents: 3, covarianceType, nInit: 3, seed: 4 };
    const model = await GaussianMixture.fitAsync(faithful, options);
    const same = GaussianMixture.fit(faithful, options);
    assert.deepEqual(model.params, same.params);
    assert.deepEqual(model.report, same.report);
  }
  const features = faithful.map(([eruption, waiting]) => [Number(eruption > 3), Number(waiting > 70)]);
  const options = { nComponents: 2, nInit: 2, maxIter: 50 };
  const model = await BernoulliMixture.fitAsync(features, options);
  assert.deepEqual(model.params, BernoulliMixture.fit(features, options).params);
  const grid = { nComponents: [1, 2], nInit: 2 };
  assert.deepEqual((await selectAsync(faithful, grid)).table, select(faithful, grid).table);
});

test("an asynchronous fit lets the event loop turn between its updates", async (t) => {
  leapingClock(t);
  // A fit that seems to take long would start threads.
  const options = { nComponents: 2, nInit: 1, tol: 0, maxIter: 40, threads: 1 };
  assert.ok((await turnsDuring(GaussianMixture.fitAsync(faithful, options))) > 40);
  const grid = { ...options, nComponents: [1, 2], covarianceTypes: ["diag"] } as const;
  assert.ok((await turnsDuring(selectAsync(faithful, grid))) > 80);
  // One pause a chunk: the chunks are read to look at them, for the start, and for each update.
  const chunks = Array.from({ length: 4 }, (_, i) => Float64Array.from(faithful.slice(i * 68, i * 68 + 68).flat()));
  const init = GaussianMixture.fit(faithful, options).params;
  assert.ok((await turnsDuring(GaussianMixture.fitChunks(chunks, { columns: 2, init, maxIter: 5 }))) > 8);
});

test("the event loop turns within an update of many rows, too, and the result stays the same", async (t) => {
  leapingClock(t);
  const random = randomFrom(2);
  const values = Float64Array.from({ length: 60_000 }, (_, at) => standardNormal(random) + (at % 4));
  const options = { nComponents: 2, nInit: 1, tol: 0, maxIter: 2, threads: 1 };
  let model: { readonly params: unknown } | undefined;
  const work = GaussianMixture.fitAsync({ values, columns: 2 }, options).then((fitted) => {
    model = fitted;
  });
  // Three passes over some 58 chunks of 512 rows.
  assert.ok((await turnsDuring(work)) > 150);
  assert.deepEqual(model?.params, GaussianMixture.fit({ values, columns: 2 }, options).params);
});

test("without setImmediate, as in browsers, pauses go by a message", async (t) => {
  leapingClock(t);
  const { setImmediate: own } = globalThis;
  // @ts-expect-error: what browsers do not have
  globalThis.setImmediate = undefined;
  try {
    let turned = false;
    setTimeout(() => {
      turned = true;
    });
    await GaussianMixture.fitAsync(faithful, { nComponents: 2, nInit: 1, tol: 0, maxIter: 200 });
    assert.ok(turned);
  } finally {
    globalThis.setImmediate = own;
  }
});

test("onProgress counts starts, restarts and their updates", () => {
  const seen: Progress[] = [];
  const { report } = GaussianMixture.fit(faithful, {
    nComponents: 3,
    nInit: 3,
    onProgress: (progress) => seen.push(progress),
  });
  const of = (stage: Progress["stage"]) => seen.filter((progress) => progress.stage === stage);
  assert.deepEqual(
    of("starts").map(({ finished, runs }) => [finished, runs]),
    Array.from({ length: 12 }, (_, i) => [i + 1, 12]),
  );
  // A restart shows its start, every update, and its end; a polish is of one.
  const restarts = of("restarts");
  assert.deepEqual([restarts.at(0)?.finished, restarts.at(0)?.iteration], [0, 0]);
  assert.deepEqual([restarts.at(-1)?.finished, restarts.at(-1)?.runs], [3, 3]);
  for (const [index, { logLikelihood, iteration }] of restarts.slice(1).entries())
    assert.ok(logLikelihood >= restarts[index].logLikelihood - 1e-9 || iteration === 0);
  const last = seen.at(-1);
  assert.deepEqual(last, {
    stage: "polish",
    runs: 1,
    finished: 1,
    iteration: report.iterations,
    logLikelihood: report.logLikelihood,
  });
});

test("onProgress of select counts its fits", () => {
  const seen: SelectProgress[] = [];
  select(faithful, {
    nComponents: [1, 2],
    covarianceTypes: ["full", "diag"],
    nInit: 1,
    onProgress: (progress) => seen.push(progress),
  });
  const fits = seen.map(({ fits, finishedFits, nComponents, covarianceType }) =>
    [fits, finishedFits, nComponents, covarianceType].join(" "),
  );
  assert.deepEqual([...new Set(fits)], ["4 0 1 full", "4 1 2 full", "4 2 1 diag", "4 3 2 diag"]);
});

test("onProgress of a fit to chunks shows its passes over all", async () => {
  const stages: string[] = [];
  const chunks = [Float64Array.from(faithful.flat())];
  const onProgress = ({ stage }: Progress) => stages.push(stage);
  await GaussianMixture.fitChunks(chunks, { columns: 2, nComponents: 2, nInit: 2, onProgress });
  assert.deepEqual([...new Set(stages)], ["starts", "restarts", "polish", "passes"]);
});

test("a signal ends work of every kind with its reason", async () => {
  const options = { nComponents: 2, nInit: 1, tol: 0, maxIter: 1e6 };
  const chunks = {
    async *[Symbol.asyncIterator]() {
      await new Promise((resolve) => setTimeout(resolve, 10));
      yield Float64Array.from(faithful.flat());
    },
  };
  const kinds: readonly ((signal: AbortSignal) => Promise<unknown>)[] = [
    (signal) => GaussianMixture.fitAsync(faithful, { ...options, signal }),
    (signal) => GaussianMixture.fitAsync(faithful, { nComponents: 8, nInit: 10_000, signal }),
    (signal) => selectAsync(faithful, { ...options, nComponents: [1, 2], signal }),
    (signal) => GaussianMixture.fitChunks(chunks, { columns: 2, nComponents: 2, nInit: 1, signal }),
    (signal) =>
      BernoulliMixture.fitAsync(
        faithful.map(([x]) => Number(x > 3)),
        { ...options, signal },
      ),
    (signal) =>
      emAsync(
        0,
        async (x) => {
          await new Promise(setImmediate);
          return { params: x, logLikelihood: 0 };
        },
        { tol: 0, maxIter: 1e6, signal },
      ),
  ];
  for (const begin of kinds) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(begin(controller.signal), { name: "AbortError" });
    await assert.rejects(begin(AbortSignal.abort(new RangeError("mine"))), { name: "RangeError", message: "mine" });
  }
});

test("a fit that is not asynchronous can be aborted by what it calls", () => {
  const controller = new AbortController();
  const { signal } = controller;
  let updates = 0;
  const onIteration = ({ iteration }: { readonly iteration: number }) => {
    updates = iteration;
    if (iteration === 3) controller.abort();
  };
  assert.throws(() => GaussianMixture.fit(faithful, { nComponents: 2, nInit: 1, onIteration, signal }), {
    name: "AbortError",
  });
  assert.equal(updates, 3);
  assert.throws(() => em(0, (x) => ({ params: x, logLikelihood: 0 }), { signal }), { name: "AbortError" });
  const notOne = "yes" as unknown as AbortSignal;
  assert.throws(() => GaussianMixture.fit(faithful, { nComponents: 2, signal: notOne }), {
    name: "InputError",
    message: /^signal must be an AbortSignal, but is "yes"/,
  });
});

test("an aborted fit leaves no threads behind", async () => {
  const { Worker: own } = workerThreads;
  const started: Worker[] = [];
  workerThreads.Worker = class extends own {
    constructor(...args: ConstructorParameters<typeof own>) {
      super(...args);
      started.push(this);
    }
  };
  try {
    const random = randomFrom(1);
    const values = Float64Array.from({ length: 400_000 }, (_, at) => standardNormal(random) + (at % 4));
    const controller = new AbortController();
    const work = GaussianMixture.fitAsync(
      { values, columns: 2 },
      {
        nComponents: 3,
        nInit: 1,
        tol: 0,
        threads: 2,
        onProgress: ({ iteration }) => iteration === 5 && setImmediate(() => controller.abort()),
        signal: controller.signal,
      },
    );
    await assert.rejects(work, { name: "AbortError" });
    assert.equal(started.length, 1);
    // Workers do not hold the process, and an ended one has the thread id -1.
    const alive = setInterval(() => {}, 1000);
    await Promise.all(started.map((worker) => (worker.threadId === -1 ? undefined : once(worker, "exit"))));
    clearInterval(alive);
  } finally {
    workerThreads.Worker = own;
  }
});
