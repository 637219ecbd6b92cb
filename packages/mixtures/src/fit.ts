import { checkAcceleration } from "./accelerate.js";
import { checkFunction, checkInteger, checkNotNegative } from "./checks.js";
import { withoutMissing } from "./column-moments.js";
import { type Data, type DataOptions, dataOptions } from "./data.js";
import { distinctRows } from "./distinct-rows.js";
import type { Iteration } from "./em.js";
import { InputError } from "./errors.js";
import { type Family, logLikelihood, mStep, type Run, runStep, sortByLocation } from "./family.js";
import { type GivenInit, givenStart, impliedComponents, type Weighted } from "./given-start.js";
import { promising, type Start, trialRows, trialUpdates } from "./promising.js";
import { type Random, randomFrom } from "./random.js";
import { type FitReport, type Restart, warningsOf } from "./report.js";
import { drawStart, type StartKind, startRows } from "./start.js";
import { checkSignal, type Progress, type Work, type WorkOptions, workOptions } from "./work.js";

/**
 * Where EM starts: at centres found by k-means++, at random rows, at either in turn over the restarts ("mixed"), at
 * given parameters, or at the fit to given responsibilities (N × K) or labels (N integers from 0).
 */
export type Init<P> = "mixed" | StartKind | GivenInit<P>;

/** What `onIteration` is shown during a fit. */
export interface FitIteration<P> extends Iteration<P> {
  /** The restart's index from 0. */
  readonly restart: number;
}

export interface FitOptions<P> extends DataOptions, WorkOptions {
  /** K, the number of components; may be left out where `init` tells it. */
  readonly nComponents?: number;
  /** "mixed" unless given. */
  readonly init?: Init<P>;
  /**
   * The number of restarts, of which the best fit is returned; 10 unless given. Where it is above 1, four starts are drawn
   * for each and tried for a few updates, on a sample of a large data set, and the most promising go on. A given start is
   * run once.
   */
  readonly nInit?: number;
  /**
   * Stop once an update changes the log-likelihood per unit weight by less than this. With 0, the fit makes exactly
   * `maxIter` updates. Unless given, restarts stop at 1e-6, which is coarse where EM is slow, and the best of them is
   * polished: it goes on by accelerated updates to 1e-10.
   */
  readonly tol?: number;
  /** Stop after this many updates; 1000 unless given. */
  readonly maxIter?: number;
  /** Seeds the starts: an integer of at least 0; 0 unless given. Equal seeds give equal fits. */
  readonly seed?: number;
  /** "anderson" takes far fewer updates to the same optimum where EM is slow; "none" unless given. */
  readonly acceleration?: "none" | "anderson";
  /** Called with each start and after every update; returning false ends the fit with what there is. */
  readonly onIteration?: (iteration: FitIteration<P>) => unknown;
}

/** The names of the options that every fit takes. */
export const fitOptions = [
  ...dataOptions,
  "nComponents",
  "init",
  "nInit",
  "tol",
  "maxIter",
  "seed",
  "acceleration",
  "onIteration",
  ...workOptions,
] as const satisfies readonly (keyof FitOptions<unknown>)[];

/** The number of components that the options ask for. */
export function componentsOf<P extends Weighted>(
  { nComponents, init }: FitOptions<P>,
  data: Pick<Data, "name" | "rows">,
): number {
  const components = nComponents === undefined ? impliedComponents(init) : nComponents;
  checkInteger(components, 1, "nComponents");
  if (components > data.rows)
    throw new InputError(
      "nComponents",
      `must be at most the rows of ${data.name}, ${data.rows}`,
      components,
      "Lower it.",
    );
  return components;
}

/** Fits a family of mixtures to data by EM: from one given start, or from several drawn ones of which the best counts. */
export function* fitMixture<P extends Weighted>(
  family: Family<P>,
  data: Data,
  options: FitOptions<P>,
): Work<{ params: P; report: FitReport }> {
  const { init = "mixed", nInit = 10, tol = coarse, maxIter = 1000, seed = 0, acceleration = "none" } = options;
  const { onIteration, onProgress, signal } = options;
  checkInteger(nInit, 1, "nInit");
  checkNotNegative(tol, "tol");
  checkFunction(onIteration, "onIteration");
  checkFunction(onProgress, "onProgress");
  checkSignal(signal);
  checkAcceleration(acceleration);
  const given = typeof init === "object" && init !== null;
  const starts = given
    ? [givenStart(family, data, init)]
    : nInit === 1 || maxIter <= trialUpdates
      ? drawnStarts(family, data, init, nInit, seed)
      : yield* promising(
          family,
          trialRows(data, family.components, seed),
          nInit,
          (rows, count) => drawnStarts(family, rows, init, count, seed),
          options,
        );

  /** Shows the caller what a run does. @param before the updates that the restart made earlier */
  const watch = (stage: Progress["stage"], restart: number, before: number) => {
    const [runs, finished] = stage === "polish" ? [1, 0] : [given ? 1 : nInit, restart];
    const at = { stage, runs, finished };
    return {
      ...(signal && { signal }),
      onIteration({ iteration, params, logLikelihood }: Iteration<Float64Array>): unknown {
        const seen = { iteration: before + iteration, logLikelihood };
        onProgress?.({ ...at, ...seen });
        // What a restart ends with, its polish begins with.
        if (onIteration === undefined || (stage === "polish" && iteration === 0)) return undefined;
        return onIteration({ ...seen, params: family.unpack(params), restart });
      },
      done({ iterations: iteration, logLikelihood }: Restart): void {
        onProgress?.({ ...at, finished: finished + 1, iteration, logLikelihood });
      },
    };
  };

  const runs: Outcome[] = [];
  const { close, ...opened } = family.open(distinctRows(data));
  try {
    for (const { kind, theta: start } of starts) {
      const { done, ...watched } = watch("restarts", runs.length, 0);
      const loop = { ...watched, tol: tol * data.totalWeight, maxIter };
      const run = outcomeOf(
        family,
        kind,
        yield* runStep(family, opened, start, loop, acceleration === "anderson"),
        data,
      );
      runs.push(run);
      done(run.restart);
      if (run.restart.reason === "stopped") break;
    }
    const best = runs.reduce((one, run) => (isBetter(run, one) ? run : one));
    if (options.tol === undefined && best.restart.reason === "tolerance" && !best.restart.nearSingular) {
      const { iterations } = best.restart;
      const { done, ...watched } = watch("polish", runs.indexOf(best), iterations);
      const loop = {
        ...watched,
        // A tolerance below the log-likelihood's rounding error could never be met.
        tol: Math.max(fine * data.totalWeight, 16 * Number.EPSILON * Math.abs(best.restart.logLikelihood)),
        maxIter: Math.max(0, maxIter - iterations),
      };
      const after = polished(family, best, yield* runStep(family, opened, best.theta, loop, true), data);
      runs[runs.indexOf(best)] = after;
      done(after.restart);
    }
  } finally {
    close();
  }
  return bestOf(family, runs, data.totalWeight);
}

