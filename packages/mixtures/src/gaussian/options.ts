import { type FitOptions, fitOptions } from "../fit.js";
import type { FixedParams } from "./fixed.js";
import type { CovarianceType, GaussianParams } from "./parameters.js";
import type { CovariancePrior } from "./prior.js";

/** What shape the covariances have, and what keeps them from collapsing. */
export interface CovarianceOptions<T extends CovarianceType = CovarianceType> {
  /** "full" unless given. */
  readonly covarianceType?: T;
  /** Added to every variance, in squared units; 0 unless given. With it, an update may lower the log-likelihood. */
  readonly regCovar?: number;
}

export interface GaussianFitOptions<T extends CovarianceType = CovarianceType>
  extends FitOptions<GaussianParams>,
    CovarianceOptions<T> {
  /**
   * The least variance in any direction, as a share of the data's own (column by column, far outliers apart); 1e-10
   * unless given. A component that shrinks onto it is reported as near singular. With 0 it is a CollapseError.
   */
  readonly covarianceFloor?: number;
  /**
   * Parameters that stay as they are, while the others are fitted: `{ means: true }` keeps those of `init`, and
   * `{ means: [[0, 0], null] }` the first component's, which then comes first. They do not count as free for AIC and BIC.
   */
  readonly fixed?: FixedParams;
  /**
   * A prior on the covariances, for fits to few rows: none unless given. The fit then maximises the log-likelihood plus the
   * log of the prior, and that is what its report shows.
   */
  readonly prior?: CovariancePrior;
  /** The most threads that a long fit may use; unless given, as many as the machine has, up to 8. */
  readonly threads?: number;
}

/** Options of a fit to data that it never sees. No row has missing values. */
export interface GaussianSumsOptions<T extends CovarianceType = CovarianceType>
  extends Omit<GaussianFitOptions<T>, "init" | "sampleWeight" | "allowMissing" | "threads"> {
  /** Where EM starts: a model's `params` resume its fit. Unless given, `fit` finds a start on the sample. */
  readonly init?: GaussianParams;
}

/** Options of a fit to chunks. */
export interface GaussianChunkOptions<T extends CovarianceType = CovarianceType> extends GaussianSumsOptions<T> {
  /** D, the number of columns; 1 unless given. */
  readonly columns?: number;
}

export const covarianceOptions = ["covarianceType", "regCovar"] as const;
export const gaussianFitOptions = [
  ...fitOptions,
  ...covarianceOptions,
  "covarianceFloor",
  "fixed",
  "prior",
  "threads",
] as const;
const notOfSums: readonly string[] = ["sampleWeight", "allowMissing", "threads"];
export const sumsOptions = gaussianFitOptions.filter((name) => !notOfSums.includes(name));
