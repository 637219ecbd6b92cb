import { checkLength, checkNotNegative } from "./checks.js";
import { columnMoments } from "./column-moments.js";
import { type Data, type DataOptions, readData, type Samples } from "./data.js";
import { InputError } from "./errors.js";
import { mStep, readResponsibilities } from "./family.js";
import { componentsOf, type FitOptions, type FitReport, fitMixture } from "./fit.js";
import { gaussianFamily } from "./gaussian/family.js";
import type { CovarianceType, GaussianParams } from "./gaussian/layout.js";
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
   * The least variance in any direction, as a share of the data's own (column by column); 1e-10 unless given. A
   * component that shrinks onto it is reported as near singular.
   */
  readonly covarianceFloor?: number;
}

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
   * @throws InputError for bad input, a column of equal values (unless regCovar > 0) among it
   */
  static fit(X: Samples, options: GaussianFitOptions): Fitted<GaussianMixture> {
    const { covarianceType = "full", regCovar = 0, covarianceFloor = 1e-10 } = options;
    checkCovarianceType(covarianceType);
    checkNotNegative(regCovar, "regCovar");
    checkNotNegative(covarianceFloor, "covarianceFloor");
    const data = readData(X, options);
    const components = componentsOf(options, data);
    const scales = columnScales(data, regCovar);
    const floors = covarianceFloor > 0 ? scales.map((variance) => covarianceFloor * variance) : undefined;
    const family = gaussianFamily({ components, columns: data.columns, covarianceType, regCovar, floors });
    const { params, report } = fitMixture(family, data, options);
    return new GaussianMixture(params, covarianceType, report) as Fitted<GaussianMixture>;
  }

  /** A model from known parameters. @throws InputError for parameters that are no mixture of the covariance type */
  static from(params: GaussianParams, options: Pick<CovarianceOptions, "covarianceType"> = {}): GaussianMixture {
    const { covarianceType = "full" } = options;
    checkCovarianceType(covarianceType);
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
    const data = readData(X, rest);
    const rows = readResponsibilities(responsibilities, data.rows);
    const components = responsibilities[0].length;
    const family = gaussianFamily({ components, columns: data.columns, covarianceType, regCovar });
    return family.unpack(mStep(family, data, rows));
  }

  override toJSON(): GaussianJson {
    return { ...super.toJSON(), covarianceType: this.covarianceType };
  }
}

function checkCovarianceType(type: CovarianceType): void {
  if (!["full", "tied", "diag", "spherical"].includes(type))
    throw new InputError(
      "covarianceType",
      'must be "full", "tied", "diag" or "spherical"',
      type,
      "Choose one of them.",
    );
}

/** The variances that the floor is a share of. */
function columnScales(data: Data, regCovar: number): Float64Array {
  const { variances } = columnMoments(data);
  return variances.map((variance, column) => {
    const scale = Math.max(variance, regCovar);
    if (scale > 0) return scale;
    const rule = "must hold at least two different values";
    const remedy = "Remove the column, or set regCovar above 0.";
    throw new InputError(
      `column ${column} of ${data.name}`,
      rule,
      Number.isNaN(variance) ? "empty" : "constant",
      remedy,
    );
  });
}
