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
