import { InputError } from "./errors.js";
import { now, turnOfEvents } from "./platform.js";

/** Work in small steps, between which whoever runs it may do something else. */
export type Work<R> = Generator<void, R, void>;

/** What an `AbortSignal` has that is used here: those of browsers and of Node are such signals. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
}

/** Where a fit stands. */
export interface Progress {
  /**
   * What is under way: "starts" are tried by a few updates each, "restarts" run to their end, the best one takes "polish";
   * of a fit to chunks these are over a sample, and "passes" over all.
   */
  readonly stage: "starts" | "restarts" | "polish" | "passes";
  /** How many of the stage's runs there are, and how many of them are finished. */
  readonly runs: number;
  readonly finished: number;
  /** The updates that the present run has made. */
  readonly iteration: number;
  /** The present run's total log-likelihood: for "starts" on a large data set, that of the rows which they are tried on. */
  readonly logLikelihood: number;
}

/** How long work is watched and cut short. */
export interface WorkOptions<P extends Progress = Progress> {
  /** Called after every start tried, every update of a restart, and at the end of each. */
  readonly onProgress?: (progress: P) => unknown;
  /**
   * An `AbortSignal`: once it is aborted, the work ends at the next update with its reason thrown, an AbortError unless
   * you gave another, and no thread is left behind.
   */
  readonly signal?: Signal;
}

export const workOptions = ["onProgress", "signal"] as const satisfies readonly (keyof WorkOptions)[];

/** Does work to its end at once. */
export function finish<R>(work: Work<R>): R {
  let turn = work.next();
  while (!turn.done) turn = work.next();
  return turn.value;
}

/** Does work to its end with pauses, in which timers, input and requests get their turn. The result is the same. */
export async function finishAsync<R>(work: Work<R>, signal: Signal | undefined): Promise<R> {
  const rest = restFrom(signal);
  try {
    let turn = work.next();
    while (!turn.done) {
      await rest();
      turn = work.next();
    }
    return turn.value;
  } finally {
    // Where it was aborted, it lets go of what it holds.
    work.return(undefined as never);
  }
}

/** Milliseconds of work at a stretch: half of what a screen has for a frame. */
const stretch = 8;

/** What to await between steps of work. @throws the signal's reason where there is one, and it is aborted */
export type Rest = () => Promise<void> | undefined;

/** Makes a rest, which pauses where there was enough work since the last pause. */
export function restFrom(signal?: Signal): Rest {
  let begun = now();
  return () => {
    throwIfAborted(signal);
    if (now() - begun < stretch) return undefined;
    return turnOfEvents().then(() => {
      begun = now();
      throwIfAborted(signal);
    });
  };
}

/** @throws InputError where it is no signal; its reason where it is aborted */
export function checkSignal(signal: Signal | undefined): void {
  if (signal !== undefined && typeof (signal as Signal | null)?.aborted !== "boolean")
    throw new InputError("signal", "must be an AbortSignal", signal, "Give the signal of an AbortController.");
  throwIfAborted(signal);
}

/** @throws the signal's reason where it is aborted */
export function throwIfAborted(signal: Signal | undefined): void {
  if (signal?.aborted) throw signal.reason;
}
