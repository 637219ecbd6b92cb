import { checkInteger, checkLength, checkNotNegative, checkPositive } from "./checks.js";
import { type Chunks, readChunks, surveyChunks } from "./chunks.js";
import { columnMoments, columnSpreads } from "./column-moments.js";
import { type Data, type DataOptions, readData, type Samples } from "./data.js";
import { emAsync } from "./em.js";
import { InputError } from "./errors.js";
import { mStep, readResponsibilities } from "./family.js";
import { bestOf, componentsOf, type FitOptions, type FitReport, fitMixture, outcomeOf } from "./fit.js";
import { gaussianFamily } from "./gaussian/family.js";
import { fastPasses } from "./gaussian/fast-passes.js";
import type { CovarianceType, GaussianParams } from "./gaussian/parameters.js";
import { checkJson, type Fitted, Mixture, type MixtureJson } from "./mixture.js";

/** What shape the covariances have, and what keeps them from collapsing. */
export interface CovarianceOptions {
  /** "full" unless given. */
  readonly covarianceType?: CovarianceType;
  /** Added to every variance, in squared units; 0 unless given. With it, an update may lower the log-likelihood. */
  readonly regCovar?: number;
}

export interface GaussianFitOptions extends FitOptions<GaussianParams>, CovarianceOptions {
  /**
   * The least variance in any direction, as a share of the data's own (column by column, far outliers apart); 1e-10 unless given. A
   * component that shrinks onto it is reported as near singular.
   */
  readonly covarianceFloor?: number;
  /** The most threads that a long fit may use; unless given, as many as the machine has, up to 8. */
  readonly threads?: number;
}

/** Options of a fit to chunks. All rows count once, and none has missing values. */
export interface GaussianChunkOptions
  extends Omit<GaussianFitOptions, "init" | "acceleration" | "sampleWeight" | "allowMissing" | "threads"> {
  /** D, the number of columns; 1 unless given. */
  readonly columns?: number;
  readonly init?: GaussianParams;
}

/** How many rows of chunks a start is found on. */
const sampledRows = 20_000;

/** A Gaussian mixture as plain data for JSON. */
export interface GaussianJson extends MixtureJson<GaussianParams> {
  readonly covarianceType: CovarianceType;
}

/**
 * A mixture of normal distributions in D dimensions: p(x) = Σ_k w_k N(x | m_k, Σ_k).
 *
 * @example
 * const model = GaussianMixture.fit([[1, 2], [1.1, 1.9], [8, 9], [8.2, 9.1], [7.9, 9.2], [1.2, 2.2]], {
 *   nComponents: 2,
 *   covarianceType: "diag",
 * });
 * model.params.means; // [[1.1, 2.03…], [8.03…, 9.1]]
 * model.predict([[1, 1]]); // [0]
 */
export class GaussianMixture extends Mixture<GaussianParams> {
  readonly covarianceType: CovarianceType;

  private constructor(params: GaussianParams, covarianceType: CovarianceType, report?: FitReport) {
    const components = checkLength(params.weights, undefined, "weights");
    checkLength(params.means, components, "means");
    const columns = checkLength(params.means[0], undefined, "means[0]");
    const family = gaussianFamily({ components, columns, covarianceType });
    super({ name: "GaussianMixture", family }, params, report);
    this.covarianceType = covarianceType;
  }

  /**
   * Fits a mixture to observations by EM.
   *
   * Components come in ascending order of their means, or in the order of the start where `init` gives one. With
   * `allowMissing`, NaN stands for a value missing at random, and the fit is exact EM on what was observed.
   *
   * @throws InputError for bad input, a column of equal values (unless regCovar > 0) among it; CollapseError where a component
   * shrinks onto a few points and covarianceFloor is 0
   */
  static fit(X: Samples, options: GaussianFitOptions): Fitted<GaussianMixture> {
    const { covarianceType = "full", regCovar = 0, covarianceFloor = 1e-10, threads } = options;
    if (threads !== undefined) checkInteger(threads, 1, "threads");
    const data = readData(X, options);
    const components = componentsOf(options, data);
    const variances = data.missing ? columnMoments(data).variances : columnVariances(data);
    const floors = floorsUnder(data.name, variances, columnSpreads(data), regCovar, covarianceFloor);
    const shape = { components, columns: data.columns, covarianceType, regCovar, floors };
    const family = gaussianFamily(shape, fastPasses(threads));
    const { params, report } = fitMixture(family, data, options);
    return new GaussianMixture(params, covarianceType, report) as Fitted<GaussianMixture>;
  }

