import { checkFunction, checkInteger, checkNotNegative, checkOptions } from "./checks.js";
import { InputError, StepError, show } from "./errors.js";
import { checkSignal, type Signal, throwIfAborted } from "./work.js";

/** What one EM step hands back: the new parameters, and the log-likelihood of the parameters it was GIVEN. */
export interface StepResult<P> {
  readonly params: P;
  readonly logLikelihood: number;
}

/** One E-step and one M-step: a pure function from parameters to new ones. */
export type Step<P> = (params: P) => StepResult<P>;

/** What `onIteration` is shown after each number of updates, from 0 (the start) on. */
export interface Iteration<P> {
  /** The number of updates made so far. */
  readonly iteration: number;
  readonly params: P;
  /** The total log-likelihood (natural logarithm) of `params`. */
  readonly logLikelihood: number;
}

export interface EmOptions<P> {
  /**
   * Stop once an update changes the total log-likelihood by less than this: |Δℓ| < tol. 1e-10 unless given; with 0 the
   * loop makes `maxIter` updates.
   */
  readonly tol?: number;
  /** Stop after this many updates; 1000 unless given. */
  readonly maxIter?: number;
  /** Called with the start and after every update; returning false stops the loop. */
  readonly onIteration?: (iteration: Iteration<P>) => unknown;
  /** An `AbortSignal`: once it is aborted, the loop ends before the next step with its reason thrown. */
  readonly signal?: Signal;
}

/** Why the loop ended: the tolerance was met, the updates ran out, or `onIteration` said so. */
export type StopReason = "tolerance" | "maxIter" | "stopped";

export interface EmResult<P> {
  readonly params: P;
  /** The total log-likelihood (natural logarithm) of `params`. */
  readonly logLikelihood: number;
  /** history[t]: the log-likelihood after t updates; history[0] is the start's. */
  readonly history: readonly number[];
  /** The number of updates made. */
  readonly iterations: number;
  /** Whether the tolerance was met. */
  readonly converged: boolean;
  readonly reason: StopReason;
  readonly warnings: readonly EmWarning[];
}

/** What EM never does when the step is right: an update that lowered the log-likelihood by more than rounding. */
export interface EmWarning {
  readonly name: "logLikelihoodFell";
  /** The updates, from 1. */
  readonly iterations: readonly number[];
  readonly message: string;
}

/** A fall of ℓ below this share of it is rounding. */
const rounding = 1e-9;

/**
 * The EM loop, for any model: repeats `step` from `start` until the log-likelihood stands still.
 *
 * Each step makes the E-step at the parameters it is given, which yields their log-likelihood ℓ(θ_t), and the M-step
 * to θ_{t+1}. EM guarantees ℓ(θ_{t+1}) ≥ ℓ(θ_t). The result's parameters and log-likelihood belong together, so a run
 * of t updates calls `step` t + 1 times.
 *
 * @param start the parameters θ_0
 * @param step one E-step and M-step
 * Where an update lowers the log-likelihood, the result has a warning: a sign that the step is not EM's.
 *
 * @throws InputError for options out of range or a step that returns something else; StepError where a log-likelihood is
 * no finite number
 * @see Dempster, Laird & Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm
 * @example
 * // Linkage of genes: Dempster, Laird & Rubin's first example
 * const { params } = em(0.5, (θ) => {
 *   const hidden = (125 * θ) / (2 + θ);
 *   return {
 *     params: (hidden + 34) / (hidden + 18 + 20 + 34),
 *     logLikelihood: 125 * Math.log(2 + θ) + 38 * Math.log(1 - θ) + 34 * Math.log(θ),
 *   };
 * });
 */
export function em<P>(start: P, step: Step<P>, options: EmOptions<P> = {}): EmResult<P> {
  const run = emTurns(start, options);
  let turn = run.next();
  while (!turn.done) turn = run.next(step(turn.value));
  return turn.value;
}

/** The same loop around a step that takes its time, such as one that reads its data anew. */
export async function emAsync<P>(
  start: P,
  step: (params: P) => Promise<StepResult<P>>,
  options: EmOptions<P> = {},
): Promise<EmResult<P>> {
  const run = emTurns(start, options);
  let turn = run.next();
  while (!turn.done) turn = run.next(await step(turn.value));
  return turn.value;
}

/** The loop itself: yields parameters, is given what the step makes of them, and returns the result. */
export function* emTurns<P>(start: P, options: EmOptions<P>): Generator<P, EmResult<P>, StepResult<P>> {
  checkOptions(options, ["tol", "maxIter", "onIteration", "signal"]);
  const { tol = 1e-10, maxIter = 1000, onIteration, signal } = options;
  checkNotNegative(tol, "tol");
  checkInteger(maxIter, 0, "maxIter");
  checkFunction(onIteration, "onIteration");
  checkSignal(signal);
  const history: number[] = [];
  const falls: number[] = [];
  for (let iteration = 0, params = start; ; iteration++) {
    const { params: next, logLikelihood } = checkResult(yield params);
    if (!Number.isFinite(logLikelihood)) throw notFinite(iteration, logLikelihood);
    history.push(logLikelihood);
    const fall = iteration === 0 ? 0 : history[iteration - 1] - logLikelihood;
    if (fall > rounding * Math.max(1, Math.abs(logLikelihood))) falls.push(iteration);
    const stopped = onIteration?.({ iteration, params, logLikelihood }) === false;
    const met = !stopped && iteration > 0 && Math.abs(logLikelihood - history[iteration - 1]) < tol;
    if (stopped || met || iteration === maxIter) {
      const reason = stopped ? "stopped" : met ? "tolerance" : "maxIter";
      const warnings = warningsOf(falls);
      return { params, logLikelihood, history, iterations: iteration, converged: met, reason, warnings };
    }
    throwIfAborted(signal);
    params = next;
  }
}

function notFinite(iteration: number, logLikelihood: unknown): StepError {
  return new StepError({
    step: `The step after ${iteration} updates`,
    found: `returned the log-likelihood ${show(logLikelihood)}, which must be a finite number`,
    remedy:
      "The start may give some observation the probability 0, or a component may have collapsed: try another start.",
    iteration,
  });
}

function checkResult<P>(result: StepResult<P>): StepResult<P> {
  const remedy = "Return { params, logLikelihood }.";
  if (typeof (result as { then?: unknown } | undefined)?.then === "function")
    throw new InputError("the step", "must return its result", result, "Use emAsync for a step that is asynchronous.");
  if (typeof result !== "object" || result === null)
    throw new InputError("the step's result", "must be an object", result, remedy);
  if (result.params === undefined)
    throw new InputError("the step's result", "must have the next params", undefined, remedy);
  return result;
}

function warningsOf(falls: readonly number[]): EmWarning[] {
  if (falls.length === 0) return [];
  const message =
    `The log-likelihood fell at update ${falls.join(", ")}, which EM never does: look for a fault in the M-step, or for ` +
    "a log-likelihood of other parameters than the step was given.";
  return [{ name: "logLikelihoodFell", iterations: falls, message }];
}
