import { checkProbability } from "./checks.js";
import { binomial } from "./count-distributions.js";
import { countFamily } from "./count-family.js";
import { type Data, readData } from "./data.js";
import type { EmOptions, EmResult } from "./em.js";
import { InputError } from "./errors.js";
import { type Family, logLikelihood, mStep, readResponsibilities, responsibilityRows, runFamily } from "./family.js";

/**
 * The chances of heads of three coins. Coin A is tossed in secret: on heads coin B is tossed, on tails coin C, and only
 * that second toss is seen. In the literature π = a, p = b, q = c.
 */
export interface Coins {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** The three coins, a function for each step of the algorithm. */
export const threeCoins = {
  /**
   * The probability of a toss: P(y | θ) = a b^y (1 − b)^(1−y) + (1 − a) c^y (1 − c)^(1−y).
   *
   * @param toss 1 for heads, 0 for tails
   * @throws InputError for a toss other than 0 or 1, or a probability outside [0, 1]
   */
  probability(toss: number, coins: Coins): number {
    const [y] = read([toss]).values;
    const { a, b, c } = checkCoins(coins);
    return y === 1 ? a * b + (1 - a) * c : a * (1 - b) + (1 - a) * (1 - c);
  },

  /**
   * The E-step: for each toss y the probability that coin B made it, a b^y (1 − b)^(1−y) / P(y | θ).
   *
   * @returns one number per toss; coin C's are 1 minus these
   * @throws InputError for bad tosses or coins, or a toss that is impossible with these coins
   */
  eStep(coins: Coins, tosses: readonly number[]): number[] {
    return responsibilityRows(family, family.pack(coins), read(tosses)).map(([ofB]) => ofB);
  },

  /**
   * The M-step: a = mean of μ_j, b = Σ μ_j y_j / Σ μ_j, c = Σ (1 − μ_j) y_j / Σ (1 − μ_j), μ_j being coin B's
   * responsibility for toss y_j.
   *
   * @throws InputError where a coin has no toss: all μ_j are 0, or all are 1
   */
  mStep(tosses: readonly number[], responsibilities: readonly number[]): Coins {
    const data = read(tosses);
    const rows = readResponsibilities(
      responsibilities.map((ofB) => [ofB, 1 - ofB]),
      data.rows,
      2,
    );
    return family.unpack(mStep(family, data, rows));
  },

  /** The total log-likelihood Σ_j log P(y_j | θ), natural logarithm. */
  logLikelihood(coins: Coins, tosses: readonly number[]): number {
    return logLikelihood(family, family.pack(coins), read(tosses));
  },

  /**
   * Fits the three coins to a sequence of tosses by EM from a given start. One update lands on a maximum, and all the
   * maxima form a surface: single tosses tell no more than the share of heads.
   *
   * @param options `tol` (1e-10) stops the loop once the total log-likelihood changes by less
   * @throws InputError for bad input, or a start under which coin B or C can have made none of the tosses
   */
  fit(tosses: readonly number[], start: Coins, options: EmOptions<Coins> = {}): EmResult<Coins> {
    const ofB = threeCoins.eStep(start, tosses);
    for (const [coin, empty] of [
      ["B", ofB.every((r) => r === 0)],
      ["C", ofB.every((r) => r === 1)],
    ] as const)
      if (empty) {
        const rule = `must leave coin ${coin} some toss`;
        throw new InputError("start", rule, start, "Start with probabilities strictly between 0 and 1.");
      }
    return runFamily(family, family.pack(start), read(tosses), options).result;
  },
};

const coin = binomial(1);

const read = (tosses: readonly number[]): Data =>
  readData(tosses, { name: "tosses", columns: 1, valueRule: coin.valueRule });

function checkCoins(coins: Coins): Coins {
  for (const name of ["a", "b", "c"] as const) checkProbability(coins[name], `coins.${name}`);
  return coins;
}

/** The engine's mixture of two Bernoulli distributions, B's and C's, in the words of the coins. */
const family: Family<Coins> = (() => {
  const bernoulli = countFamily(2, 1, coin);
  return {
    ...bernoulli,
    pack: (coins: Coins) => {
      const { a, b, c } = checkCoins(coins);
      return bernoulli.pack({ weights: [a, 1 - a], rates: [[b], [c]] });
    },
    unpack: (theta: Float64Array) => ({ a: theta[0], b: theta[2], c: theta[3] }),
  };
})();
