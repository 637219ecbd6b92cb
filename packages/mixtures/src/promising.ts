import type { Data } from "./data.js";
import { CollapseError } from "./errors.js";
import { type Family, runStep } from "./family.js";
import { randomFrom } from "./random.js";
import { type StartKind, startRows } from "./start.js";

/** Where a run of EM begins. */
export interface Start {
  readonly kind: StartKind | "given";
  readonly theta: Float64Array;
}

/** How many starts are drawn for each restart, and by how many updates they are tried. */
export const drawsARestart = 4;
export const trialUpdates = 6;

/**
 * Of many starts those that come furthest by a few updates, from where they have come to; of a large data set a sample
 * tells. Near singular ones come last.
 *
 * On 29 data sets with their K and type, this took the fits that lie behind the best known from 7 to 2.
 */
export function promising<P>(family: Family<P>, data: Data, starts: Iterable<Start>, count: number): Start[] {
  const { step, close } = family.open(startRows(data, family.components, randomFrom(0)));
  const trial = ({ kind, theta: start }: Start): Start & { readonly merit: number } => {
    try {
      const { theta, result } = runStep(family, step, start, { maxIter: trialUpdates, tol: 0 });
      const isSound = family.nearSingular(theta).length === 0;
      // Rounded, so that starts which come to the same stay in the order in which they were drawn.
      const merit = isSound ? Number(result.logLikelihood.toPrecision(8)) : Number.NEGATIVE_INFINITY;
      return { kind, theta, merit };
    } catch (error) {
      if (!(error instanceof CollapseError)) throw error;
      return { kind, theta: start, merit: Number.NEGATIVE_INFINITY };
    }
  };
  try {
    const tried = Array.from(starts, trial);
    return tried.sort((one, other) => (one.merit === other.merit ? 0 : other.merit - one.merit)).slice(0, count);
  } finally {
    close();
  }
}
