import { checkFunction, checkLength, checkObject, checkOptions } from "./checks.js";
import type { DataOptions, Samples } from "./data.js";
import { InputError } from "./errors.js";
import { type GaussianFitOptions, gaussianFitOptions } from "./gaussian/options.js";
import type { CovarianceType } from "./gaussian/parameters.js";
import { GaussianMixture } from "./gaussian-mixture.js";
import type { Fitted } from "./mixture.js";
import type { Progress, WorkOptions } from "./work.js";

/** What to choose a model by; of each the lowest value wins. */
export type Criterion = "aic" | "bic" | "icl";

/** Where a selection stands: the fit under way, as one of all. */
export interface SelectProgress extends Progress {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  /** How many fits there are, and how many are finished. */
  readonly fits: number;
  readonly finishedFits: number;
}

export interface SelectOptions
  extends Omit<GaussianFitOptions, "nComponents" | "covarianceType" | "init" | "fixed" | "onProgress">,
    WorkOptions<SelectProgress> {
  /** The numbers of components to try. */
  readonly nComponents: readonly number[];
  /** The covariance types to try; "full", "tied", "diag" and "spherical" unless given. */
  readonly covarianceTypes?: readonly CovarianceType[];
  /** "bic" unless given. */
  readonly criterion?: Criterion;
  /** How starts are drawn; "mixed" unless given. */
  readonly init?: Extract<GaussianFitOptions["init"], string>;
}

/** One fit of the grid. */
export interface Candidate {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  /** The total log-likelihood. */
  readonly logLikelihood: number;
  /** The number of free parameters. */
  readonly nParameters: number;
  readonly aic: number;
  readonly bic: number;
  readonly icl: number;
  readonly converged: boolean;
  /** Whether a component shrank to the covariance floor; such a fit is chosen only where there is no other. */
  readonly nearSingular: boolean;
}

export interface Selection {
  /** The fit that the criterion favours. */
  readonly best: Fitted<GaussianMixture>;
  /** A row for every fit, in the order of the options. */
  readonly table: readonly Candidate[];
}

/**
 * Fits Gaussian mixtures over a grid of numbers of components and covariance types, and chooses one by a criterion.
 *
 * @throws InputError for bad input, as `GaussianMixture.fit` does
 */
export function select(X: Samples, options: SelectOptions): Selection {
  return choose(
    X,
    options,
    gridOf(options).map((fit) => GaussianMixture.fit(X, fit)),
  );
}

/** The same selection, with pauses in which timers, input and requests get their turn; errors reject its promise. */
export async function selectAsync(X: Samples, options: SelectOptions): Promise<Selection> {
  const models: Fitted<GaussianMixture>[] = [];
  for (const fit of gridOf(options)) models.push(await GaussianMixture.fitAsync(X, fit));
  return choose(X, options, models);
}

/** The options of every fit. */
function gridOf(options: SelectOptions): GaussianFitOptions[] {
  checkObject(options, "options", "Give an object, such as { nComponents: [1, 2, 3] }.");
  const known = gaussianFitOptions.filter((name) => name !== "fixed");
  checkOptions(options, [...known, "covarianceTypes", "criterion"]);
  const {
    nComponents,
    covarianceTypes = ["full", "tied", "diag", "spherical"],
    criterion,
    onProgress,
    ...rest
  } = options;
  checkLength(nComponents, undefined, "nComponents");
  checkLength(covarianceTypes, undefined, "covarianceTypes");
  checkFunction(onProgress, "onProgress");
  if (!["aic", "bic", "icl", undefined].includes(criterion))
    throw new InputError("criterion", 'must be "aic", "bic" or "icl"', criterion, "Choose one of them.");
  const grid = covarianceTypes.flatMap((type) => nComponents.map((count) => ({ count, type })));
  return grid.map(({ count, type }, finishedFits) => {
    const fit = { nComponents: count, covarianceType: type };
    const at = { ...fit, fits: grid.length, finishedFits };
    return {
      ...rest,
      ...fit,
      ...(onProgress && { onProgress: (progress: Progress) => onProgress({ ...progress, ...at }) }),
    };
  });
}

function choose(X: Samples, options: SelectOptions, models: readonly Fitted<GaussianMixture>[]): Selection {
  const { sampleWeight, allowMissing, criterion = "bic", prior } = options;
  const readOptions = { ...(sampleWeight && { sampleWeight }), ...(allowMissing !== undefined && { allowMissing }) };
  const fits = models.map((model) => ({ model, candidate: describe(model, X, readOptions, prior !== undefined) }));
  const { model } = fits.reduce((best, fit) => (isBetter(fit.candidate, best.candidate, criterion) ? fit : best));
  return { best: model, table: fits.map(({ candidate }) => candidate) };
}

/** @param penalised whether the report's log-likelihoods have that of a prior added */
function describe(model: Fitted<GaussianMixture>, X: Samples, options: DataOptions, penalised: boolean): Candidate {
  const { nComponents, covarianceType, nParameters } = model;
  const { converged, nearSingular } = model.report;
  const logLikelihood = penalised ? model.logLikelihood(X, options) : model.report.logLikelihood;
  return {
    nComponents,
    covarianceType,
    logLikelihood,
    nParameters,
    aic: model.aic(X, options),
    bic: model.bic(X, options),
    icl: model.icl(X, options),
    converged,
    nearSingular,
  };
}

function isBetter(one: Candidate, other: Candidate, criterion: Criterion): boolean {
  return one.nearSingular === other.nearSingular ? one[criterion] < other[criterion] : other.nearSingular;
}
