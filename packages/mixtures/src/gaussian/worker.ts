// What the other threads run. The build bundles it to a text, since a file of its own would be lost in bundles.
import { CLOSED, claim, ROUND, WORKERS, type WorkerTask } from "./board.js";
import { createPass } from "./pass.js";

declare function require(name: "node:worker_threads"): { readonly workerData: WorkerTask };

/** Milliseconds without a new round after which the fit is taken for interrupted. */
const PATIENCE = 1000;

const { module, K, D, shape, chunkRows, chunks, rows, firstChunk, values, weights, board } =
  require("node:worker_threads").workerData;
const pass = createPass(module, K, D, shape);
const firstRow = firstChunk * chunkRows;

let round = 0;
for (;;) {
  if (Atomics.wait(board.state, ROUND, round, PATIENCE) === "timed-out") break;
  round = Atomics.load(board.state, ROUND);
  if (round === CLOSED) break;
  pass.densities.set(board.densities);
  for (let chunk = chunks - 1; chunk >= firstChunk; chunk--) {
    if (!claim(board, chunk, round)) continue;
    const begin = chunk * chunkRows;
    const end = Math.min(begin + chunkRows, rows);
    const at = chunk * (pass.sums.length + 1);
    board.sums[at] = pass.add(values, weights, begin - firstRow, end - firstRow);
    board.sums.set(pass.sums, at + 1);
    Atomics.store(board.finished, chunk, round);
    Atomics.notify(board.finished, chunk);
  }
}
Atomics.sub(board.state, WORKERS, 1);
