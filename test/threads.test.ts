import assert from "node:assert/strict";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import workerThreads, { type Worker } from "node:worker_threads";
import { GaussianMixture } from "em-mixtures";
import { wasmBase64 } from "../packages/mixtures/src/gaussian/embedded.js";
import { fastPasses } from "../packages/mixtures/src/gaussian/fast-passes.js";
import { claim, type SharedState } from "../packages/mixtures/src/gaussian/shared-state.js";
import { startThreads } from "../packages/mixtures/src/gaussian/threads.js";
import { compileWasm, createInstance } from "../packages/mixtures/src/gaussian/wasm.js";
import { randomFrom, standardNormal } from "../packages/mixtures/src/random.js";
import { finish } from "../packages/mixtures/src/work.js";

// Records every worker that is started from here on: the library takes its Worker from this module.
const started: Worker[] = [];
workerThreads.Worker = class extends workerThreads.Worker {
  constructor(...args: ConstructorParameters<typeof workerThreads.Worker>) {
    super(...args);
    started.push(this);
  }
};

/** Waits until all workers have ended; says how many they were. */
async function workersEnd(): Promise<number> {
  const workers = started.splice(0);
  // The workers do not keep the process alive, and these tests are to see them end.
  const alive = setInterval(() => {}, 1000);
  // An ended worker has the thread id -1.
  await Promise.all(workers.map((worker) => (worker.threadId === -1 ? undefined : once(worker, "exit"))));
  clearInterval(alive);
  return workers.length;
}

const random = randomFrom(1);
const rows = 300_000;
const values = Float64Array.from(
  { length: 2 * rows },
  (_, at) => standardNormal(random) + 3 * (Math.floor(at / 2) % 3),
);
const X = { values, columns: 2 };
const init = {
  weights: [0.3, 0.3, 0.4],
  means: [
    [0, 0.5],
    [3, 2],
    [5, 6],
  ],
  covariances: [0, 1, 2].map(() => [
    [1, 0.2],
    [0.2, 1],
  ]),
};

test("a fit with threads equals one without, and leaves none behind", async () => {
  const fit = (threads: number) => GaussianMixture.fit(X, { init, threads, maxIter: 12, tol: 1e-300 });
  const alone = fit(1);
  assert.equal(started.length, 0);
  const together = fit(3);
  assert.deepEqual(together.params, alone.params);
  assert.deepEqual(together.report.history, alone.report.history);
  assert.equal(await workersEnd(), 2);
  // Data that every thread can see already need no copy, and give the same.
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  const onShared = GaussianMixture.fit({ values: shared, columns: 2 }, { init, threads: 2, maxIter: 12, tol: 1e-300 });
  assert.deepEqual(onShared.params, alone.params);
  assert.equal(await workersEnd(), 1);
});

test("a large fit takes the machine's threads unless told otherwise, up to eight", async () => {
  GaussianMixture.fit(X, { init, maxIter: 2 });
  assert.equal(await workersEnd(), Math.min(8, availableParallelism()) - 1);
});

test("a fit that throws or is stopped leaves no threads behind", async () => {
  const stop = new Error("enough");
  const onIteration = ({ iteration }: { iteration: number }) => {
    if (iteration === 5) throw stop;
  };
  assert.throws(() => GaussianMixture.fit(X, { init, threads: 2, onIteration }), stop);
  assert.equal(await workersEnd(), 1);
  const { report } = GaussianMixture.fit(X, { init, threads: 2, onIteration: ({ iteration }) => iteration < 5 });
  assert.equal(report.reason, "stopped");
  assert.equal(await workersEnd(), 1);
});

test("threads end by themselves when their fit was terminated", async () => {
  // A notebook's interrupt ends the running code at once: not even `finally` runs, so `close` is never called.
  const data = {
    ...X,
    name: "X",
    rows,
    weights: undefined,
    totalWeight: rows,
    missing: false,
    allowsImpossible: false,
  };
  const passes = fastPasses(2)(data, 3, "full");
  const densities = {
    components: 3,
    columns: 2,
    shape: "full",
    logScales: new Float64Array(3),
    means: Float64Array.from(init.means.flat()),
    whiteners: Float64Array.from([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]),
  } as const;
  const before = passes.sums(densities).logLikelihood;
  assert.equal(await workersEnd(), 1);
  // The fit notices, and starts another.
  assert.equal(passes.sums(densities).logLikelihood, before);
  passes.close();
  assert.equal(await workersEnd(), 1);
});

