import type { Data } from "../packages/mixtures/src/data.js";
import {
  type GaussianDensities,
  type GaussianSums,
  type MatrixShape,
  type OpenPasses,
  openPlainPasses,
  type Passes,
} from "../packages/mixtures/src/gaussian/passes.js";
import { randomFrom, standardNormal } from "../packages/mixtures/src/random.js";
import { assertClose } from "./close.js";

/** N observations around K centres `spread` apart and `offset` from 0, and densities that do not fit them too well. */
export function problem(N: number, D: number, K: number, shape: MatrixShape, spread = 3, offset = 0) {
  const random = randomFrom(N + 100 * D + K);
  const centres = Float64Array.from({ length: K * D }, () => offset + spread * standardNormal(random));
  const values = Float64Array.from({ length: N * D }, (_, at) => {
    const row = Math.floor(at / D);
    return centres[(row % K) * D + (at % D)] + standardNormal(random);
  });
  const data: Data = {
    name: "X",
    values,
    columns: D,
    rows: N,
    weights: undefined,
    totalWeight: N,
    missing: false,
    allowsImpossible: false,
  };
  const whiteners = Float64Array.from({ length: K * D * (shape === "full" ? D : 1) }, (_, at) => {
    const [i, j] = [Math.floor(at / D) % D, at % D];
    if (shape === "diagonal" || i === j) return 0.7 + random();
    return j < i ? 0.3 * standardNormal(random) : 0;
  });
  const densities: GaussianDensities = {
    components: K,
    columns: D,
    shape,
    logScales: Float64Array.from({ length: K }, () => -random() - D),
    means: centres.map((centre) => centre + 0.5 * standardNormal(random)),
    whiteners,
  };
  return { data, densities };
}

export function sumsOf(
  data: Data,
  densities: GaussianDensities,
  open: (...args: Parameters<OpenPasses>) => Passes = openPlainPasses,
): GaussianSums {
  const passes = open(data, densities.components, densities.shape);
  try {
    const { logLikelihood, counts, first, second } = passes.sums(densities);
    return { logLikelihood, counts: counts.slice(), first: first.slice(), second: second.slice() };
  } finally {
    passes.close();
  }
}

/**
 * WebAssembly and plain TypeScript make the same sums in another order, of exponentials with errors of an ulp: 1e-12 of the size of the
 * sums. `second` counts below the diagonal only, and above it each may leave what it likes.
 */
export function assertSameSums(actual: GaussianSums, expected: GaussianSums, { columns: D, shape }: GaussianDensities) {
  const lower = (second: Float64Array) =>
    Array.from(second, (value, at) => (shape === "diagonal" || at % D <= Math.floor(at / D) % D ? value : 0));
  const scale = expected.second.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  assertClose(actual.logLikelihood, expected.logLikelihood, 1e-12, "log-likelihood");
  assertClose(Array.from(actual.counts), Array.from(expected.counts), 1e-12, "counts", scale);
  assertClose(Array.from(actual.first), Array.from(expected.first), 1e-12, "first", scale);
  assertClose(lower(actual.second), lower(expected.second), 1e-12, "second", scale);
}
