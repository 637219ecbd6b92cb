import { checkFinite, checkPositive } from "./checks.js";

/**
 * The density of the normal distribution, N(x | m, s²) = exp(−(x − m)² / 2s²) / (s √(2π)).
 *
 * @param deviation the standard deviation s > 0
 * @throws InputError for a number that is not finite or a deviation of 0 or below
 */
export function normalDensity(x: number, mean: number, deviation: number): number {
  checkFinite(x, "x");
  checkFinite(mean, "mean");
  checkPositive(deviation, "deviation");
  const z = (x - mean) / deviation;
  return Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI));
}

/**
 * log Σ_k exp(t_k), for terms that are logarithms. The greatest is taken out of the sum, so that no exp becomes too great
 * or all of them 0: log Σ_k exp(t_k) = t + log Σ_k exp(t_k − t).
 */
export function logSumExp(terms: readonly number[]): number {
  let greatest = Number.NEGATIVE_INFINITY;
  for (const term of terms) if (term > greatest) greatest = term;
  if (greatest === Number.NEGATIVE_INFINITY) return greatest;
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - greatest);
  return greatest + Math.log(sum);
}
