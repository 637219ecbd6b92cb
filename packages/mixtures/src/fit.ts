import { checkInteger, checkLength, checkPositive } from "./checks.js";
import { columnMoments } from "./column-moments.js";
import type { Data, DataOptions } from "./data.js";
import type { Iteration, StopReason } from "./em.js";
import { InputError } from "./errors.js";
import {
  type Family,
  mStep,
  type Responsibilities,
  type Run,
  readResponsibilities,
  runStep,
  sortByLocation,
} from "./family.js";
import { type Random, randomFrom } from "./random.js";
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
  /** The number of starts drawn, of which the best fit is returned; 10 unless given. A given start is run once. */
  readonly nInit?: number;
  /** Stop once an update changes the log-likelihood per unit weight by less than this. Above 0; 1e-6 unless given. */
  readonly tol?: number;
  /** Stop after this many updates; 1000 unless given. */
  readonly maxIter?: number;
  /** Seeds the starts: an integer of at least 0; 0 unless given. Equal seeds give equal fits on every platform. */
  readonly seed?: number;
  /** "anderson" takes far fewer updates to the same optimum where EM is slow; "none" unless given. */
  readonly acceleration?: "none" | "anderson";
  /** Called with each start and after every update; returning false ends the fit with what there is. */
  readonly onIteration?: (iteration: FitIteration<P>) => unknown;
}

/** One restart's row in a report. */
export interface Restart {
  readonly start: StartKind | "given";
  /** The total log-likelihood reached. */
  readonly logLikelihood: number;
  readonly iterations: number;
  /** How often the EM step was evaluated, by an accelerated fit more often than it updated. */
  readonly evaluations: number;
  readonly converged: boolean;
  readonly reason: StopReason;
  /** Whether a component shrank to the covariance floor. */
  readonly nearSingular: boolean;
}

/** Something about a fit that its user should know. */
export interface FitWarning {
  readonly name: "notConverged" | "nearSingular" | "emptyComponent";
  /** The components concerned; empty where it is the whole fit. */
  readonly components: readonly number[];
  readonly message: string;
}

/** How a fit went. Its own fields tell of the best restart, which the model comes from. */
export interface FitReport extends Restart {
  /** history[t]: the total log-likelihood after t updates; history[0] is the start's. */
  readonly history: readonly number[];
  /** A row for each restart, in the order they ran. */
  readonly restarts: readonly Restart[];
  readonly warnings: readonly FitWarning[];
}

/** What the parameters of every mixture have. */
interface Weighted {
  readonly weights: readonly number[];
}

/** A component with less than this much of one observation counts as empty. */
const emptyWeight = 1e-6;

/** The number of components that the options ask for. */
export function componentsOf<P extends Weighted>(
  { nComponents, init }: FitOptions<P>,
  data: Pick<Data, "name" | "rows">,
): number {
  const components = nComponents ?? impliedComponents(init);
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
  if (typeof init !== "object") return undefined;
  if ("weights" in init) return init.weights.length;
  if ("responsibilities" in init) return init.responsibilities[0]?.length;
  checkLength(init.labels, undefined, "labels");
  return Array.from(init.labels).reduce((greatest, label) => Math.max(greatest, label), -1) + 1;
}

/** Fits a family of mixtures to data by EM: from one given start, or from several drawn ones of which the best counts. */
export function fitMixture<P extends Weighted>(
  family: Family<P>,
  data: Data,
  options: FitOptions<P>,
): { params: P; report: FitReport } {
  const { init = "mixed", nInit = 10, tol = 1e-6, maxIter = 1000, seed = 0, onIteration } = options;
  const { acceleration = "none" } = options;
  checkInteger(nInit, 1, "nInit");
  checkPositive(tol, "tol");
  if (acceleration !== "none" && acceleration !== "anderson")
    throw new InputError("acceleration", 'must be "none" or "anderson"', acceleration, "Choose one of them.");
  const given = typeof init === "object";
  const starts = given ? [givenStart(family, data, init)] : drawnStarts(family, data, init, nInit, seed);

  const runs: Outcome[] = [];
  const { step, close } = family.open(data);
  try {
    for (const { kind, theta: start } of starts) {
      const loop = {
        tol: tol * data.totalWeight,
        maxIter,
        ...(onIteration && { onIteration: (seen: Iteration<P>) => onIteration({ ...seen, restart: runs.length }) }),
      };
      const run = runStep(family, step, start, loop, acceleration === "anderson");
      runs.push(outcomeOf(family, kind, run));
      if (run.result.reason === "stopped") break;
    }
  } finally {
    close();
  }
  return bestOf(family, runs, data.totalWeight);
}

