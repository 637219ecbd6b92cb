import type { Data } from "./data.js";
import { distinctRows } from "./distinct-rows.js";
import { CollapseError } from "./errors.js";
import { type Family, runStep } from "./family.js";
import { randomFrom } from "./random.js";
import { type StartKind, startRows } from "./start.js";
import type { Work, WorkOptions } from "./work.js";

/** Where a run of EM begins. */
export interface Start {
  readonly kind: StartKind | "given";
  readonly theta: Float64Array;
}

/** How many starts are drawn for each restart. */
const drawsARestart = 4;
/** How many updates each is tried for. */
export const trialUpdates = 6;

/** The rows on which starts are drawn and tried: all of a small data set, some thousands of a large one. */
export const trialRows = (data: Data, components: number, seed: number): Data =>
  startRows(data, components, randomFrom(seed), 3000 + 300 * components);

/**
 * The `count` most promising of many starts: each is run for a few updates, those with the highest log-likelihood are
 * taken, and they go on from where they have got to. Near singular ones come last.
 *
 * On 29 data sets with their K and type, this took the fits that lie behind the best known from 7 to 2.
 */
export function* promising<P>(
  family: Family<P>,
  rows: Data,
  count: number,
  draw: (rows: Data, count: number) => Iterable<Start>,
  { onProgress, signal }: WorkOptions,
): Work<Start[]> {
  const { close, ...opened } = family.open(distinctRows(rows));
  const runs = count * drawsARestart;
  const tried: (Start & { readonly merit: number })[] = [];
  function* trial({ kind, theta: start }: Start): Work<(typeof tried)[number]> {
    try {
      const loop = { maxIter: trialUpdates, tol: 0, ...(signal && { signal }) };
      const { theta, result } = yield* runStep(family, opened, start, loop);
      const isSound = family.nearSingular(theta).length === 0;
      // Rounded, so that starts with the same result keep the order in which they were drawn.
      const merit = isSound ? Number(result.logLikelihood.toPrecision(8)) : Number.NEGATIVE_INFINITY;
      return { kind, theta, merit };
    } catch (error) {
      if (!(error instanceof CollapseError)) throw error;
      return { kind, theta: start, merit: Number.NEGATIVE_INFINITY };
    }
  }
  try {
    for (const start of draw(rows, runs)) {
      const after = yield* trial(start);
      const finished = tried.push(after);
      onProgress?.({ stage: "starts", runs, finished, iteration: trialUpdates, logLikelihood: after.merit });
    }
    return tried.sort((one, other) => (one.merit === other.merit ? 0 : other.merit - one.merit)).slice(0, count);
  } finally {
    close();
  }
}
