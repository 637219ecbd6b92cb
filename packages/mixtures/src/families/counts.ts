import type { ValueRule } from "../data.js";

/** The rule for counts. */
export const count: ValueRule = {
  rule: "must be an integer of at least 0",
  remedy: "The mixture models counts.",
  holds: (value) => Number.isInteger(value) && value >= 0,
};

/** n · logarithm: a count of 0 contributes nothing, also where the logarithm is −∞. */
export const times = (n: number, logarithm: number): number => (n === 0 ? 0 : n * logarithm);

/** A rate of 0 is bent to this where a row that it makes impossible has to be given to some component. */
export const least = 1e-300;

/** A probability away from 0 and 1: the component wins that has to be bent least. */
export const bent = (probability: number): number => Math.min(Math.max(probability, least), 1 - Number.EPSILON);

/** Whether a number is a probability. */
export const isProbability = (value: number): boolean => value >= 0 && value <= 1;

/** A prior on probabilities, told as data. */
export interface PseudoCounts {
  /**
   * As if every component held so many more cases of each category (of 1 and of 0, of heads and of tails): above 0, no
   * probability becomes 0 or 1. Of Poisson's: as if so many more events were seen, in the time that all data take for them.
   * 0 unless given. With it, the report's log-likelihoods have the log of the prior added.
   */
  readonly pseudoCount?: number;
}

/**
 * The log of the prior that pseudo-counts are: Dirichlet's, but for a constant. A start of the caller's own may have
 * probabilities of 0, from which a fit moves away at once.
 */
export const logPriorOf = (pseudoCount: number, probabilities: readonly number[]): number =>
  probabilities.reduce((sum, p) => sum + pseudoCount * Math.log(Math.max(p, least)), 0);
