import { checkInteger, checkLength, checkObject, checkOptions } from "./checks.js";
import { binomial, type CountDistribution, poisson } from "./count-distributions.js";
import { countFamily } from "./count-family.js";
import { type DataOptions, readData, type Samples } from "./data.js";
import { mStep, readResponsibilities } from "./family.js";
import { componentsOf, type FitOptions, fitMixture, fitOptions } from "./fit.js";
import { checkJson, type Fitted, type Kind, Mixture } from "./mixture.js";
import type { FitReport } from "./report.js";
import { finish, finishAsync, type Work } from "./work.js";

/** What makes models of one kind. `O` are the options that the kind needs beside the common ones. */
export interface CountModel<P, O> {
  /**
   * Fits a mixture to counts by EM. Components come in ascending order, or in that of a start you give.
   *
   * @throws InputError for bad input, anything that is no such count among it
   */
  fit(X: Samples, options: FitOptions<P> & O): Fitted<Mixture<P>>;
  /** The same fit, with pauses in which timers, input and requests get their turn; errors reject its promise. */
  fitAsync(X: Samples, options: FitOptions<P> & O): Promise<Fitted<Mixture<P>>>;
  /** A model from known parameters. @throws InputError for parameters of a wrong shape or out of range */
  from(params: P): Mixture<P>;
  /** The model that `toJSON` wrote. @throws InputError for anything else, or another version's */
  fromJSON(json: unknown): Mixture<P>;
  /** The E-step on its own: the responsibilities, N × K, at given parameters. */
  eStep(params: P, X: Samples): number[][];
  /**
   * The M-step on its own: the parameters that maximise the log-likelihood weighted by responsibilities, N × K.
   *
   * @throws InputError for shapes that do not match, rows that do not sum to 1, or an empty component
   */
  mStep(X: Samples, responsibilities: readonly ArrayLike<number>[], options?: Pick<DataOptions, "sampleWeight"> & O): P;
}

/** The parameters of a mixture over rows of D yes-or-no features. */
export interface BernoulliParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K × D: the probability of a 1 in each column under each component. */
  readonly probabilities: readonly (readonly number[])[];
}

/** The parameters of a mixture of coins, each tossed the same number of times. */
export interface BinomialParams extends Tosses {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K probabilities of heads. */
  readonly probabilities: readonly number[];
}

/** What a binomial mixture must be told. */
export interface Tosses {
  /** The number of tosses that each observation counts the heads of; at least 1. */
  readonly tosses: number;
}

/** The parameters of a mixture of Poisson distributions. */
export interface PoissonParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K mean counts. */
  readonly means: readonly number[];
}

/**
 * Mixtures over rows of D features that are 0 or 1, independent within a component:
 * p(x) = Σ_k w_k Π_j p_kj^x_j (1 − p_kj)^(1 − x_j).
 *
 * @see Bishop (2006), Pattern Recognition and Machine Learning, section 9.3.3
 */
export const BernoulliMixture: CountModel<BernoulliParams, unknown> = /* @__PURE__ */ countModel({
  name: "BernoulliMixture",
  dataName: "X",
  distribution: () => binomial(1),
  ratesOf: ({ probabilities }) => probabilities,
  fromRates: (weights, probabilities) => ({ weights, probabilities }),
});
export type BernoulliMixture = Mixture<BernoulliParams>;

/**
 * Mixtures of coins: each observation is the number of heads in the same number n of tosses of one coin,
 * p(x) = Σ_k w_k C(n, x) p_k^x (1 − p_k)^(n − x). K coins can be told apart only if n ≥ 2 K − 1.
 */
export const BinomialMixture: CountModel<BinomialParams, Tosses> = /* @__PURE__ */ countModel({
  name: "BinomialMixture",
  dataName: "heads",
  options: ["tosses"],
  columns: 1,
  distribution({ tosses }) {
    checkInteger(tosses, 1, "tosses");
    return binomial(tosses);
  },
  ratesOf: ({ probabilities }) => asColumn(probabilities, "probabilities"),
  fromRates: (weights, rates, { tosses }) => ({ weights, probabilities: rates.map(([p]) => p), tosses }),
});
export type BinomialMixture = Mixture<BinomialParams>;