/** The default tolerances, as changes of the log-likelihood per unit weight: of all restarts, and of the best one's polish. */
const coarse = 1e-6;
const fine = 1e-10;

/** A restart's outcome after the further updates of its polish. */
function polished<P>(family: Family<P>, before: Outcome, run: Run<P>, data: Data): Outcome {
  const after = outcomeOf(family, before.restart.start, run, data);
  const { iterations, evaluations } = before.restart;
  return {
    ...after,
    history: [...before.history, ...after.history.slice(1)],
    restart: {
      ...after.restart,
      // It had met the coarse tolerance before, so it has converged even if the polish ran out of updates.
      ...(after.restart.reason === "maxIter" && { converged: true, reason: "tolerance" }),
      iterations: iterations + after.restart.iterations,
      evaluations: evaluations + after.restart.evaluations,
    },
  };
}

/** A restart and where it led. */
export interface Outcome {
  readonly theta: Float64Array;
  readonly history: readonly number[];
  readonly restart: Restart;
  /**
   * What restarts are compared by: the log-likelihood. For a near singular fit it is the log-likelihood with an average
   * covariance in place of the singular ones, since its own grows without bound and so proves nothing.
   */
  readonly merit: number;
  /** Whether some update lowered the log-likelihood, though none should. */
  readonly fell: boolean;
}

/** The outcome of one run of the EM loop. @param data what near singular fits are judged on; without it they come last */
export function outcomeOf<P>(family: Family<P>, start: Restart["start"], run: Run<P>, data?: Data): Outcome {
  const { theta, evaluations, result } = run;
  const { history, params: _, warnings, ...rest } = result;
  const nearSingular = family.nearSingular(theta).length > 0;
  const sound = nearSingular && data !== undefined ? family.withoutSingular(theta) : undefined;
  const merit = !nearSingular
    ? rest.logLikelihood
    : sound === undefined || data === undefined
      ? Number.NEGATIVE_INFINITY
      : logLikelihood(family, sound, { ...data, allowsImpossible: true });
  const fell = family.climbs && warnings.length > 0;
  return { theta, history, restart: { start, ...rest, evaluations, nearSingular }, merit, fell };
}

/** The best run's parameters, in ascending order unless the start gave one, and the report on all. */
export function bestOf<P>(
  family: Family<P>,
  runs: readonly Outcome[],
  totalWeight: number,
): { params: P; report: FitReport } {
  const { theta, history, restart, fell } = runs.reduce((best, run) => (isBetter(run, best) ? run : best));
  const final = restart.start === "given" || family.keepsOrder ? theta : sortByLocation(family, theta);
  const warnings = warningsOf(family, final, restart, totalWeight, fell);
  const restarts = runs.map((run) => run.restart);
  return { params: family.unpack(final), report: { ...restart, history, restarts, warnings } };
}

function isBetter(one: Outcome, other: Outcome): boolean {
  return one.merit === other.merit ? one.restart.logLikelihood > other.restart.logLikelihood : one.merit > other.merit;
}

function* drawnStarts<P>(
  family: Family<P>,
  data: Data,
  init: "mixed" | StartKind,
  nInit: number,
  seed: number,
): Generator<Start> {
  if (init !== "mixed" && init !== "k-means++" && init !== "random")
    throw new InputError("init", 'must be "mixed", "k-means++", "random", or a start of your own', init, "Choose one.");
  const random: Random = randomFrom(seed);
  const whole = family.coordinates ? data : withoutMissing(data);
  for (let run = 0; run < nInit; run++) {
    const kind = init === "mixed" ? (run % 2 === 0 ? "k-means++" : "random") : init;
    const rows = startRows(whole, family.components, random);
    const seen = family.coordinates?.(rows) ?? rows;
    yield { kind, theta: mStep(family, rows, drawStart(seen, family.components, kind, random)) };
  }
}
