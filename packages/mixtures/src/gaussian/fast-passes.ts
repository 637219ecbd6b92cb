import type { Data } from "../data.js";
import { eStep } from "../family.js";
import { now, type WasmModule } from "../platform.js";
import { finish, type Work } from "../work.js";
import { wasmBase64 } from "./embedded.js";
import {
  type GaussianDensities,
  type GaussianSums,
  logJointOf,
  type MatrixShape,
  type OpenPasses,
  openPlainPasses,
  type RowPasses,
} from "./passes.js";
import { startThreads, type Threads, usableThreads } from "./threads.js";
import { BLOCK, compileWasm, createInstance, sumsLength, type WasmInstance } from "./wasm.js";

/** Below this many rows × components plain TypeScript is faster than a call of WebAssembly, which takes a microsecond. */
export const fewTerms = 16;
/** Rows × sums of a pass from which on more threads are started at once: some milliseconds, when a start takes 30. */
const largePass = 3e6;
/** Milliseconds of smaller passes after which threads are started too. */
const longFit = 30;

/**
 * Opens the fastest passes for the data: by WebAssembly, with further threads where a fit is long enough; by plain
 * TypeScript for a handful of rows and where there is no WebAssembly SIMD. Rows are added up chunk by chunk in a fixed
 * order, so that the sums do not depend on the number of threads.
 *
 * @param threads the most threads to work with, the caller's included; unless given, as many as the machine has, up to 8
 */
export const fastPasses =
  (threads?: number): OpenPasses =>
  (data, components, shape) => {
    const plain = openPlainPasses(data, components, shape);
    if (data.rows * components < fewTerms) return plain;
    const module = compiledWasm();
    return module === undefined
      ? plain
      : openWasmPasses(module, plain, data, components, shape, usableThreads(threads));
  };

let compiled: { readonly module: WasmModule | undefined } | undefined;

/** Compiled at the first call; undefined where WebAssembly or its SIMD is missing or forbidden. */
function compiledWasm(): WasmModule | undefined {
  compiled ??= { module: compileWasm(wasmBase64) };
  return compiled.module;
}

