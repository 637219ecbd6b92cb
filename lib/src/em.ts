import { checkCount, checkNotNegative, checkOptions } from "./checks.js";
import { InputError } from "./errors.js";

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
  /** Stop once an update changes the total log-likelihood by less than this: |Δℓ| < tol. 1e-10 unless given; 0 never stops. */
  readonly tol?: number | undefined;
  /** Stop after this many updates; 1000 unless given. */
  readonly maxIter?: number | undefined;
  /** Called with the start and after every update; returning false stops the loop. */
  readonly onIteration?: ((iteration: Iteration<P>) => unknown) | undefined;
}

/** The options of `em`, by name. */
export const emOptions = ["tol", "maxIter", "onIteration"] as const;

/** Why the loop ended: `onIteration` said so, the tolerance was met, or the updates ran out. */
export type StopReason = "stopped" | "tolerance" | "maxIter";

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
 * Each step makes the E-step at the parameters θ_t that it is given, which yields their log-likelihood ℓ(θ_t), and the
 * M-step to θ_{t+1}. EM promises ℓ(θ_{t+1}) ≥ ℓ(θ_t). The result's parameters and log-likelihood belong together, so
 * that a run of t updates calls `step` t + 1 times.
 *
 * @throws InputError for options out of range or misspelt, or a log-likelihood that is no finite number
 * @see Dempster, Laird & Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm
 */
export function em<P>(start: P, step: Step<P>, options: EmOptions<P> = {}): EmResult<P> {
  checkOptions(options, emOptions);
  const { tol = 1e-10, maxIter = 1000, onIteration } = options;
  checkNotNegative(tol, "tol");
  checkCount(maxIter, "maxIter");

  const history: number[] = [];
  let params = start;
  for (let iteration = 0; ; iteration++) {
    const { params: next, logLikelihood } = step(params);
    checkLogLikelihood(logLikelihood, iteration);
    history.push(logLikelihood);

    const stopped = onIteration?.({ iteration, params, logLikelihood }) === false;
    const converged = !stopped && iteration > 0 && Math.abs(logLikelihood - history[iteration - 1]) < tol;
    if (stopped || converged || iteration === maxIter) {
      const reason = stopped ? "stopped" : converged ? "tolerance" : "maxIter";
      return { params, logLikelihood, history, iterations: iteration, converged, reason };
    }
    params = next;
  }
}

function checkLogLikelihood(value: unknown, iteration: number): void {
  if (Number.isFinite(value)) return;
  const remedy = "Under these parameters some observation has the probability 0, or a component has collapsed.";
  throw new InputError(`the log-likelihood after ${iteration} updates`, "must be a finite number", value, remedy);
}
