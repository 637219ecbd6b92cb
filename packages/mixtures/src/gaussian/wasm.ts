import { platform, type WasmModule } from "../platform.js";
import type { GaussianDensities, MatrixShape } from "./passes.js";

/** What assembly/ exports; every number but the counts n, D and K is an address in bytes. */
interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly free: { readonly value: number };
  readonly unit: { readonly value: number };
  readonly largestAt: { readonly value: number };
  readonly inversesAt: { readonly value: number };
  scratchBytes(D: number, K: number): number;
  addRows(
    x: number,
    n: number,
    D: number,
    K: number,
    isFull: boolean,
    weights: number,
    densities: number,
    sums: number,
    scratch: number,
  ): number;
  eStep(
    x: number,
    n: number,
    D: number,
    K: number,
    isFull: boolean,
    densities: number,
    L: number,
    counts: number,
    scratch: number,
  ): void;
  weightedSums(
    x: number,
    n: number,
    D: number,
    K: number,
    isFull: boolean,
    centres: number,
    L: number,
    first: number,
    scratch: number,
  ): void;
}

/** Rows of a block. */
export const BLOCK = 64;
const PAGE = 65536;

/** Numbers in the sums of K components over D columns: counts, first and second. */
export const sumsLength = (K: number, D: number, shape: MatrixShape): number =>
  K * (1 + D + (shape === "full" ? D * D : D));

/** An instance of the WebAssembly module with the memory for one K, D and shape. */
export interface WasmInstance {
  /** Says under which densities and about which centres rows are to be added. */
  load(densities: GaussianDensities, centres: Float64Array): void;
  loadCentres(centres: Float64Array): void;
  /** What `load` has written, in the module's own units. */
  readonly densities: Float64Array;
  /** counts, first and second sums, one after the other, of the rows last added */
  readonly sums: Float64Array;
  /** Makes `sums` those of the rows from `begin` to before `end`; returns their log-likelihood. */
  add(values: Float64Array, weights: Float64Array | undefined, begin: number, end: number): number;
  /** The E-step of at most 64 rows from `begin` on, into `responsibilities` and `logDensities`. */
  eStep(values: Float64Array, begin: number, rows: number): void;
  /** Adds to `sums`, but for the counts, at most 64 rows from `begin` on with what `responsibilities` holds. */
  addWeighted(values: Float64Array, begin: number, rows: number): void;
  /** K × 64 */
  readonly responsibilities: Float64Array;
  readonly logDensities: Float64Array;
}

/** Makes an instance: some 0.1 MB and the space for the sums. The rows are copied to it some thousand numbers at a time. */
export function createInstance(module: WasmModule, K: number, D: number, shape: MatrixShape): WasmInstance {
  const { WebAssembly } = platform;
  if (WebAssembly === undefined) throw new Error("There is a WebAssembly module, but no WebAssembly.");
  const wasm = new WebAssembly.Instance(module).exports as WasmExports;
  const isFull = shape === "full";
  const length = sumsLength(K, D, shape);
  const rowsAtOnce = Math.max(BLOCK, Math.floor(8192 / D / BLOCK) * BLOCK);
  let next = wasm.free.value;
  const reserve = (bytes: number): number => {
    const at = next;
    next += Math.ceil(bytes / 16) * 16;
    return at;
  };
  const densities = reserve(8 * (length + K * D));
  const sums = reserve(8 * length);
  const scratch = reserve(wasm.scratchBytes(D, K));
  const rows = reserve(8 * rowsAtOnce * D);
  const rowWeights = reserve(8 * rowsAtOnce);
  const block = reserve(8 * K * BLOCK);
  wasm.memory.grow(Math.max(0, Math.ceil((next - wasm.memory.buffer.byteLength) / PAGE)));
  const view = (at: number, count: number): Float64Array => new Float64Array(wasm.memory.buffer, at, count);
  const rowsView = view(rows, rowsAtOnce * D);
  const weightsView = view(rowWeights, rowsAtOnce);
  const sumsView = view(sums, length);
  const largest = view(wasm.largestAt.value, BLOCK);
  const inverses = view(wasm.inversesAt.value, BLOCK);
  const logDensities = new Float64Array(BLOCK);
  const densitiesView = view(densities, length + K * D);
  const unit = wasm.unit.value;
  return {
    densities: densitiesView,
    sums: sumsView,
    responsibilities: view(block, K * BLOCK),
    logDensities,
    load({ logScales, means, whiteners }, centres) {
      const whitenersAt = K + K * D;
      for (let k = 0; k < K; k++) densitiesView[k] = logScales[k] / unit;
      densitiesView.set(means, K);
      const scale = Math.sqrt(0.5 / unit);
      for (let i = 0; i < whiteners.length; i++) densitiesView[whitenersAt + i] = scale * whiteners[i];
      this.loadCentres(centres);
    },
    loadCentres: (centres) => densitiesView.set(centres, length),
    add(values, weights, begin, end) {
      sumsView.fill(0);
      let logLikelihood = 0;
      for (let from = begin; from < end; from += rowsAtOnce) {
        const to = Math.min(from + rowsAtOnce, end);
        rowsView.set(values.subarray(from * D, to * D));
        if (weights !== undefined) weightsView.set(weights.subarray(from, to));
        const weightsAt = weights === undefined ? 0 : rowWeights;
        logLikelihood += wasm.addRows(rows, to - from, D, K, isFull, weightsAt, densities, sums, scratch);
      }
      return logLikelihood;
    },
    eStep(values, begin, count) {
      rowsView.set(values.subarray(begin * D, (begin + count) * D));
      wasm.eStep(rows, count, D, K, isFull, densities, block, sums, scratch);
      for (let row = 0; row < count; row++) logDensities[row] = unit * largest[row] - Math.log(inverses[row]);
    },
    addWeighted(values, begin, count) {
      rowsView.set(values.subarray(begin * D, (begin + count) * D));
      const centres = densities + 8 * length;
      wasm.weightedSums(rows, count, D, K, isFull, centres, block, sums + 8 * K, scratch);
    },
  };
}

/** The compiled module; undefined where WebAssembly or its SIMD is missing or forbidden. */
export function compileWasm(base64: string): WasmModule | undefined {
  try {
    const { WebAssembly } = platform;
    return (
      WebAssembly && new WebAssembly.Module(Uint8Array.from(platform.atob(base64), (letter) => letter.charCodeAt(0)))
    );
  } catch {
    return undefined;
  }
}
