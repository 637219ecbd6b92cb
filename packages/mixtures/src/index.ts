export { accelerate, accelerateAsync, type Coordinates } from "./accelerate.js";
export {
  type BootstrapTest,
  bootstrapTest,
  bootstrapTestAsync,
  type Testable,
  type TestOptions,
  type TestProgress,
  type TestRow,
} from "./bootstrap-test.js";
export type { Chunk, Chunks } from "./chunks.js";
export type { Component, ComponentParams, WeightedRows } from "./component.js";
export type { MixtureModel } from "./component-model.js";
export type { DataOptions, Matrix, Samples, ValueRule } from "./data.js";
export {
  type EmOptions,
  type EmResult,
  type EmWarning,
  em,
  emAsync,
  type Iteration,
  type Step,
  type StepResult,
  type StopReason,
} from "./em.js";
export { CollapseError, EmError, InputError, type Place, StepError } from "./errors.js";
export { BernoulliMixture, type BernoulliParams, bernoulli } from "./families/bernoulli.js";
export {
  BinomialMixture,
  type BinomialParams,
  binomial,
  type OwnTossesParams,
  type Tosses,
} from "./families/binomial.js";
export { CategoricalMixture, type CategoricalParams, type Categories, categorical } from "./families/categorical.js";
export type { PseudoCounts } from "./families/counts.js";
export {
  type DiagonalGaussianComponent,
  diagonalGaussian,
  type GaussianComponent,
  gaussian,
} from "./families/gaussian.js";
export {
  NegativeBinomialMixture,
  type NegativeBinomialParams,
  negativeBinomial,
} from "./families/negative-binomial.js";
export { PoissonMixture, type PoissonParams, poisson } from "./families/poisson.js";
export { type Part, type Parts, product } from "./families/product.js";
export { StudentMixture, type StudentOptions, type StudentParams, student } from "./families/student.js";
export type { FitIteration, FitOptions, Init } from "./fit.js";
export type { FixedParams } from "./gaussian/fixed.js";
export type {
  CovarianceOptions,
  GaussianChunkOptions,
  GaussianFitOptions,
  GaussianSumsOptions,
} from "./gaussian/options.js";
export type { Covariances, CovarianceType, GaussianParams } from "./gaussian/parameters.js";
export type { GaussianDensities, GaussianSums, MatrixShape } from "./gaussian/passes.js";
export type { CovariancePrior } from "./gaussian/prior.js";
export type { SumsAt, SumsSource } from "./gaussian/sums-source.js";
export { type GaussianJson, GaussianMixture } from "./gaussian-mixture.js";
export type { AsMatrix, Draw, Fitted, MatrixDraw, Mixture, MixtureJson } from "./mixture.js";
export { mixtureOf } from "./mixture-of.js";
export type { Random } from "./random.js";
export type { FitReport, FitWarning, Restart } from "./report.js";
export {
  type Candidate,
  type Criterion,
  type ModelCandidate,
  type ModelSelection,
  type ModelSelectOptions,
  type ModelSelectProgress,
  type Selection,
  type SelectOptions,
  type SelectProgress,
  select,
  selectAsync,
} from "./select.js";
export type { StartKind } from "./start.js";
export type { Progress, Signal, WorkOptions } from "./work.js";