/** A restart and where it led. */
export interface Outcome {
  readonly theta: Float64Array;
  readonly history: readonly number[];
  readonly restart: Restart;
}

/** What a run of the EM loop came to. */
export function outcomeOf<P>(family: Family<P>, start: Restart["start"], run: Run<P>): Outcome {
  const { theta, evaluations, result } = run;
  const { history, params: _, ...rest } = result;
  const nearSingular = family.nearSingular(theta).length > 0;
  return { theta, history, restart: { start, ...rest, evaluations, nearSingular } };
}

/** The best run's parameters, in ascending order unless the start gave one, and the report on all. */
export function bestOf<P>(
  family: Family<P>,
  runs: readonly Outcome[],
  totalWeight: number,
): { params: P; report: FitReport } {
  const { theta, history, restart } = runs.reduce((best, run) => (isBetter(run.restart, best.restart) ? run : best));
  const final = restart.start === "given" ? theta : sortByLocation(family, theta);
  const warnings = warningsOf(family, final, restart, totalWeight);
  const restarts = runs.map((run) => run.restart);
  return { params: family.unpack(final), report: { ...restart, history, restarts, warnings } };
}

/** A likelihood that grows without bound near singular covariances says nothing, so a sound fit goes before. */
function isBetter(one: Restart, other: Restart): boolean {
  if (one.nearSingular !== other.nearSingular) return other.nearSingular;
  return one.logLikelihood > other.logLikelihood;
}

interface Start {
  readonly kind: StartKind | "given";
  readonly theta: Float64Array;
}

function givenStart<P extends Weighted>(family: Family<P>, data: Data, init: GivenInit<P>): Start {
  if ("weights" in init) return { kind: "given", theta: family.pack(init) };
  const { components } = family;
  const rows =
    "labels" in init
      ? readLabels(init.labels, data.rows, components)
      : readResponsibilities(init.responsibilities, data.rows, components);
  return { kind: "given", theta: mStep(family, withoutMissing(data), rows) };
}

function readLabels(labels: ArrayLike<number>, rows: number, components: number): Responsibilities {
  checkLength(labels, rows, "labels");
  for (let row = 0; row < rows; row++) {
    if (Number.isInteger(labels[row]) && labels[row] >= 0 && labels[row] < components) continue;
    const rule = `must be an integer from 0 to ${components - 1}`;
    throw new InputError({ name: "labels", row }, rule, labels[row], "Number the components from 0.");
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

function warningsOf<P>(family: Family<P>, theta: Float64Array, restart: Restart, totalWeight: number): FitWarning[] {
  const warnings: FitWarning[] = [];
  const warn = (name: FitWarning["name"], components: readonly number[], message: string) =>
    warnings.push({ name, components, message });
  if (!restart.converged)
    warn(
      "notConverged",
      [],
      `EM stopped after ${restart.iterations} updates (${restart.reason}), short of its tolerance. Raise maxIter or tol, or set acceleration.`,
    );
  const singular = family.nearSingular(theta);
  if (singular.length > 0)
    warn(
      "nearSingular",
      singular,
      `The covariance of component ${singular.join(", ")} is nearly singular and held up by the floor, so the likelihood says little. Use fewer components, another covariance type, or regCovar.`,
    );
  const weights = theta.subarray(0, family.components);
  const empty = [...weights.keys()].filter((k) => weights[k] * totalWeight < emptyWeight);
  if (empty.length > 0)
    warn(
      "emptyComponent",
      empty,
      `Component ${empty.join(", ")} holds less than a millionth of an observation. Use fewer components.`,
    );
  return warnings;
}