  /**
   * Fits a mixture to data that come in chunks, because they do not fit into memory. The first pass draws rows, to which
   * `fit` finds a start (unless `init` gives one); then each iteration is one pass.
   *
   * @throws InputError as `fit` does, and for chunks that are not the same at every pass
   */
  static async fitChunks(chunks: Chunks, options: GaussianChunkOptions): Promise<Fitted<GaussianMixture>> {
    const { columns = 1, covarianceType = "full", regCovar = 0, covarianceFloor = 1e-10, init, ...rest } = options;
    const { tol = 1e-6, maxIter = 1000, onIteration, ...startOptions } = rest;
    checkInteger(columns, 1, "columns");
    checkPositive(tol, "tol");
    const drawn = init === undefined ? sampledRows : 1;
    const { rows, sample, variances } = await surveyChunks(chunks, columns, drawn, rest.seed ?? 0);
    const covariance = { covarianceType, regCovar, covarianceFloor };
    const { params: start, report: drawing } = init
      ? { params: init, report: undefined }
      : GaussianMixture.fit({ values: sample, columns }, { ...startOptions, ...covariance });
    const components = componentsOf({ ...rest, init: start }, { name: "chunks", rows });
    const spreads = columnSpreads(readData({ values: sample, columns }, {}));
    const floors = floorsUnder("chunks", variances, spreads, regCovar, covarianceFloor);
    const family = gaussianFamily({ components, columns, covarianceType, regCovar, floors }, fastPasses(1));
    const step = (theta: Float64Array) => family.chunkedStep(theta, () => readChunks(chunks, columns, rows));
    const { params: theta, ...result } = await emAsync(family.pack(start), step, {
      tol: tol * rows,
      maxIter,
      ...(onIteration && {
        onIteration: (seen) => onIteration({ ...seen, params: family.unpack(seen.params), restart: 0 }),
      }),
    });
    const run = { theta, evaluations: result.iterations + 1, result: { ...result, params: family.unpack(theta) } };
    const { params, report } = bestOf(family, [outcomeOf(family, drawing?.start ?? "given", run)], rows);
    return new GaussianMixture(params, covarianceType, report) as Fitted<GaussianMixture>;
  }

  /** A model from known parameters. @throws InputError for parameters that are no mixture of the covariance type */
  static from(params: GaussianParams, options: Pick<CovarianceOptions, "covarianceType"> = {}): GaussianMixture {
    const { covarianceType = "full" } = options;
    return new GaussianMixture(params, covarianceType);
  }

  /** The model that `toJSON` wrote. @throws InputError for anything else, or another version's */
  static fromJSON(json: unknown): GaussianMixture {
    const { params, covarianceType } = checkJson<GaussianParams>(json, "GaussianMixture") as GaussianJson;
    return GaussianMixture.from(params, { covarianceType });
  }

  /** The E-step on its own: the responsibilities, N × K, at given parameters. */
  static eStep(params: GaussianParams, X: Samples, options: DataOptions = {}): number[][] {
    return GaussianMixture.from(params).predictProba(X, options);
  }

  /**
   * The M-step on its own: the parameters that maximise the log-likelihood weighted by responsibilities, N × K.
   *
   * @throws InputError for shapes that do not match, rows that do not sum to 1, or an empty component
   */
  static mStep(
    X: Samples,
    responsibilities: readonly ArrayLike<number>[],
    options: CovarianceOptions & Pick<DataOptions, "sampleWeight"> = {},
  ): GaussianParams {
    const { covarianceType = "full", regCovar = 0, ...rest } = options;
    checkNotNegative(regCovar, "regCovar");
    const data = readData(X, { ...rest, allowMissing: false });
    const rows = readResponsibilities(responsibilities, data.rows);
    const components = responsibilities[0].length;
    const family = gaussianFamily({ components, columns: data.columns, covarianceType, regCovar });
    return family.unpack(mStep(family, data, rows));
  }

  override toJSON(): GaussianJson {
    return { ...super.toJSON(), covarianceType: this.covarianceType };
  }
}

/** As `columnMoments` has them, by a pass: one component that takes every row whole. */
function columnVariances(data: Data): Float64Array {
  const { columns, values, weights } = data;
  const row = Math.max(0, weights?.findIndex((weight) => weight > 0) ?? 0);
  const means = values.slice(row * columns, (row + 1) * columns);
  const all = { components: 1, columns, shape: "diagonal", logScales: new Float64Array(1) } as const;
  const passes = fastPasses(1)(data, 1, "diagonal");
  try {
    const { counts, first, second } = passes.sums({ ...all, means, whiteners: new Float64Array(columns) });
    return second.map((sum, j) => {
      const variance = (sum - first[j] * (first[j] / counts[0])) / counts[0];
      // Of sums that are too large the difference is no number.
      return Number.isNaN(variance) ? Number.POSITIVE_INFINITY : variance;
    });
  } finally {
    passes.close();
  }
}

/** A column's variance counts as at most this many spreads, squared: more is the work of outliers. */
const outlierSpreads = 100;

/** The least variance of each column, as a share of the data's own, far outliers apart; none where the share is 0. */
function floorsUnder(
  name: string,
  variances: Float64Array,
  spreads: Float64Array,
  regCovar: number,
  covarianceFloor: number,
): Float64Array | undefined {
  checkNotNegative(regCovar, "regCovar");
  checkNotNegative(covarianceFloor, "covarianceFloor");
  const floors = variances.map((variance, column) => {
    const scale = Math.max(variance, regCovar);
    const place = `column ${column} of ${name}`;
    if (!(scale > 0)) {
      const rule = "must hold at least two different values";
      const remedy = "Remove the column, or set regCovar above 0.";
      throw new InputError(place, rule, Number.isNaN(variance) ? "empty" : "constant", remedy);
    }
    // Beyond these bounds a variance loses its digits, or its reciprocal is no number.
    if (scale < leastNormal || scale > Number.MAX_VALUE)
      throw new InputError(place, "must have a variance in the range of numbers", scale, "Give the data another unit.");
    const usual = Math.max((outlierSpreads * spreads[column]) ** 2, regCovar);
    return covarianceFloor * (usual > leastNormal ? Math.min(scale, usual) : scale);
  });
  return covarianceFloor > 0 ? floors : undefined;
}

/** The least number with all its digits. */
const leastNormal = 2 ** -1022;
