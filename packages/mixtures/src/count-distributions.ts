import type { ValueRule } from "./data.js";
import { type Random, standardGamma } from "./random.js";

/** A distribution on counts whose maximum-likelihood rate is the mean count, or its share of `scale`. */
export interface CountDistribution {
  /** What counts may be. */
  readonly valueRule: ValueRule;
  /** What messages call the rates. */
  readonly rateName: string;
  /** Rates range from 0 to this: 1 for probabilities, Infinity for mean counts. */
  readonly greatestRate: number;
  /** The count that a rate of 1 stands for: the number of tosses of a binomial distribution, else 1. */
  readonly scale: number;
  /** Whether counts are 0 and 1 alone, of which passes take eight at a time. */
  readonly isBinary: boolean;
  /** The log-probability of a count under a rate. */
  logProbability(count: number, rate: number): number;
  draw(rate: number, random: Random): number;
}

/** Heads out of a number of tosses: p(x | rate) = C(tosses, x) rate^x (1 − rate)^(tosses − x). Bernoulli's with 1 toss. */
export function binomial(tosses: number): CountDistribution {
  const logChoices = (heads: number) =>
    tosses === 1 ? 0 : logFactorial(tosses) - logFactorial(heads) - logFactorial(tosses - heads);
  return {
    valueRule: {
      rule: tosses === 1 ? "must be 0 or 1" : `must be an integer from 0 to ${tosses}`,
      remedy: tosses === 1 ? "Code heads (yes, present) as 1 and tails as 0." : "It counts the heads among the tosses.",
      holds: (value) => Number.isInteger(value) && value >= 0 && value <= tosses,
    },
    rateName: "probabilities",
    greatestRate: 1,
    scale: tosses,
    isBinary: tosses === 1,
    logProbability(heads, rate) {
      const tails = tosses - heads;
      // A count of 0 contributes nothing, also where the logarithm is −∞.
      const ofHeads = heads === 0 ? 0 : heads * Math.log(rate);
      const ofTails = tails === 0 ? 0 : tails * Math.log1p(-rate);
      return logChoices(heads) + ofHeads + ofTails;
    },
    draw: (rate, random) => drawHeads(tosses, rate, random),
  };
}

/** Counts of rare events: p(x | rate) = e^(−rate) rate^x / x!, the rate being the mean count. */
export const poisson: CountDistribution = {
  valueRule: {
    rule: "must be an integer of at least 0",
    remedy: "A Poisson mixture models counts.",
    holds: (value) => Number.isInteger(value) && value >= 0,
  },
  rateName: "means",
  greatestRate: Number.POSITIVE_INFINITY,
  scale: 1,
  isBinary: false,
  logProbability: (count, rate) => (count === 0 ? 0 : count * Math.log(rate)) - rate - logFactorial(count),
  draw(rate, random) {
    let [counted, left] = [0, rate];
    while (left > few) {
      // The time of a later event. If it is too late, the earlier ones are uniform up to it.
      const event = Math.floor(0.875 * left);
      const time = standardGamma(event, random);
      if (time > left) return counted + drawHeads(event - 1, left / time, random);
      counted += event;
      left -= time;
    }
    // Events with exponential waiting times, counted until their sum exceeds the rate.
    for (let time = -Math.log1p(-random()); time <= left; counted++) time -= Math.log1p(-random());
    return counted;
  },
};

/**
 * Counts above this are drawn in parts, up to it event by event.
 * @see Ahrens & Dieter (1974), Computer methods for sampling from gamma, beta, Poisson and binomial distributions
 */
const few = 64;

/** How many of so many uniform numbers are below the rate. */
function drawHeads(tosses: number, rate: number, random: Random): number {
  let [heads, left, below] = [0, tosses, rate];
  while (left > few) {
    // The median of the numbers splits them: on its one side it is known which are below, on the other they are uniform.
    const rank = 1 + Math.floor(left / 2);
    const before = standardGamma(rank, random);
    const median = before / (before + standardGamma(left + 1 - rank, random));
    if (median <= below) {
      heads += rank;
      left -= rank;
      below = (below - median) / (1 - median);
    } else {
      left = rank - 1;
      below /= median;
    }
  }
  for (let toss = 0; toss < left; toss++) if (random() < below) heads++;
  return heads;
}

/**
 * log n!, exactly below 16 and by Stirling's series from there, where the first term left out is below 1e-14.
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions, 6.1.41
 */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let factor = 2; factor <= n; factor++) product *= factor;
    return Math.log(product);
  }
  const square = n * n;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / n;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}
