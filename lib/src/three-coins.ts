import { checkArray, checkObject, checkProbability } from "./checks.js";
import { type EmOptions, type EmResult, em } from "./em.js";
import { InputError } from "./errors.js";

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
    checkToss(toss, "toss");
    const { a, b, c } = readCoins(coins, "coins");
    return toss === 1 ? a * b + (1 - a) * c : a * (1 - b) + (1 - a) * (1 - c);
  },

  /**
   * The E-step: for each toss y the probability that coin B made it, a b^y (1 − b)^(1−y) / P(y | θ).
   *
   * @returns one number per toss; coin C's are 1 minus these
   * @throws InputError for bad tosses or coins, or a toss that is impossible with these coins
   */
  eStep(coins: Coins, tosses: readonly number[]): number[] {
    checkTosses(tosses);
    const { a, b } = readCoins(coins, "coins");
    return tosses.map((y, j) => {
      const probability = possible(threeCoins.probability(y, coins), j);
      return (y === 1 ? a * b : a * (1 - b)) / probability;
    });
  },

  /**
   * The M-step: a = mean of μ_j, b = Σ μ_j y_j / Σ μ_j, c = Σ (1 − μ_j) y_j / Σ (1 − μ_j), μ_j being coin B's
   * responsibility for toss y_j.
   *
   * @throws InputError where a coin has no toss: all μ_j are 0, or all are 1
   */
  mStep(tosses: readonly number[], responsibilities: readonly number[]): Coins {
    checkTosses(tosses);
    checkArray(responsibilities, "responsibilities", tosses.length);
    let tossesOfB = 0;
    let headsOfB = 0;
    let tossesOfC = 0;
    let headsOfC = 0;
    for (let j = 0; j < tosses.length; j++) {
      const ofB = responsibilities[j];
      checkProbability(ofB, { name: "responsibilities", row: j });
      tossesOfB += ofB;
      headsOfB += ofB * tosses[j];
      tossesOfC += 1 - ofB;
      headsOfC += (1 - ofB) * tosses[j];
    }
    if (tossesOfB === 0 || tossesOfC === 0) {
      const rule = `must leave coin ${tossesOfB === 0 ? "B" : "C"} some toss`;
      throw new InputError("responsibilities", rule, responsibilities, "A coin without a toss cannot be fitted.");
    }
    return { a: tossesOfB / tosses.length, b: headsOfB / tossesOfB, c: headsOfC / tossesOfC };
  },

  /** The total log-likelihood Σ_j log P(y_j | θ), natural logarithm. */
  logLikelihood(coins: Coins, tosses: readonly number[]): number {
    checkTosses(tosses);
    let sum = 0;
    for (let j = 0; j < tosses.length; j++) sum += Math.log(possible(threeCoins.probability(tosses[j], coins), j));
    return sum;
  },

  /**
   * Fits the three coins to a sequence of tosses by EM from a given start. One update lands on a maximum, and all the
   * maxima form a surface: single tosses tell no more than the fraction of heads.
   *
   * @param options `tol` (1e-10) stops the loop once the total log-likelihood changes by less
   * @throws InputError for bad input, or a start under which coin B or C can have made none of the tosses
   */
  fit(tosses: readonly number[], start: Coins, options: EmOptions<Coins> = {}): EmResult<Coins> {
    const first = readCoins(start, "start");
    checkTosses(tosses);
    const ofB = threeCoins.eStep(first, tosses);
    for (const [coin, none] of [["B", 0] as const, ["C", 1] as const])
      if (ofB.every((responsibility) => responsibility === none)) {
        const remedy = "Start with probabilities strictly between 0 and 1.";
        throw new InputError("start", `must leave coin ${coin} some toss`, start, remedy);
      }
    const step = (coins: Coins) => ({
      params: threeCoins.mStep(tosses, threeCoins.eStep(coins, tosses)),
      logLikelihood: threeCoins.logLikelihood(coins, tosses),
    });
    return em(first, step, options);
  },
};

function checkToss(toss: unknown, place: string | { name: string; row: number }): void {
  if (typeof toss !== "number")
    throw new InputError(place, "must be a number", toss, "Convert it, with Number(…) for instance.");
  if (toss !== 0 && toss !== 1) throw new InputError(place, "must be 0 or 1", toss, "Code heads as 1 and tails as 0.");
}

function checkTosses(tosses: readonly number[]): void {
  checkArray(tosses, "tosses");
  for (let row = 0; row < tosses.length; row++) checkToss(tosses[row], { name: "tosses", row });
}

/** Checks the coins and copies them, so that a result shares nothing with its start. */
function readCoins(coins: Coins, place: string): Coins {
  checkObject(coins, place, "{ a: 0.4, b: 0.6, c: 0.7 }");
  const { a, b, c } = coins;
  checkProbability(a, `${place}.a`);
  checkProbability(b, `${place}.b`);
  checkProbability(c, `${place}.c`);
  return { a, b, c };
}

function possible(probability: number, row: number): number {
  if (probability > 0) return probability;
  const remedy = "Choose coins under which every toss is possible.";
  throw new InputError({ name: "tosses", row }, "must have a probability above 0", probability, remedy);
}
