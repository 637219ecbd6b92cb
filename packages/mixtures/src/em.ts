import { checkInteger, checkPositive } from "./checks.js";
import { StepError } from "./errors.js";

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
  /** Stop once an update changes the total log-likelihood by less than this: |Δℓ| < tol. Above 0; 1e-10 unless given. */
  readonly tol?: number;
  /** Stop after this many updates; 1000 unless given. */
  readonly maxIter?: number;
  /** Called with the start and after every update; returning false stops the loop. */
  readonly onIteration?: (iteration: Iteration<P>) => unknown;
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
}

/**
 * The EM loop, for any model: repeats `step` from `start` until the log-likelihood stands still.
 *
 * Each step makes the E-step at the parameters it is given, which yields their log-likelihood ℓ(θ_t), and the M-step
 * to θ_{t+1}. EM guarantees ℓ(θ_{t+1}) ≥ ℓ(θ_t). The result's parameters and log-likelihood belong together, so a run
 * of t updates calls `step` t + 1 times.
 *
 * @param start the parameters θ_0
 * @param step one E-step and M-step
 * @throws InputError for options out of range; StepError where a log-likelihood is no finite number
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
  const run = loop(start, options);
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
  const run = loop(start, options);
  let turn = run.next();
  while (!turn.done) turn = run.next(await step(turn.value));
  return turn.value;
}

/** Yields parameters, is given what the step makes of them, and returns the result. */
function* loop<P>(start: P, options: EmOptions<P>): Generator<P, EmResult<P>, StepResult<P>> {
  const { tol = 1e-10, maxIter = 1000, onIteration } = options;
  checkPositive(tol, "tol");
  checkInteger(maxIter, 0, "maxIter");
  const history: number[] = [];
  for (let iteration = 0, params = start; ; iteration++) {
    const { params: next, logLikelihood } = yield params;
    if (!Number.isFinite(logLikelihood)) throw new StepError(iteration, logLikelihood);
    history.push(logLikelihood);
    const stopped = onIteration?.({ iteration, params, logLikelihood }) === false;
    const met = !stopped && iteration > 0 && Math.abs(logLikelihood - history[iteration - 1]) < tol;
    if (stopped || met || iteration === maxIter) {
      const reason = stopped ? "stopped" : met ? "tolerance" : "maxIter";
      return { params, logLikelihood, history, iterations: iteration, converged: met, reason };
    }
    params = next;
  }
}
