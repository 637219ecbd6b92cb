import { checkInteger, checkLength, checkObject, checkOptions } from "./checks.js";
import { type Chunks, sourceOfChunks } from "./chunks.js";
import { columnMoments } from "./column-moments.js";
import { type DataOptions, readData, type Samples } from "./data.js";
import { mStep, readResponsibilities } from "./family.js";
import { conditionalParams, imputed, marginalParams } from "./gaussian/conditional.js";
import { densitiesAt } from "./gaussian/densities.js";
import { gaussianFamily } from "./gaussian/family.js";
import { fastPasses } from "./gaussian/fast-passes.js";
import { fitToSums, type GaussianFit, gaussianFit } from "./gaussian/fit-gaussian.js";
import { collapseBelowRounding } from "./gaussian/floor.js";
import { checkMemory } from "./gaussian/memory.js";
import {
  type CovarianceOptions,
  covarianceOptions,
  type GaussianChunkOptions,
  type GaussianFitOptions,
  type GaussianSumsOptions,
  sumsOptions,
} from "./gaussian/options.js";
import { type CovarianceType, type GaussianParams, gaussianParameters } from "./gaussian/parameters.js";
import type { GaussianDensities } from "./gaussian/passes.js";
import type { SumsSource } from "./gaussian/sums-source.js";
import { checkJson, type Fitted, Mixture, type MixtureJson } from "./mixture.js";
import type { FitReport } from "./report.js";
import { checkSignal, finish, finishAsync, restFrom } from "./work.js";

/** How many rows of chunks a start is found on. */
const sampledRows = 20_000;

/** A Gaussian mixture as plain data for JSON. */
export interface GaussianJson<T extends CovarianceType = CovarianceType> extends MixtureJson<GaussianParams<T>> {
  readonly covarianceType: T;
  /** How many parameters the fit left as they were, where it did. */
  readonly fixedParameters?: number;
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
export class GaussianMixture<T extends CovarianceType = CovarianceType> extends Mixture<GaussianParams<T>> {
  readonly covarianceType: T;

  readonly #fixedParameters: number;

  private constructor(params: GaussianParams, covarianceType: T, report?: FitReport, fixedParameters = 0) {
    checkObject(params, "params", "Give weights, means and covariances.");
    const components = checkLength(params.weights, undefined, "weights");
    checkLength(params.means, components, "means");
    const columns = checkLength(params.means[0], undefined, "means[0]");
    checkMemory(components, columns, covarianceType);
    const family = gaussianFamily({ components, columns, covarianceType });
    const freeParameters = (theta: Float64Array) => family.freeParameters(theta) - fixedParameters;
    super({ name: "GaussianMixture", family: { ...family, freeParameters } }, params as GaussianParams<T>, report);
    this.#fixedParameters = fixedParameters;
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
  static fit<T extends CovarianceType = "full">(
    X: Samples,
    options: GaussianFitOptions<T>,
  ): Fitted<GaussianMixture<T>> {
    return GaussianMixture.#fitted(finish(gaussianFit(X, options)));
  }

  /** The same fit, with pauses in which timers, input and requests get their turn; errors reject its promise. */
  static async fitAsync<T extends CovarianceType = "full">(
    X: Samples,
    options: GaussianFitOptions<T>,
  ): Promise<Fitted<GaussianMixture<T>>> {
    return GaussianMixture.#fitted(await finishAsync(gaussianFit(X, options), options?.signal));
  }

  static #fitted<T extends CovarianceType>(fit: GaussianFit): Fitted<GaussianMixture<T>> {
    const { params, covarianceType, report, fixedParameters } = fit;
    return new GaussianMixture(params, covarianceType as T, report, fixedParameters) as Fitted<GaussianMixture<T>>;
  }

  /**
   * Fits a mixture to data that come in chunks, because they do not fit into memory. The first pass draws rows, to which
   * `fit` finds a start (unless `init` gives one); then each iteration is one pass.
   *
   * @throws InputError as `fit` does, and for chunks that are not the same at every pass
   */
  static async fitChunks<T extends CovarianceType = "full">(
    chunks: Chunks,
    options: GaussianChunkOptions<T>,
  ): Promise<Fitted<GaussianMixture<T>>> {
    checkOptions(options, ["columns", ...sumsOptions]);
    const { columns = 1, ...rest } = options;
    checkInteger(columns, 1, "columns");
    checkSignal(rest.signal);
    const source = await sourceOfChunks(
      chunks,
      columns,
      restFrom(rest.signal),
      sampledRows,
      rest.seed ?? 0,
      fastPasses(1),
    );
    return GaussianMixture.fitSums(source, rest as GaussianSumsOptions<T>);
  }

