// What the other threads run. The build bundles it to a text, since a file of its own would be lost in bundles.
import { CLOSED, claim, ROUND, WORKERS, type WorkerTask } from "./shared-state.js";
import { createInstance } from "./wasm.js";

declare function require(name: "node:worker_threads"): { readonly workerData: WorkerTask };

/** Milliseconds without a new round after which the fit is taken for interrupted. */
const PATIENCE = 1000;

const { module, K, D, shape, chunkRows, chunks, rows, firstChunk, values, weights, shared } =
  require("node:worker_threads").workerData;
const instance = createInstance(module, K, D, shape);
const firstRow = firstChunk * chunkRows;

let round = 0;
for (;;) {
  if (Atomics.wait(shared.state, ROUND, round, PATIENCE) === "timed-out") break;
  round = Atomics.load(shared.state, ROUND);
  if (round === CLOSED) break;
  instance.densities.set(shared.densities);
  for (let chunk = chunks - 1; chunk >= firstChunk; chunk--) {
    if (!claim(shared, chunk, round)) continue;
    const begin = chunk * chunkRows;
    const end = Math.min(begin + chunkRows, rows);
    const at = chunk * (instance.sums.length + 1);
    shared.sums[at] = instance.add(values, weights, begin - firstRow, end - firstRow);
    shared.sums.set(instance.sums, at + 1);
    Atomics.store(shared.finished, chunk, round);
    Atomics.notify(shared.finished, chunk);
  }
}
Atomics.sub(shared.state, WORKERS, 1);
