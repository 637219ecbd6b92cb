import { checkInteger } from "./checks.js";
import { binomial, countRule, headsRule, poisson } from "./count-distributions.js";
import { type CountDistribution, countFamily, type RateParams } from "./count-family.js";
import { type Data, type DataOptions, readData, type Samples } from "./data.js";
import { type Family, mStep, readResponsibilities } from "./family.js";
import { componentsOf, type FitOptions, type FitReport, fitMixture } from "./fit.js";
import { checkJson, type Fitted, type Kind, Mixture } from "./mixture.js";

/** The parameters of a mixture of D independent coins a component. */
export interface BernoulliParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K × D: the probability of a 1 in each column under each component. */
  readonly probabilities: readonly (readonly number[])[];
}

/** The parameters of a mixture of coins, each tossed the same number of times. */
export interface BinomialParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K probabilities of heads. */
  readonly probabilities: readonly number[];
  /** The number of tosses that each observation counts the heads of. */
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
 * A mixture over rows of D yes-or-no features, independent within a component:
 * p(x) = Σ_k w_k Π_j p_kj^x_j (1 − p_kj)^(1 − x_j).
 *
 * @see Bishop (2006), Pattern Recognition and Machine Learning, section 9.3.3
 */
export class BernoulliMixture extends Mixture<BernoulliParams> {
  private constructor(params: BernoulliParams, report?: FitReport) {
    super(bernoulliKind(params.weights.length, params.probabilities[0].length), params, report);
  }

  /** Fits a mixture to rows of 0 and 1 by EM. Components come in ascending order, or in that of a start you give. */
  static fit(X: Samples, options: FitOptions<BernoulliParams>): Fitted<BernoulliMixture> {
    const data = readData(X, { ...options, valueRule: headsRule(1) });
    const { family } = bernoulliKind(componentsOf(options, data), data.columns);
    const { params, report } = fitMixture(family, data, options);
    return new BernoulliMixture(params, report) as Fitted<BernoulliMixture>;
  }

  /** A model from known parameters. @throws InputError for parameters out of range */
  static from(params: BernoulliParams): BernoulliMixture {
    return new BernoulliMixture(params);
  }

  /** The model that `toJSON` wrote. @throws InputError for anything else, or another version's */
  static fromJSON(json: unknown): BernoulliMixture {
    return new BernoulliMixture(checkJson<BernoulliParams>(json, "BernoulliMixture").params);
  }

  /** The E-step on its own: the responsibilities, N × K, at given parameters. */
  static eStep(params: BernoulliParams, X: Samples): number[][] {
    return new BernoulliMixture(params).predictProba(X);
  }

  /** The M-step on its own: the parameters that fit responsibilities, N × K. @throws InputError for an empty component */
  static mStep(X: Samples, responsibilities: Rows, options: WeightOption = {}): BernoulliParams {
    const data = readData(X, { ...options, valueRule: headsRule(1) });
    return mStepOf(bernoulliKind(widthOf(responsibilities), data.columns), data, responsibilities);
  }
}

/**
 * A mixture of coins: each observation is the number of heads in the same number n of tosses of one coin,
 * p(x) = Σ_k w_k C(n, x) p_k^x (1 − p_k)^(n − x).
 *
 * With K coins, n must be at least 2 K − 1 for the parameters to be told apart.
 */
export class BinomialMixture extends Mixture<BinomialParams> {
  private constructor(params: BinomialParams, report?: FitReport) {
    super(binomialKind(params.weights.length, params.tosses), params, report);
  }

  /**
   * Fits a mixture to numbers of heads by EM. Components come in ascending order, or in that of a start you give.
   *
   * @param heads an integer from 0 to `tosses` for each observation
   */
  static fit(
    heads: Samples,
    options: FitOptions<BinomialParams> & { readonly tosses: number },
  ): Fitted<BinomialMixture> {
    const { tosses, ...rest } = options;
    checkInteger(tosses, 1, "tosses");
    const data = readData(heads, { ...options, name: "heads", columns: 1, valueRule: headsRule(tosses) });
    const { family } = binomialKind(componentsOf(rest, data), tosses);
    const { params, report } = fitMixture(family, data, rest);
    return new BinomialMixture(params, report) as Fitted<BinomialMixture>;
  }

  /** A model from known parameters. @throws InputError for parameters out of range */
  static from(params: BinomialParams): BinomialMixture {
    return new BinomialMixture(params);
  }

  /** The model that `toJSON` wrote. @throws InputError for anything else, or another version's */
  static fromJSON(json: unknown): BinomialMixture {
    return new BinomialMixture(checkJson<BinomialParams>(json, "BinomialMixture").params);
  }

