import { type Random, standardGamma } from "../random.js";

/** A draw from the Poisson distribution: how many events there are in a time, at one a unit of time on average. */
export function drawEvents(time: number, random: Random): number {
  let [counted, left] = [0, time];
  while (left > few) {
    // The time of a later event. If it is too late, the earlier ones are uniform up to it.
    const event = Math.floor(0.875 * left);
    const reached = standardGamma(event, random);
    if (reached > left) return counted + drawHeads(event - 1, left / reached, random);
    counted += event;
    left -= reached;
  }
  // Events with exponential waiting times, counted until their sum exceeds the time.
  for (let reached = -Math.log1p(-random()); reached <= left; counted++) reached -= Math.log1p(-random());
  return counted;
}

/**
 * Counts above this are drawn in parts, up to it event by event.
 * @see Ahrens & Dieter (1974), Computer methods for sampling from gamma, beta, Poisson and binomial distributions
 */
const few = 64;

/** A draw from the binomial distribution: how many of so many uniform numbers are below the rate. */
export function drawHeads(tosses: number, rate: number, random: Random): number {
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
