import { checkFinite, checkInteger, checkLength } from "../checks.js";
import { type Data, readData, type Samples } from "../data.js";
import { InputError } from "../errors.js";
import { liftEigenvalues, whiten } from "../linear-algebra.js";
import { drawIndex, type Random, randomFrom, standardNormal } from "../random.js";
import { gaussianSampler } from "./densities.js";
import { type ConditionalParts, conditionalStep, findPatterns } from "./missing.js";
import { missingDensities } from "./missing-densities.js";
import {
  type Covariances,
  type CovarianceType,
  type GaussianParams,
  gaussianParameters,
  isDiagonal,
} from "./parameters.js";

/** What these functions are told of a model. */
interface Model {
  readonly nComponents: number;
  readonly nColumns: number;
  readonly covarianceType: CovarianceType;
  readonly params: GaussianParams;
  predictProba(X: Samples, options: { readonly allowMissing: boolean }): number[][];
}

/** The distribution of some columns, whatever the others: means and covariances of these alone. */
export function marginalParams({ params, nColumns }: Model, columns: readonly number[]): GaussianParams {
  checkLength(columns, undefined, "columns");
  columns.forEach((column, at) => {
    checkInteger(column, 0, `columns[${at}]`);
    if (column >= nColumns) {
      const rule = `must be below ${nColumns}, the number of columns`;
      throw new InputError(`columns[${at}]`, rule, column, "Number the columns from 0.");
    }
    if (columns.indexOf(column) < at)
      throw new InputError(`columns[${at}]`, "must differ from the others", column, "Name each column once.");
  });
  const pick = (row: readonly number[]) => columns.map((column) => row[column]);
  const { weights, means, covariances } = params;
  return {
    weights,
    means: means.map(pick),
    covariances: (covariances as readonly (readonly (number | readonly number[])[])[]).map((covariance) =>
      columns.map((i) => (typeof covariance[i] === "number" ? covariance[i] : pick(covariance[i] as number[]))),
    ) as Covariances,
  };
}

/**
 * The distribution of the columns that are NaN in a row, given the others. With o the given columns and m the missing ones:
 *
 * - weights w_k N(x_o | m_k,o, Σ_k,oo), divided by their sum
 * - means m_k,m + Σ_k,mo Σ_k,oo⁻¹ (x_o − m_k,o)
 * - covariances Σ_k,mm − Σ_k,mo Σ_k,oo⁻¹ Σ_k,om
 */
export function conditionalParams(model: Model, given: ArrayLike<number>): GaussianParams {
  const { nComponents: K, nColumns: D, covarianceType } = model;
  checkLength(given, D, "given");
  const values = Float64Array.from(given);
  values.forEach((value, column) => {
    if (!Number.isNaN(value)) checkFinite(value, `given[${column}]`);
  });
  const open = Array.from(values.keys()).filter((column) => Number.isNaN(values[column]));
  const m = open.length;
  if (m === 0) {
    const remedy = "NaN stands for the columns whose distribution is asked for.";
    throw new InputError("given", "must leave some column open", "all numbers", remedy);
  }
  const X = { values, columns: D };
  const [weights] = model.predictProba(X, { allowMissing: true });
  const ks = Array.from({ length: K }, (_, k) => k);
  // The given columns tell nothing of the others but by the weights.
  if (isDiagonal(covarianceType)) return { ...marginalParams(model, open), weights };
  const parts = partsOf(model, readData(X, { allowMissing: true }));
  return {
    weights,
    means: ks.map((k) => {
      const expected = new Float64Array(m);
      parts.expect(0, k, expected);
      return Array.from(expected);
    }),
    covariances: ks.map((k) => {
      const left = sound(parts.left(0, k));
      return Array.from({ length: m }, (_, i) => Array.from(left.subarray(i * m, (i + 1) * m)));
    }),
  };
}

