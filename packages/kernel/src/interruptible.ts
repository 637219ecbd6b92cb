// Interrupts. Awaits written in a cell throw an InterruptedError, as Python's would, so that loops after them stop and
// `finally` blocks run; stock tslab gives up waiting for the cell, which goes on behind the reader's back. Code that runs
// on is ended by the inspector, which the wire thread lets call into this thread even in the middle of a loop.
import { Session } from "node:inspector";
import { internal } from "./traces.js";

export class InterruptedError extends Error {
  override name = "InterruptedError";
  override message = "the cell was interrupted";
  // Its own trace would show where the kernel stopped the cell, not where the cell was.
  override stack = `${this.name}: ${this.message}`;
}

const pending = new Set<(error: Error) => void>();

/** A promise with the outcome of `value`, unless the reader interrupts first. */
export function interruptible<T>(value: T | PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    pending.add(reject);
    Promise.resolve(value)
      .finally(() => pending.delete(reject))
      .then(resolve, reject);
  });
}

/** The same for what `for await` goes through. */
interruptible.each = (source: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<unknown> => {
  const items = (async function* () {
    yield* source;
  })();
  const each = { next: () => interruptible(items.next()), return: () => items.return() };
  return { [Symbol.asyncIterator]: () => each };
};

/** Ends every await that is pending in a cell. */
export function interruptAwaits(): void {
  for (const reject of pending) reject(new InterruptedError());
  pending.clear();
}

let ownWork = false;

/**
 * Does work of the kernel's own, which no interrupt cuts short. Where one such work contains another, the end of the
 * inner is the end of both: a cell's start contains its conversion, and what runs after that is the reader's code.
 */
export function uninterrupted<T>(work: () => T): T {
  ownWork = true;
  try {
    return work();
  } finally {
    ownWork = false;
  }
}

/** So often code is ended only where it is the reader's own, not where that has called Node. */
const careful = 20;

/**
 * Ends the reader's code, if that was running when the inspector called. To be called until a turn of the event loop shows
 * that it has ended: in loops of promise jobs V8 forgets now and then that it was asked to.
 */
export function endRunningCode(times: number): void {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  Error.prepareStackTrace = (_, frames) => frames.slice(3); // this function, its caller, the inspector's expression
  const frames = (new Error().stack as unknown as readonly object[]).map(String);
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  // Neither builtin functions, which have no place, nor what awaits.
  const running = frames.filter((frame) => /:\d+:\d+\)?$/.test(frame) && !frame.startsWith("async "));
  // Node's own code must not be ended: its queues would be left half changed.
  if (ownWork || running.slice(0, times > careful ? Infinity : 1).every((frame) => internal.test(frame))) return;
  clearContexts();
  const inspector = new Session();
  setImmediate(() => inspector.disconnect());
  inspector.connect();
  inspector.post("Runtime.terminateExecution", clearContexts); // and when it has ended, for it may begin another job before
}

/**
 * Ended code leaves its entries in Node's stack of async contexts, which Node would find corrupted and abort; after an
 * uncaught exception it clears that stack.
 */
function clearContexts(): void {
  const before = ownWork; // to which the listener puts an end
  (process as unknown as { _fatalException(error: unknown): void })._fatalException(new InterruptedError());
  ownWork = before;
}
