import type { Data } from "../data.js";
import { builtIn, now, type WasmModule } from "../platform.js";
import type { Work } from "../work.js";
import { workerSource } from "./embedded.js";
import type { MatrixShape } from "./passes.js";
import { CLOSED, claim, ROUND, type SharedState, WORKERS, type WorkerTask } from "./shared-state.js";
import { sumsLength, type WasmInstance } from "./wasm.js";

/** Threads that share the chunks of every pass. */
export interface Threads {
  /** Sums every chunk, in this thread by `addChunk` or in a worker, then passes the sums to `include` in chunk order. */
  run(
    instance: WasmInstance,
    addChunk: (chunk: number) => number,
    include: (logLikelihood: number, sums: Float64Array) => void,
  ): Work<void>;
  close(): void;
}

interface ThreadsTask {
  readonly module: WasmModule;
  readonly data: Data;
  readonly K: number;
  readonly shape: MatrixShape;
  readonly chunkRows: number;
  readonly chunks: number;
  readonly threads: number;
}

/** Starts workers. Each helps as soon as it is up, and ends by itself when it gets no work for a second. */
export function startThreads(task: ThreadsTask): Threads {
  const { data, K, shape, chunkRows, chunks, threads } = task;
  const { rows, columns: D } = data;
  const length = sumsLength(K, D, shape);
  const shared: SharedState = {
    state: new Int32Array(new SharedArrayBuffer(8)),
    claimed: new Int32Array(new SharedArrayBuffer(4 * chunks)),
    finished: new Int32Array(new SharedArrayBuffer(4 * chunks)),
    densities: sharedNumbers(length + K * D),
    sums: sharedNumbers(chunks * (length + 1)),
  };
  // This thread takes chunks from the first on, the workers from the last; workers need room for more than their share.
  const firstChunk = Math.max(0, Math.floor(chunks * (1 / threads - 1 / 16)));
  const firstRow = firstChunk * chunkRows;
  const workerTask: WorkerTask = {
    module: task.module,
    K,
    D,
    shape,
    chunkRows,
    chunks,
    rows,
    firstChunk,
    values: onSharedMemory(data.values.subarray(firstRow * D)),
    weights: data.weights && onSharedMemory(data.weights.subarray(firstRow)),
    shared,
  };
  // The system may suspend a worker in the middle of a chunk. This thread then sums that chunk itself, in memory of its
  // own, and keeps doing so in later rounds until the worker has finished: `heldUp` says since which round.
  const heldUp = new Map<number, number>();
  const own = new Float64Array(shared.sums.length);
  return {
    *run(instance, addChunk, include) {
      shared.densities.set(instance.densities);
      for (let missing = threads - 1 - Atomics.load(shared.state, WORKERS); missing > 0; missing--) {
        Atomics.add(shared.state, WORKERS, 1);
        startWorker(workerTask);
      }
      const round = Atomics.load(shared.state, ROUND) + 1;
      const done = new Uint8Array(chunks);
      let chunkTime = 0;
      const addHere = (chunk: number): void => {
        const begun = now();
        const at = chunk * (length + 1);
        own[at] = addChunk(chunk);
        own.set(instance.sums, at + 1);
        done[chunk] = 1;
        chunkTime = now() - begun;
      };
      for (const [chunk, since] of heldUp)
        if (Atomics.load(shared.finished, chunk) === since) heldUp.delete(chunk);
        else Atomics.store(shared.claimed, chunk, round);
      Atomics.store(shared.state, ROUND, round);
      Atomics.notify(shared.state, ROUND);
      for (let chunk = 0; chunk < chunks; chunk++)
        if (heldUp.has(chunk) || claim(shared, chunk, round)) {
          addHere(chunk);
          yield;
        }
      for (let chunk = firstChunk; chunk < chunks; chunk++) {
        if (done[chunk] === 1) continue;
        const before = Atomics.load(shared.finished, chunk);
        if (before === round || Atomics.wait(shared.finished, chunk, before, chunkTime) !== "timed-out") continue;
        heldUp.set(chunk, round);
        addHere(chunk);
      }
      for (let chunk = 0; chunk < chunks; chunk++) {
        const at = chunk * (length + 1);
        const from = done[chunk] === 1 ? own : shared.sums;
        include(from[at], from.subarray(at + 1, at + 1 + length));
      }
    },
    close() {
      // A fit may be aborted in the middle of a round: no thread takes a chunk of it any more.
      for (let chunk = 0; chunk < chunks; chunk++) Atomics.store(shared.claimed, chunk, CLOSED);
      Atomics.store(shared.state, ROUND, CLOSED);
      Atomics.notify(shared.state, ROUND);
    },
  };
}

const sharedNumbers = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * length));

function onSharedMemory(values: Float64Array): Float64Array {
  if ((values.buffer as object) instanceof SharedArrayBuffer) return values;
  const shared = sharedNumbers(values.length);
  shared.set(values);
  return shared;
}

interface NodeWorkers {
  Worker: new (source: string, options: object) => { unref(): void; on(event: "error", listener: () => void): void };
}

/**
 * How many threads to use where up to `wanted` are asked for: at most the machine's and 8 unless given; 1 outside Node,
 * because in a browser no thread can start while a fit keeps its own busy, and before Node 20.16, which lets no built-in
 * module be looked for.
 */
export function usableThreads(wanted: number | undefined): number {
  const system = builtIn("node:os") as { availableParallelism(): number } | undefined;
  return system === undefined ? 1 : (wanted ?? Math.min(8, system.availableParallelism()));
}

function startWorker(task: WorkerTask): void {
  const { Worker } = builtIn("node:worker_threads") as NodeWorkers;
  try {
    const worker = new Worker(workerSource, { eval: true, workerData: task, execArgv: [], env: {} });
    // A worker alone must not keep the process alive. Chunks that a failed worker leaves, the fit's own thread sums.
    worker.unref();
    worker.on("error", () => {});
  } catch {
    // Where threads are forbidden, the fit's own thread does everything.
  }
}
