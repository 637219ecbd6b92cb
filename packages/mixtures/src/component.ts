import type { ValueRule } from "./data.js";
import type { Random } from "./random.js";

/**
 * What a mixture's components are, for `mixtureOf`: one kind of distribution with its log-density and its weighted fit.
 *
 * Its parameters, `C`, are numbers in plain arrays and objects: a number, `{ rate }`, `{ mean: [1, 2], deviation: 3 }`.
 * All components have them in the same shape. Components come in ascending order of their first number, of the second
 * where that is the same, and so on: put first what tells components apart, such as the mean.
 *
 * A row x is always a Float64Array of D numbers that is used again for the next row: copy what you keep.
 */
export interface Component<C> {
  /** The mixture's name, in JSON and in messages: "ExponentialMixture". */
  readonly name: string;
  /**
   * The log-density log f(x | params) as a function of a row; with probabilities, their logarithm. It is −Infinity for a
   * row that is impossible. What does not depend on the row is best computed before the function is returned.
   */
  logDensity(params: C): (x: Float64Array) => number;
  /**
   * The M-step: the parameters that maximise the weighted log-likelihood Σ_i w_i log f(x_i | params). It is not called for
   * a component without any weight.
   *
   * @param current the parameters that the weights come from, for a fit that climbs from there; undefined at a start
   */
  fit(rows: WeightedRows, current: C | undefined): C;
  /**
   * The log-density of a prior on the parameters, but for a constant. `fit` then maximises the weighted log-likelihood plus
   * this, and the log-likelihoods in reports have it of all components added; those of scores have not.
   *
   * @param all all rows by their sample weights, as `rows.all` in `fit`
   */
  logPrior?(params: C, all: WeightedRows): number;
  /** The number of free parameters of one component, for AIC and BIC. */
  readonly freeParameters: number | ((params: C) => number);
  /** D, the number of columns, where it is not 1: a number, or how to tell it from parameters. */
  readonly columns?: number | ((params: C) => number);
  /** What values may be, where a finite number is not enough. */
  readonly values?: ValueRule;
  /** One draw: a number, or D of them. Without it, models have no `sample`. */
  sample?(params: C, random: Random): number | readonly number[];
  /**
   * Whether parameters are in range. With it, `from` and `init` check what they are given, and slow fits are accelerated:
   * that extrapolates parameters, and must know where to stop.
   */
  isValid?(params: C): boolean;
  /**
   * Whether NaN may stand for a missing value, with the option `allowMissing`: `logDensity` is then the marginal one, of the
   * values that are there, and `fit` maximises that.
   */
  readonly takesMissing?: boolean;
  /** Where a row lies when starts measure distances; unless given, at its values. */
  coordinates?(x: Float64Array, all: WeightedRows): readonly number[];
  /**
   * Parameters next to these under which no row is impossible. A row that all components hold impossible belongs to the
   * one that is most probable by them; unless given, to the one with the greatest weight.
   */
  softened?(params: C): C;
  /** Whether a component has shrunk onto a few rows, and only a bound in `fit` holds it up: such a fit is the last choice. */
  isSingular?(params: C, all: WeightedRows): boolean;
}

/** Rows and how much each counts: its responsibility times its sample weight. */
export interface WeightedRows {
  /** D */
  readonly columns: number;
  /** Σ_i w_i */
  readonly totalWeight: number;
  /** All rows by their sample weights, the same at every step of a fit: for bounds that no component may decide. */
  readonly all: WeightedRows;
  /** Shows each row that weighs something. */
  forEach(visit: (x: Float64Array, weight: number) => void): void;
  /** The weighted mean of a function of the rows, Σ_i w_i f(x_i) / Σ_i w_i. */
  mean(of: (x: Float64Array) => number): number;
}

/** The parameters of a mixture of components of one's own. */
export interface ComponentParams<C> {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K components' parameters. */
  readonly components: readonly C[];
}
