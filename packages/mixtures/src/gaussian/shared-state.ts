import type { WasmModule } from "../platform.js";
import type { MatrixShape } from "./passes.js";

/** What a worker is given; every array lies on shared memory. */
export interface WorkerTask {
  readonly module: WasmModule;
  readonly K: number;
  readonly D: number;
  readonly shape: MatrixShape;
  readonly rows: number;
  readonly chunkRows: number;
  readonly chunks: number;
  /** The chunks that workers may take: from this one on. Their rows are all that `values` and `weights` hold. */
  readonly firstChunk: number;
  readonly values: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly shared: SharedState;
}

/**
 * Where the threads meet. A round is one pass over the data; rounds count from 1.
 *
 * `claimed[chunk]` is the last round in which some thread took the chunk, by raising it from round − 1 to round. So a
 * thread that comes late to a round that is over can take nothing. `finished[chunk]` is the last round in which a worker
 * has put the chunk's sums into `sums`.
 */
export interface SharedState {
  /** [ROUND, WORKERS]: the present round, CLOSED at the end; the number of workers alive or starting */
  readonly state: Int32Array;
  readonly claimed: Int32Array;
  readonly finished: Int32Array;
  readonly densities: Float64Array;
  /** for each chunk its log-likelihood and its sums */
  readonly sums: Float64Array;
}
export const ROUND = 0;
export const WORKERS = 1;
export const CLOSED = -1;

/** Takes a chunk in a round, if no other thread has. */
export const claim = ({ claimed }: SharedState, chunk: number, round: number): boolean =>
  Atomics.compareExchange(claimed, chunk, round - 1, round) === round - 1;