  /**
   * Fits a mixture to data that lie elsewhere (in a database, on other machines) and are only summed there: one EM step
   * asks the source once for the sums over all rows, or twice after a far move of the means. All the rest is `fit`'s: the
   * covariance types, floors, report and warnings. The start is found by `fit` on the source's sample.
   *
   * @param source or a function that opens it, which is called once the options are known to be right
   * @throws InputError as `fit` does, and for a source or sums that are incomplete
   */
  static async fitSums<T extends CovarianceType = "full">(
    source: SumsSource | (() => Promise<SumsSource>),
    options: GaussianSumsOptions<T>,
  ): Promise<Fitted<GaussianMixture<T>>> {
    return GaussianMixture.#fitted(await fitToSums(source, options));
  }

  /**
   * A model from known parameters.
   *
   * @param options `covarianceType`: unless given, "diag" where the covariances are K × D, else "full"
   * @throws InputError for parameters that are no mixture of the covariance type
   */
  static from<T extends CovarianceType = "full">(
    params: GaussianParams,
    options: Pick<CovarianceOptions<T>, "covarianceType"> = {},
  ): GaussianMixture<T> {
    checkOptions(options, ["covarianceType"]);
    const isDiagonal = typeof params?.covariances?.[0]?.[0] === "number";
    const { covarianceType = (isDiagonal ? "diag" : "full") as T } = options;
    return new GaussianMixture(params, covarianceType);
  }

  /** The model that `toJSON` wrote. @throws InputError for anything else, or a later version's */
  static fromJSON(json: unknown): GaussianMixture {
    const {
      params,
      covarianceType,
      fixedParameters = 0,
    } = checkJson<GaussianParams>(json, "GaussianMixture") as GaussianJson;
    checkInteger(fixedParameters, 0, "GaussianMixture.fromJSON's argument: fixedParameters");
    return new GaussianMixture(params, covarianceType, undefined, fixedParameters);
  }

  /** The E-step on its own: the responsibilities, N × K, at given parameters. */
  static eStep(params: GaussianParams, X: Samples, options: DataOptions = {}): number[][] {
    return GaussianMixture.from(params).predictProba(X, options);
  }

  /**
   * The M-step on its own: the parameters that maximise the log-likelihood weighted by responsibilities, N × K.
   *
   * @throws InputError for shapes that do not match, rows that do not sum to 1, or an empty component; CollapseError where
   * a covariance is singular and regCovar is 0
   */
  static mStep<T extends CovarianceType = "full">(
    X: Samples,
    responsibilities: readonly ArrayLike<number>[],
    options: CovarianceOptions<T> & Pick<DataOptions, "sampleWeight"> = {},
  ): GaussianParams<T> {
    checkOptions(options, [...covarianceOptions, "sampleWeight"]);
    const { covarianceType = "full" as T, regCovar = 0, ...rest } = options;
    const data = readData(X, { ...rest, allowMissing: false });
    const rows = readResponsibilities(responsibilities, data.rows);
    const floor = collapseBelowRounding(columnMoments(data), regCovar);
    const components = responsibilities[0].length;
    const family = gaussianFamily({ components, columns: data.columns, covarianceType, floor });
    return family.unpack(mStep(family, data, rows)) as GaussianParams<T>;
  }

  /** The weighted densities as numbers ready for evaluation: what it takes to score rows elsewhere, in SQL say. */
  densities(): GaussianDensities {
    const vector = gaussianParameters(this.nComponents, this.nColumns, this.covarianceType);
    return densitiesAt(vector, vector.pack(this.params));
  }

  /** The mixture that some of the columns follow, whatever the others. @param columns indices from 0, in the order wanted */
  marginal(columns: readonly number[]): GaussianMixture<T> {
    return new GaussianMixture(marginalParams(this, columns), this.covarianceType);
  }

  /**
   * The mixture that some columns follow, given the others: of a regression by the model, say, the density of what is to
   * be predicted.
   *
   * @param given D numbers, NaN for the columns that are not known; of these alone, in their order, is the result
   */
  conditional(given: ArrayLike<number>): GaussianMixture<T> {
    return new GaussianMixture(conditionalParams(this, given), this.covarianceType);
  }

  /**
   * Fills in missing values, which are NaN: by what the model expects, given the others in their row.
   *
   * @param options `seed`, an integer of at least 0: fills in draws from what the model leaves possible, the same for equal
   * seeds. Means are the best guesses; draws have the spread of data.
   * @returns N rows of D numbers
   */
  impute(X: Samples, options: { readonly seed?: number } = {}): number[][] {
    checkOptions(options, ["seed"]);
    return imputed(this, X, options.seed);
  }

  override toJSON(): GaussianJson<T> {
    const fixedParameters = this.#fixedParameters;
    return {
      ...super.toJSON(),
      covarianceType: this.covarianceType,
      ...(fixedParameters > 0 && { fixedParameters }),
    };
  }
}