test("a worker that takes a chunk and never finishes it delays a fit, and changes nothing", () => {
  const alone = GaussianMixture.fit(X, { init, threads: 1, maxIter: 8, tol: 1e-300 });
  const { Worker } = workerThreads;
  // Instead of a worker: one chunk of the first round taken, and silence.
  const silent = class {
    constructor(_source: string, { workerData }: { workerData: { shared: { claimed: Int32Array } } }) {
      workerData.shared.claimed[workerData.shared.claimed.length - 1] = 1;
    }
    unref() {}
    on() {}
  };
  workerThreads.Worker = silent as unknown as typeof Worker;
  try {
    const delayed = GaussianMixture.fit(X, { init, threads: 2, maxIter: 8, tol: 1e-300 });
    assert.deepEqual(delayed.params, alone.params);
    assert.deepEqual(delayed.report.history, alone.report.history);
  } finally {
    workerThreads.Worker = Worker;
  }
});

test("a chunk whose worker is late is let to no other worker before that one has finished", () => {
  const { Worker } = workerThreads;
  let shared: SharedState | undefined;
  // Instead of a worker: nothing but its memory. The test acts as two workers while this thread sums its first chunk.
  const still = class {
    constructor(_source: string, { workerData }: { workerData: { shared: SharedState } }) {
      shared = workerData.shared;
    }
    unref() {}
    on() {}
  };
  workerThreads.Worker = still as unknown as typeof Worker;
  try {
    const module = compileWasm(wasmBase64);
    assert.ok(module !== undefined, "no WebAssembly");
    const [chunks, late, D, K] = [8, 6, 1, 1];
    const data = { name: "X", values: values.subarray(0, 8 * 64), columns: D, rows: 8 * 64, weights: undefined };
    const threads = startThreads({
      module,
      data: { ...data, totalWeight: 8 * 64, missing: false, allowsImpossible: false },
      K,
      shape: "diagonal",
      chunkRows: 64,
      chunks,
      threads: 2,
    });
    const instance = createInstance(module, K, D, "diagonal");
    const length = instance.sums.length + 1;
    /** One round. `act` is called once, while this thread is at its first chunk. Gives each chunk's log-likelihood. */
    const round = (act: (shared: SharedState) => void): number[] => {
      const seen: number[] = [];
      const addChunk = (chunk: number): number => {
        if (chunk === 0 && shared !== undefined) act(shared);
        return chunk;
      };
      finish(threads.run(instance, addChunk, (logLikelihood) => seen.push(logLikelihood)));
      return seen;
    };
    const right = Array.from({ length: chunks }, (_, chunk) => chunk);
    assert.deepEqual(
      round((state) => assert.ok(claim(state, late, 1))),
      right,
    );
    const second = round((state) => {
      assert.equal(claim(state, late, 2), false, "another worker may take the chunk");
      // Now the late worker writes what it has, from the round before, and finishes.
      state.sums[late * length] = -1;
      state.finished[late] = 1;
    });
    assert.deepEqual(second, right);
    const third = round((state) => {
      assert.ok(claim(state, late, 3), "the chunk is not given back");
      state.sums[late * length] = 100;
      state.finished[late] = 3;
    });
    assert.equal(third[late], 100);
    threads.close();
  } finally {
    workerThreads.Worker = Worker;
  }
});

test("smaller passes use threads too, after some time", async (t) => {
  let clock = 0;
  t.mock.method(performance, "now", () => {
    clock += 20;
    return clock;
  });
  GaussianMixture.fit({ values: values.subarray(0, 4000), columns: 2 }, { init, threads: 2, maxIter: 5, tol: 1e-300 });
  assert.equal(await workersEnd(), 1);
});

test("small fits start no threads", () => {
  GaussianMixture.fit({ values: values.subarray(0, 2000), columns: 2 }, { init });
  assert.equal(started.length, 0);
});

test("threads that are closed in the middle of a pass take no more of it", () => {
  const { Worker } = workerThreads;
  let shared: SharedState | undefined;
  workerThreads.Worker = class {
    constructor(_source: string, { workerData }: { workerData: { shared: SharedState } }) {
      shared = workerData.shared;
    }
    unref() {}
    on() {}
  } as unknown as typeof Worker;
  try {
    const module = compileWasm(wasmBase64);
    assert.ok(module !== undefined, "no WebAssembly");
    const [chunks, rows] = [8, 8 * 64];
    const data = { name: "X", values: values.subarray(0, rows), columns: 1, rows, weights: undefined };
    const threads = startThreads({
      module,
      data: { ...data, totalWeight: rows, missing: false, allowsImpossible: false },
      K: 1,
      shape: "diagonal",
      chunkRows: 64,
      chunks,
      threads: 2,
    });
    const pass = threads.run(
      createInstance(module, 1, 1, "diagonal"),
      (chunk) => chunk,
      () => {},
    );
    assert.equal(pass.next().done, false);
    const state = shared as unknown as SharedState;
    // Before, a worker may take its part; after, nothing is left to take.
    assert.ok(claim(state, 7, 1));
    threads.close();
    for (let chunk = 0; chunk < chunks; chunk++) assert.equal(claim(state, chunk, 1), false);
  } finally {
    workerThreads.Worker = Worker;
  }
});