  /** The E-step on its own: the responsibilities, N × K, at given parameters. */
  static eStep(params: BinomialParams, heads: Samples): number[][] {
    return new BinomialMixture(params).predictProba(heads);
  }

  /** The M-step on its own: the parameters that fit responsibilities, N × K. @throws InputError for an empty component */
  static mStep(
    heads: Samples,
    responsibilities: Rows,
    options: WeightOption & { readonly tosses: number },
  ): BinomialParams {
    const { tosses } = options;
    checkInteger(tosses, 1, "tosses");
    const data = readData(heads, { ...options, name: "heads", columns: 1, valueRule: headsRule(tosses) });
    return mStepOf(binomialKind(widthOf(responsibilities), tosses), data, responsibilities);
  }
}

/**
 * A mixture of Poisson distributions over counts: p(x) = Σ_k w_k e^(−m_k) m_k^x / x!.
 *
 * @see Hasselblad (1969), Estimation of finite mixtures of distributions from the exponential family
 */
export class PoissonMixture extends Mixture<PoissonParams> {
  private constructor(params: PoissonParams, report?: FitReport) {
    super(poissonKind(params.weights.length), params, report);
  }

  /** Fits a mixture to counts by EM. Components come in ascending order, or in that of a start you give. */
  static fit(counts: Samples, options: FitOptions<PoissonParams>): Fitted<PoissonMixture> {
    const data = readData(counts, { ...options, name: "counts", columns: 1, valueRule: countRule });
    const { params, report } = fitMixture(poissonKind(componentsOf(options, data)).family, data, options);
    return new PoissonMixture(params, report) as Fitted<PoissonMixture>;
  }

  /** A model from known parameters. @throws InputError for parameters out of range */
  static from(params: PoissonParams): PoissonMixture {
    return new PoissonMixture(params);
  }

  /** The model that `toJSON` wrote. @throws InputError for anything else, or another version's */
  static fromJSON(json: unknown): PoissonMixture {
    return new PoissonMixture(checkJson<PoissonParams>(json, "PoissonMixture").params);
  }

  /** The E-step on its own: the responsibilities, N × K, at given parameters. */
  static eStep(params: PoissonParams, counts: Samples): number[][] {
    return new PoissonMixture(params).predictProba(counts);
  }

  /** The M-step on its own: the parameters that fit responsibilities, N × K. @throws InputError for an empty component */
  static mStep(counts: Samples, responsibilities: Rows, options: WeightOption = {}): PoissonParams {
    const data = readData(counts, { ...options, name: "counts", columns: 1, valueRule: countRule });
    return mStepOf(poissonKind(widthOf(responsibilities)), data, responsibilities);
  }
}

type Rows = readonly ArrayLike<number>[];
type WeightOption = Pick<DataOptions, "sampleWeight">;

function mStepOf<P>({ family }: Kind<P>, data: Data, responsibilities: Rows): P {
  return family.unpack(mStep(family, data, readResponsibilities(responsibilities, data.rows)));
}

const widthOf = (responsibilities: Rows) => responsibilities[0]?.length ?? 1;

const bernoulliKind = (components: number, columns: number): Kind<BernoulliParams> => ({
  name: "BernoulliMixture",
  valueRule: headsRule(1),
  family: inWords(components, columns, binomial(1), {
    toRates: ({ weights, probabilities }) => ({ weights, rates: probabilities }),
    fromRates: ({ weights, rates }) => ({ weights, probabilities: rates }),
  }),
});

const binomialKind = (components: number, tosses: number): Kind<BinomialParams> => ({
  name: "BinomialMixture",
  valueRule: headsRule(tosses),
  family: inWords(components, 1, binomial(tosses), {
    toRates: ({ weights, probabilities }) => ({ weights, rates: probabilities.map((p) => [p]) }),
    fromRates: ({ weights, rates }) => ({ weights, probabilities: rates.map(([p]) => p), tosses }),
  }),
});

const poissonKind = (components: number): Kind<PoissonParams> => ({
  name: "PoissonMixture",
  valueRule: countRule,
  family: inWords(components, 1, poisson, {
    toRates: ({ weights, means }) => ({ weights, rates: means.map((mean) => [mean]) }),
    fromRates: ({ weights, rates }) => ({ weights, means: rates.map(([mean]) => mean) }),
  }),
});

/** A count family whose parameters go by the model's own words. */
function inWords<P>(
  components: number,
  columns: number,
  distribution: CountDistribution,
  words: { toRates(params: P): RateParams; fromRates(rates: RateParams): P },
): Family<P> {
  const family = countFamily(components, columns, distribution);
  return {
    ...family,
    pack: (params) => family.pack(words.toRates(params)),
    unpack: (theta) => words.fromRates(family.unpack(theta)),
  };
}