function openWasmPasses(
  module: WasmModule,
  plain: RowPasses,
  data: Data,
  K: number,
  shape: MatrixShape,
  threads: number,
): RowPasses {
  const { rows, columns: D, values, weights } = data;
  const length = sumsLength(K, D, shape);
  const instance = takeInstance(module, K, D, shape);
  const chunkRows = rowsPerChunk(rows, length);
  const chunks = Math.ceil(rows / chunkRows);
  const total = new Float64Array(length);
  const result: GaussianSums = {
    logLikelihood: 0,
    counts: total.subarray(0, K),
    first: total.subarray(K, K + K * D),
    second: total.subarray(K + K * D),
  };
  const addChunk = (chunk: number): number =>
    instance.add(values, weights, chunk * chunkRows, Math.min((chunk + 1) * chunkRows, rows));
  const include = (logLikelihood: number, sums: Float64Array): void => {
    result.logLikelihood += logLikelihood;
    for (let i = 0; i < length; i++) total[i] += sums[i];
  };
  let helpers: Threads | undefined;
  let spent = 0;
  function* summing(densities: GaussianDensities, centres = densities.means): Work<GaussianSums> {
    const begun = now();
    total.fill(0);
    result.logLikelihood = 0;
    instance.load(densities, centres);
    if (threads > 1 && chunks > 1 && (rows * length > largePass || spent > longFit))
      helpers ??= startThreads({ module, data, K, shape, chunkRows, chunks, threads });
    if (helpers) yield* helpers.run(instance, addChunk, include);
    else
      for (let chunk = 0; chunk < chunks; chunk++) {
        if (chunk > 0) yield;
        include(addChunk(chunk), instance.sums);
      }
    // WebAssembly's `exp` never goes below e^-600, but a component of weight 0 must get exactly 0.
    for (let k = 0; k < K; k++) if (densities.logScales[k] === Number.NEGATIVE_INFINITY) result.counts[k] = 0;
    spent += now() - begun;
    // Where the result is not finite (a row impossible under every component, say), the plain pass finds it or throws.
    return Number.isFinite(result.logLikelihood) ? result : plain.sums(densities, centres);
  }
  return {
    sums: (densities, centres) => finish(summing(densities, centres)),
    ...(chunks > 1 && { summing }),
    eStep(densities, visit) {
      instance.load(densities, densities.means);
      const responsibilities = new Float64Array(K);
      let logLikelihood = 0;
      for (let begin = 0; begin < rows; begin += BLOCK) {
        const end = Math.min(begin + BLOCK, rows);
        instance.eStep(values, begin, end - begin);
        const { logDensities } = instance;
        let sound = true;
        for (let place = 0; place < end - begin; place++) sound &&= Number.isFinite(logDensities[place]);
        if (!sound) {
          // As in `sums`.
          logLikelihood += eStep(logJointOf(densities, data), K, data, visit, begin, end);
          continue;
        }
        for (let row = begin; row < end; row++) {
          const place = row - begin;
          for (let k = 0; k < K; k++) responsibilities[k] = instance.responsibilities[k * BLOCK + place];
          logLikelihood += (weights === undefined ? 1 : weights[row]) * logDensities[place];
          visit(row, responsibilities, logDensities[place]);
        }
      }
      return logLikelihood;
    },
    weightedSums(responsibilities, centres) {
      const terms = new Float64Array(K);
      instance.loadCentres(centres);
      instance.sums.fill(0);
      for (let begin = 0; begin < rows; begin += BLOCK) {
        const count = Math.min(BLOCK, rows - begin);
        instance.responsibilities.fill(0);
        for (let place = 0; place < count; place++) {
          responsibilities(begin + place, terms);
          const weight = weights === undefined ? 1 : weights[begin + place];
          for (let k = 0; k < K; k++) {
            instance.responsibilities[k * BLOCK + place] = weight * terms[k];
            instance.sums[k] += weight * terms[k];
          }
        }
        instance.addWeighted(values, begin, count);
      }
      total.set(instance.sums);
      result.logLikelihood = 0;
      return result;
    },
    close(): void {
      helpers?.close();
      helpers = undefined;
      leaveInstance(K, D, shape, instance);
    },
  };
}

/** Instances that are free for the next fit, or the next chunk, of the same size; the oldest first. */
const idle: { readonly key: string; readonly instance: WasmInstance }[] = [];
const mostIdle = 16;
/** An instance with longer sums than this is not kept: its memory costs more than making it anew. */
const longestKept = 10_000;

const keyOf = (K: number, D: number, shape: MatrixShape): string => `${K} ${D} ${shape}`;

function takeInstance(module: WasmModule, K: number, D: number, shape: MatrixShape): WasmInstance {
  const at = idle.findIndex(({ key }) => key === keyOf(K, D, shape));
  return at < 0 ? createInstance(module, K, D, shape) : idle.splice(at, 1)[0].instance;
}

function leaveInstance(K: number, D: number, shape: MatrixShape, instance: WasmInstance): void {
  if (instance.sums.length > longestKept) return;
  idle.push({ key: keyOf(K, D, shape), instance });
  if (idle.length > mostIdle) idle.shift();
}

/** Chunks of a pass at most: enough for 8 threads to share evenly. */
const mostChunks = 128;
/** Rows of a chunk at least, so that a chunk's sums cost little beside its rows. */
const fewestRows = 512;
/** The most numbers in the sums of all chunks together: 32 MB. Threads keep them twice. */
const mostSums = 2 ** 22;

/** Rows of a chunk, in whole blocks. */
export function rowsPerChunk(rows: number, sumsLength: number): number {
  const chunks = Math.max(1, Math.min(mostChunks, Math.floor(mostSums / sumsLength), Math.floor(rows / fewestRows)));
  return Math.ceil(rows / chunks / BLOCK) * BLOCK;
}
