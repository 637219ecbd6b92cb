import { checkAcceleration } from "./accelerate.js";
import { checkFunction, checkInteger, checkLength, checkNotNegative } from "./checks.js";
import { columnMoments } from "./column-moments.js";
import { type Data, type DataOptions, dataOptions } from "./data.js";
import { distinctRows } from "./distinct-rows.js";
import type { Iteration } from "./em.js";
import { InputError } from "./errors.js";
import {
  type Family,
  logLikelihood,
  mStep,
  type Responsibilities,
  type Run,
  readResponsibilities,
  runStep,
  sortByLocation,
} from "./family.js";
import { promising, type Start, trialRows, trialUpdates } from "./promising.js";
import { type Random, randomFrom } from "./random.js";
import { type FitReport, type Restart, warningsOf } from "./report.js";
import { drawStart, type StartKind, startRows } from "./start.js";

/**
 * Where EM starts: at centres found by k-means++, at random rows, at either in turn over the restarts ("mixed"), at
 * given parameters, or at the fit to given responsibilities (N × K) or labels (N integers from 0).
 */
export type Init<P> = "mixed" | StartKind | GivenInit<P>;

/** A start of the caller's own. */
export type GivenInit<P> =
  | P
  | { readonly responsibilities: readonly ArrayLike<number>[] }
  | { readonly labels: ArrayLike<number> };

/** What `onIteration` is shown during a fit. */
export interface FitIteration<P> extends Iteration<P> {
  /** The restart's index from 0. */
  readonly restart: number;
}

export interface FitOptions<P> extends DataOptions {
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
] as const satisfies readonly (keyof FitOptions<unknown>)[];

/** What the parameters of every mixture have. */
interface Weighted {
  readonly weights: readonly number[];
}

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

function impliedComponents<P extends Weighted>(init: Init<P> | undefined): unknown {
  if (typeof init !== "object" || init === null) return undefined;
  if ("weights" in init) return checkLength(init.weights, undefined, "init.weights");
  if ("responsibilities" in init) {
    checkLength(init.responsibilities, undefined, "init.responsibilities");
    return checkLength(init.responsibilities[0], undefined, "init.responsibilities[0]");
  }
  checkGiven(init);
  if (!("labels" in init)) return undefined;
  checkLength(init.labels, undefined, "labels");
  return Array.from(init.labels).reduce((greatest, label) => Math.max(greatest, label), -1) + 1;
}

/** Fits a family of mixtures to data by EM: from one given start, or from several drawn ones of which the best counts. */
export function fitMixture<P extends Weighted>(
  family: Family<P>,
  data: Data,
  options: FitOptions<P>,
): { params: P; report: FitReport } {
  const { init = "mixed", nInit = 10, tol = coarse, maxIter = 1000, seed = 0, onIteration } = options;
  const { acceleration = "none" } = options;
  checkInteger(nInit, 1, "nInit");
  checkNotNegative(tol, "tol");
  checkFunction(onIteration, "onIteration");
  checkAcceleration(acceleration);
  const given = typeof init === "object" && init !== null;
  const starts = given
    ? [givenStart(family, data, init)]
    : nInit === 1 || maxIter <= trialUpdates
      ? drawnStarts(family, data, init, nInit, seed)
      : promising(family, trialRows(data, family.components, seed), nInit, (rows, count) =>
          drawnStarts(family, rows, init, count, seed),
        );

  const runs: Outcome[] = [];
  const { step, close } = family.open(distinctRows(data));
  try {
    for (const { kind, theta: start } of starts) {
      const loop = {
        tol: tol * data.totalWeight,
        maxIter,
        ...(onIteration && { onIteration: (seen: Iteration<P>) => onIteration({ ...seen, restart: runs.length }) }),
      };
      const run = runStep(family, step, start, loop, acceleration === "anderson");
      runs.push(outcomeOf(family, kind, run, data));
      if (run.result.reason === "stopped") break;
    }
    const best = runs.reduce((one, run) => (isBetter(run, one) ? run : one));
    if (options.tol === undefined && best.restart.reason === "tolerance" && !best.restart.nearSingular) {
      const { iterations } = best.restart;
      const restart = runs.indexOf(best);
      const loop = {
        // A tolerance below the log-likelihood's rounding error could never be met.
        tol: Math.max(fine * data.totalWeight, 16 * Number.EPSILON * Math.abs(best.restart.logLikelihood)),
        maxIter: Math.max(0, maxIter - iterations),
        ...(onIteration && {
          onIteration: ({ iteration, ...seen }: Iteration<P>) =>
            iteration === 0 || onIteration({ ...seen, iteration: iterations + iteration, restart }),
        }),
      };
      runs[restart] = polished(family, best, runStep(family, step, best.theta, loop, true), data);
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
  const final = restart.start === "given" ? theta : sortByLocation(family, theta);
  const warnings = warningsOf(family, final, restart, totalWeight, fell);
  const restarts = runs.map((run) => run.restart);
  return { params: family.unpack(final), report: { ...restart, history, restarts, warnings } };
}

function isBetter(one: Outcome, other: Outcome): boolean {
  return one.merit === other.merit ? one.restart.logLikelihood > other.restart.logLikelihood : one.merit > other.merit;
}

function givenStart<P extends Weighted>(family: Family<P>, data: Data, init: GivenInit<P>): Start {
  if ("weights" in init) return { kind: "given", theta: family.pack(init) };
  checkGiven(init);
  const { components } = family;
  const rows =
    "labels" in init
      ? readLabels(init.labels, data.rows, components)
      : readResponsibilities(init.responsibilities, data.rows, components);
  return { kind: "given", theta: mStep(family, withoutMissing(data), rows) };
}

function checkGiven(init: object): asserts init is { labels: ArrayLike<number> } | { responsibilities: never } {
  if ("labels" in init || "responsibilities" in init) return;
  const remedy = "Give all parameters (a model's params, say), { responsibilities } or { labels }.";
  throw new InputError("init", "must have weights, responsibilities or labels", init, remedy);
}

function readLabels(labels: ArrayLike<number>, rows: number, components: number): Responsibilities {
  checkLength(labels, rows, "labels");
  const used = new Set<number>();
  for (let row = 0; row < rows; row++) {
    used.add(labels[row]);
    if (Number.isInteger(labels[row]) && labels[row] >= 0 && labels[row] < components) continue;
    const rule = `must be an integer from 0 to ${components - 1}`;
    throw new InputError({ name: "labels", row }, rule, labels[row], "Number the components from 0.");
  }
  for (let k = 0; k < components; k++)
    if (!used.has(k)) {
      const rule = `must give every component from 0 to ${components - 1} a row`;
      throw new InputError("labels", rule, `none of component ${k}`, "Lower nComponents, or label some row so.");
    }
  return (row, out) => {
    out.fill(0);
    out[labels[row]] = 1;
  };
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
  const whole = withoutMissing(data);
  for (let run = 0; run < nInit; run++) {
    const kind = init === "mixed" ? (run % 2 === 0 ? "k-means++" : "random") : init;
    const rows = startRows(whole, family.components, random);
    yield { kind, theta: mStep(family, rows, drawStart(rows, family.components, kind, random)) };
  }
}

/** The data with missing values at their column's mean, good enough to start from. */
function withoutMissing(data: Data): Data {
  if (!data.missing) return data;
  const { means } = columnMoments(data);
  const values = data.values.map((value, index) => (Number.isNaN(value) ? means[index % data.columns] : value));
  return { ...data, values, missing: false };
}