/**
 * Mixtures of Poisson distributions over counts: p(x) = Σ_k w_k e^(−m_k) m_k^x / x!.
 *
 * @see Hasselblad (1969), Estimation of finite mixtures of distributions from the exponential family
 */
export const PoissonMixture: CountModel<PoissonParams, unknown> = /* @__PURE__ */ countModel({
  name: "PoissonMixture",
  dataName: "counts",
  columns: 1,
  distribution: () => poisson,
  ratesOf: ({ means }) => asColumn(means, "means"),
  fromRates: (weights, rates) => ({ weights, means: rates.map(([mean]) => mean) }),
});
export type PoissonMixture = Mixture<PoissonParams>;

/** How a kind of count mixture differs from the others. */
interface CountSpec<P, O> {
  readonly name: string;
  /** What messages call the observations. */
  readonly dataName: string;
  /** The names of the options in `O`. */
  readonly options?: readonly string[];
  /** The number of columns where it is fixed. */
  readonly columns?: number;
  distribution(options: O): CountDistribution;
  /** K × D */
  ratesOf(params: P): readonly (readonly number[])[];
  fromRates(weights: readonly number[], rates: readonly (readonly number[])[], options: O): P;
}

function countModel<P extends O & { readonly weights: readonly number[] }, O>(spec: CountSpec<P, O>): CountModel<P, O> {
  function kindOf(components: number, columns: number, options: O): Kind<P> {
    const distribution = spec.distribution(options);
    const family = countFamily(components, columns, distribution);
    return {
      name: spec.name,
      valueRule: distribution.valueRule,
      family: {
        ...family,
        pack: (params) => family.pack({ weights: params.weights, rates: spec.ratesOf(params) }),
        unpack(theta) {
          const { weights, rates } = family.unpack(theta);
          return spec.fromRates(weights, rates, options);
        },
      },
    };
  }

  function make(params: P, report?: FitReport): Mixture<P> {
    checkObject(params, "params", "Give all that the model has.");
    const rates = spec.ratesOf(params);
    checkLength(params.weights, undefined, "weights");
    checkLength(rates, params.weights.length, spec.distribution(params).rateName);
    return new Mixture(
      kindOf(
        params.weights.length,
        checkLength(rates[0], undefined, `${spec.distribution(params).rateName}[0]`),
        params,
      ),
      params,
      report,
    );
  }

  const read = (X: Samples, options: DataOptions & O) => {
    const { valueRule } = spec.distribution(options);
    return readData(X, { ...options, name: spec.dataName, columns: spec.columns, valueRule });
  };

  function* fitting(X: Samples, options: FitOptions<P> & O): Work<Fitted<Mixture<P>>> {
    checkOptions(options, [...fitOptions, ...(spec.options ?? [])]);
    const data = read(X, options);
    const { family } = kindOf(componentsOf(options, data), data.columns, options);
    const { params, report } = yield* fitMixture(family, data, options);
    return make(params, report) as Fitted<Mixture<P>>;
  }

  return {
    fit: (X, options) => finish(fitting(X, options)),
    fitAsync: (X, options) => finishAsync(fitting(X, options)),
    from: (params) => make(params),
    fromJSON: (json) => make(checkJson<P>(json, spec.name).params),
    eStep: (params, X) => make(params).predictProba(X),
    mStep(X, responsibilities, options = {} as O & object) {
      checkOptions(options, ["sampleWeight", ...(spec.options ?? [])]);
      const data = read(X, options);
      const rows = readResponsibilities(responsibilities, data.rows);
      const { family } = kindOf(responsibilities[0].length, data.columns, options);
      return family.unpack(mStep(family, data, rows));
    },
  };
}

function asColumn(values: readonly number[], name: string): number[][] {
  checkLength(values, undefined, name);
  return values.map((value) => [value]);
}
