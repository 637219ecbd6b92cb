import { checkFunction, checkLength, checkObject, checkOptions } from "./checks.js";
import type { MixtureModel } from "./component-model.js";
import type { DataOptions, Samples } from "./data.js";
import { InputError } from "./errors.js";
import type { FitOptions } from "./fit.js";
import { type GaussianFitOptions, gaussianFitOptions } from "./gaussian/options.js";
import type { CovarianceType } from "./gaussian/parameters.js";
import { GaussianMixture } from "./gaussian-mixture.js";
import type { Fitted, Mixture } from "./mixture.js";
import type { Progress, WorkOptions } from "./work.js";

/** What to choose a model by; of each the lowest value wins. */
export type Criterion = "aic" | "bic" | "icl";

/** Where a selection among models of one kind stands: the fit under way, as one of all. */
export interface ModelSelectProgress extends Progress {
  readonly nComponents: number;
  /** How many fits there are, and how many are finished. */
  readonly fits: number;
  readonly finishedFits: number;
}

/** The same among Gaussian mixtures. */
export interface SelectProgress extends ModelSelectProgress {
  readonly covarianceType: CovarianceType;
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

/** What a selection among models of another kind than Gaussian ones takes, beside what the model needs for a fit. */
export interface ModelSelectOptions<P, O>
  extends Omit<FitOptions<P>, "nComponents" | "init" | "onProgress">,
    WorkOptions<ModelSelectProgress>,
    Pick<SelectOptions, "nComponents" | "criterion" | "init"> {
  /** What makes the models: `PoissonMixture`, or what `mixtureOf` returns. */
  readonly model: MixtureModel<P, O>;
}

/** One fit of a selection. */
export interface ModelCandidate {
  readonly nComponents: number;
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

/** One fit of the grid of Gaussian mixtures. */
export interface Candidate extends ModelCandidate {
  readonly covarianceType: CovarianceType;
}

export interface Selection {
  /** The fit that the criterion favours. */
  readonly best: Fitted<GaussianMixture>;
  /** A row for every fit, in the order of the options. */
  readonly table: readonly Candidate[];
}

export interface ModelSelection<P> {
  /** The fit that the criterion favours. */
  readonly best: Fitted<Mixture<P>>;
  /** A row for every fit, in the order of the options. */
  readonly table: readonly ModelCandidate[];
}

/**
 * Fits Gaussian mixtures over a grid of numbers of components and covariance types, and chooses one by a criterion; with
 * `model`, those of another kind over numbers of components.
 *
 * @throws InputError for bad input, as the fits do
 */
export function select<P, O>(X: Samples, options: ModelSelectOptions<P, O> & O): ModelSelection<P>;
export function select(X: Samples, options: SelectOptions): Selection;
export function select(X: Samples, options: AnyOptions): AnySelection {
  return choose(
    X,
    options,
    triesOf(options).map((fit) => fit.model.fit(X, fit.options)),
  );
}

/** The same selection, with pauses in which timers, input and requests get their turn; errors reject its promise. */
export async function selectAsync<P, O>(X: Samples, options: ModelSelectOptions<P, O> & O): Promise<ModelSelection<P>>;
export async function selectAsync(X: Samples, options: SelectOptions): Promise<Selection>;
export async function selectAsync(X: Samples, options: AnyOptions): Promise<AnySelection> {
  const models: AnyFit[] = [];
  for (const fit of triesOf(options)) models.push(await fit.model.fitAsync(X, fit.options));
  return choose(X, options, models);
}

type AnyFit = Fitted<Mixture<unknown>>;
type AnyModel = Pick<MixtureModel<unknown, unknown>, "fit" | "fitAsync">;
type AnyOptions = SelectOptions & { readonly model?: AnyModel };
type AnySelection = Selection & ModelSelection<unknown>;

/** A fit to be made. */
interface Try {
  readonly model: AnyModel;
  readonly options: FitOptions<unknown>;
}

function triesOf(options: AnyOptions): Try[] {
  checkObject(options, "options", "Give an object, such as { nComponents: [1, 2, 3] }.");
  const { nComponents, criterion, onProgress, model, covarianceTypes, ...rest } = options;
  const known = gaussianFitOptions.filter((name) => name !== "fixed");
  if (model === undefined) checkOptions(options, [...known, "covarianceTypes", "criterion", "model"]);
  else if (typeof model?.fit !== "function")
    throw new InputError("model", "must be able to fit", model, "Give PoissonMixture, say, or what mixtureOf returns.");
  checkLength(nComponents, undefined, "nComponents");
  checkFunction(onProgress, "onProgress");
  if (!["aic", "bic", "icl", undefined].includes(criterion))
    throw new InputError("criterion", 'must be "aic", "bic" or "icl"', criterion, "Choose one of them.");
  const types = model === undefined ? (covarianceTypes ?? allTypes) : [undefined];
  checkLength(types, undefined, "covarianceTypes");
  const grid = types.flatMap((covarianceType) =>
    nComponents.map((count) => ({ nComponents: count, ...(covarianceType && { covarianceType }) })),
  );
  return grid.map((fit, finishedFits) => {
    const at = { ...fit, fits: grid.length, finishedFits } as SelectProgress;
    return {
      model: model ?? (GaussianMixture as AnyModel),
      options: {
        ...rest,
        ...fit,
        ...(onProgress && { onProgress: (progress: Progress) => onProgress({ ...progress, ...at }) }),
      } as FitOptions<unknown>,
    };
  });
}

const allTypes = ["full", "tied", "diag", "spherical"] as const;

function choose(X: Samples, options: AnyOptions, models: readonly AnyFit[]): AnySelection {
  const { sampleWeight, allowMissing, criterion = "bic" } = options;
  const readOptions = { ...(sampleWeight && { sampleWeight }), ...(allowMissing !== undefined && { allowMissing }) };
  const fits = models.map((model) => ({ model, candidate: describe(model, X, readOptions) }));
  const { model } = fits.reduce((best, fit) => (isBetter(fit.candidate, best.candidate, criterion) ? fit : best));
  return { best: model, table: fits.map(({ candidate }) => candidate) } as unknown as AnySelection;
}

function describe(model: AnyFit & { readonly covarianceType?: CovarianceType }, X: Samples, options: DataOptions) {
  const { nComponents, covarianceType, nParameters } = model;
  const { converged, nearSingular } = model.report;
  // The report's has the log of a prior added, where there is one.
  const logLikelihood = model.logLikelihood(X, options);
  return {
    nComponents,
    ...(covarianceType && { covarianceType }),
    logLikelihood,
    nParameters,
    aic: model.aic(X, options),
    bic: model.bic(X, options),
    icl: model.icl(X, options),
    converged,
    nearSingular,
  };
}

function isBetter(one: ModelCandidate, other: ModelCandidate, criterion: Criterion): boolean {
  return one.nearSingular === other.nearSingular ? one[criterion] < other[criterion] : other.nearSingular;
}
