import { accelerateAsync, checkAcceleration } from "./accelerate.js";
import { checkFunction, checkInteger, checkLength, checkObject, checkOptions, checkPositive } from "./checks.js";
import { type Chunks, sourceOfChunks } from "./chunks.js";
import { columnMoments, columnSpreads } from "./column-moments.js";
import { type DataOptions, readData, type Samples } from "./data.js";
import { emAsync } from "./em.js";
import { insideOf, mStep, readResponsibilities } from "./family.js";
import { bestOf, componentsOf, fitMixture, outcomeOf } from "./fit.js";
import { conditionalParams, imputed, marginalParams } from "./gaussian/conditional.js";
import { densitiesAt } from "./gaussian/densities.js";
import { gaussianFamily } from "./gaussian/family.js";
import { fastPasses } from "./gaussian/fast-passes.js";
import { collapseBelowRounding, columnScales, floorUnder } from "./gaussian/floor.js";
import { checkMemory } from "./gaussian/memory.js";
import {
  type CovarianceOptions,
  covarianceOptions,
  type GaussianChunkOptions,
  type GaussianFitOptions,
  type GaussianSumsOptions,
  gaussianFitOptions,
  sumsOptions,
} from "./gaussian/options.js";
import { type CovarianceType, type GaussianParams, gaussianParameters } from "./gaussian/parameters.js";
import type { GaussianDensities } from "./gaussian/passes.js";
import { checkedSums, checkSource, type SumsSource } from "./gaussian/sums-source.js";
import { checkJson, type Fitted, Mixture, type MixtureJson } from "./mixture.js";
import type { FitReport } from "./report.js";
import { checkSignal, finish, finishAsync, restFrom, type Work } from "./work.js";

/** How many rows of chunks a start is found on. */
const sampledRows = 20_000;

/** A Gaussian mixture as plain data for JSON. */
export interface GaussianJson<T extends CovarianceType = CovarianceType> extends MixtureJson<GaussianParams<T>> {
  readonly covarianceType: T;
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

  private constructor(params: GaussianParams, covarianceType: T, report?: FitReport) {
    checkObject(params, "params", "Give weights, means and covariances.");
    const components = checkLength(params.weights, undefined, "weights");
    checkLength(params.means, components, "means");
    const columns = checkLength(params.means[0], undefined, "means[0]");
    checkMemory(components, columns, covarianceType);
    const family = gaussianFamily({ components, columns, covarianceType });
    super({ name: "GaussianMixture", family }, params as GaussianParams<T>, report);
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
    return finish(GaussianMixture.#fitting(X, options));
  }

  /** The same fit, with pauses in which timers, input and requests get their turn; errors reject its promise. */
  static async fitAsync<T extends CovarianceType = "full">(
    X: Samples,
    options: GaussianFitOptions<T>,
  ): Promise<Fitted<GaussianMixture<T>>> {
    return finishAsync(GaussianMixture.#fitting(X, options));
  }

  static *#fitting<T extends CovarianceType>(
    X: Samples,
    options: GaussianFitOptions<T>,
  ): Work<Fitted<GaussianMixture<T>>> {
    checkOptions(options, gaussianFitOptions);
    const { covarianceType = "full" as T, threads } = options;
    if (threads !== undefined) checkInteger(threads, 1, "threads");
    const data = readData(X, options);
    const components = componentsOf(options, data);
    checkMemory(components, data.columns, covarianceType);
    const floor = floorUnder(data.name, columnScales(data), options, data);
    const shape = { components, columns: data.columns, covarianceType, floor };
    const family = gaussianFamily(shape, fastPasses(threads));
    const { params, report } = yield* fitMixture(family, data, options);
    return new GaussianMixture(params, covarianceType, report) as Fitted<GaussianMixture<T>>;
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
   * @throws InputError as `fit` does, and for a source or sums that are incomplete
   */
  static async fitSums<T extends CovarianceType = "full">(
    source: SumsSource,
    options: GaussianSumsOptions<T>,
  ): Promise<Fitted<GaussianMixture<T>>> {
    checkOptions(options, sumsOptions);
    const { init, covarianceType = "full" as T, regCovar, covarianceFloor, acceleration, ...others } = options;
    const { tol = 1e-6, maxIter = 1000, onIteration, ...startOptions } = others;
    const { onProgress, signal } = others;
    checkPositive(tol, "tol");
    checkAcceleration(acceleration);
    checkFunction(onProgress, "onProgress");
    checkSignal(signal);
    if (init !== undefined) checkObject(init, "init", "Give weights, means and covariances.");
    const { name = "source", columns, rows, totalWeight = rows, sample, sampleWeight, sumsAt } = checkSource(source);
    const floors = {
      ...(regCovar !== undefined && { regCovar }),
      ...(covarianceFloor !== undefined && { covarianceFloor }),
    };
    const drawn = readData({ values: sample, columns }, { name, ...(sampleWeight && { sampleWeight }) });
    const weighted = sampleWeight && { sampleWeight };
    const found = init
      ? undefined
      : await GaussianMixture.fitAsync(
          { values: sample, columns },
          { ...startOptions, ...floors, ...weighted, covarianceType },
        );
    const start = init ?? (found as Fitted<GaussianMixture>).params;
    const components = componentsOf({ ...others, init: start }, { name, rows });
    checkMemory(components, columns, covarianceType);
    const [means, variances] = [Float64Array.from(source.means), Float64Array.from(source.variances)];
    const floor = floorUnder(name, { means, variances, spreads: columnSpreads(drawn) }, floors);
    const family = gaussianFamily({ components, columns, covarianceType, floor }, fastPasses(1));
    let evaluations = 0;
    const plain = family.stepFrom(checkedSums(sumsAt));
    const rest = restFrom(signal);
    const counted = async (theta: Float64Array) => {
      evaluations++;
      const result = await plain(theta);
      await rest();
      return result;
    };
    const step = acceleration === "anderson" ? accelerateAsync(counted, insideOf(family)) : counted;
    const { params: theta, ...result } = await emAsync(family.pack(start), step, {
      tol: tol * totalWeight,
      maxIter,
      onIteration({ iteration, params, logLikelihood }) {
        onProgress?.({ stage: "passes", runs: 1, finished: 0, iteration, logLikelihood });
        return onIteration?.({ iteration, params: family.unpack(params), logLikelihood, restart: 0 });
      },
    });
    const run = { theta, evaluations, result: { ...result, params: family.unpack(theta) } };
    const { params, report } = bestOf(family, [outcomeOf(family, found?.report.start ?? "given", run)], totalWeight);
    return new GaussianMixture(params, covarianceType, report) as Fitted<GaussianMixture<T>>;
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
    const { params, covarianceType } = checkJson<GaussianParams>(json, "GaussianMixture") as GaussianJson;
    return new GaussianMixture(params, covarianceType);
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
    return { ...super.toJSON(), covarianceType: this.covarianceType };
  }
}