/**
 * Rows with their missing values filled in: by what is expected given the others, E(x_m | x_o), or, with a seed, by draws
 * from the distribution that the others leave. Draws keep the spread of the data, as multiple imputation needs it.
 */
export function imputed(model: Model, X: Samples, seed: number | undefined): number[][] {
  const { nComponents: K, nColumns: D, covarianceType } = model;
  const random = seed === undefined ? undefined : randomFrom(seed);
  const data = readData(X, { columns: D, allowMissing: true });
  const rows = Array.from({ length: data.rows }, (_, row) => Array.from(data.values.subarray(row * D, (row + 1) * D)));
  if (!data.missing) return rows;
  const shares = model.predictProba(X, { allowMissing: true });
  const guess = isDiagonal(covarianceType) ? byColumns(model, random) : byOthers(model, data, random);
  rows.forEach((row, index) => {
    const missing = [...row.keys()].filter((column) => Number.isNaN(row[column]));
    if (missing.length === 0) return;
    const drawn = random && drawIndex(Float64Array.from(shares[index]), 1, random);
    const filled = missing.map(() => 0);
    for (let k = 0; k < K; k++) {
      const share = drawn === undefined ? shares[index][k] : Number(k === drawn);
      if (share === 0) continue;
      const guesses = guess(index, k, missing);
      for (let i = 0; i < filled.length; i++) filled[i] += share * guesses[i];
    }
    missing.forEach((column, i) => {
      row[column] = filled[i];
    });
  });
  return rows;
}

/** What component k makes of the missing columns of a row: what it expects, or with `random` a draw. */
type Guess = (row: number, k: number, missing: readonly number[]) => ArrayLike<number>;

/** For diagonal covariances, where the other columns tell nothing. */
function byColumns({ params: { means, covariances } }: Model, random: Random | undefined): Guess {
  const deviation = (k: number, j: number) => Math.sqrt(covariances[k][j] as number);
  return (_, k, missing) => missing.map((j) => means[k][j] + (random ? deviation(k, j) * standardNormal(random) : 0));
}

function byOthers(model: Model, data: Data, random: Random | undefined): Guess {
  const parts = partsOf(model, data);
  const expected = new Float64Array(data.columns);
  const noise = random && noiseBy(random);
  return (row, k) => {
    parts.expect(row, k, expected);
    const offsets = noise?.(parts.left(row, k));
    return offsets === undefined ? expected : expected.map((value, i) => value + (offsets[i] ?? 0));
  };
}

function partsOf({ nComponents, nColumns, covarianceType, params }: Model, data: Data): ConditionalParts {
  const vector = gaussianParameters(nComponents, nColumns, covarianceType);
  const densities = missingDensities(vector, vector.pack(params));
  return conditionalStep(data, findPatterns(data), densities);
}

/** Draws from normal distributions about 0; the covariance's factor is kept for the next draw. */
function noiseBy(random: Random): (covariance: Float64Array) => ArrayLike<number> {
  const samplers = new WeakMap<Float64Array, () => ArrayLike<number>>();
  return (covariance) => {
    const known = samplers.get(covariance);
    if (known !== undefined) return known();
    const columns = Math.sqrt(covariance.length);
    const whiteners = new Float64Array(covariance.length);
    whiten(sound(covariance), whiteners, columns);
    const means = new Float64Array(columns);
    const logScales = new Float64Array(1);
    const draw = gaussianSampler({ components: 1, columns, shape: "full", logScales, means, whiteners });
    const sampler = () => draw(0, random);
    samplers.set(covariance, sampler);
    return sampler();
  };
}

/** A conditional covariance that is positive definite: where the given columns all but fix the others, rounding costs that. */
function sound(covariance: Float64Array): Float64Array {
  const columns = Math.sqrt(covariance.length);
  const lifted = covariance.slice();
  const least = Float64Array.from({ length: columns }, (_, i) =>
    Math.max(1e-12 * covariance[i * columns + i], 2 ** -1022),
  );
  liftEigenvalues(lifted, least);
  return lifted;
}
