// Interrupts. An await written in a cell throws an InterruptedError, as Python's would, so that loops around it stop and
// `finally` blocks run. (Stock tslab only stops waiting for the cell, which then runs on unseen.) Code that does not await
// is ended through the inspector: the wire thread asks it to call into this thread, which works even inside a loop.
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

/** The same for the source of a `for await` loop: each of its items is awaited so. */
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
 * Runs the kernel's own work, which no interrupt may end half-way. Calls may nest, and then the end of the inner call
 * counts as the end of both: starting a cell includes converting it, and what runs after that is the reader's code.
 */
export function uninterrupted<T>(work: () => T): T {
  ownWork = true;
  try {
    return work();
  } finally {
    ownWork = false;
  }
}

/** For this many attempts, only the reader's own code is ended, not code of Node that it has called. */
const careful = 20;

/**
 * Ends the reader's code if it was running when the inspector called. Call this again until the event loop turns, which
 * shows that the code has ended: in a loop of promise jobs, V8 sometimes drops the request.
 *
 * @param times how often it has been called for this interrupt
 */
export function endRunningCode(times: number): void {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  Error.prepareStackTrace = (_, frames) => frames.slice(3); // this function, its caller, the inspector's expression
  const frames = (new Error().stack as unknown as readonly object[]).map(String);
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  // Leave out built-in functions, which have no place in a file, and functions that are suspended at an await.
  const running = frames.filter((frame) => /:\d+:\d+\)?$/.test(frame) && !frame.startsWith("async "));
  // Node's own code must not be ended half-way: its queues would be inconsistent.
  if (ownWork || running.slice(0, times > careful ? Infinity : 1).every((frame) => internal.test(frame))) return;
  clearContexts();
  const inspector = new Session();
  setImmediate(() => inspector.disconnect());
  inspector.connect();
  inspector.post("Runtime.terminateExecution", clearContexts); // again after the end: another job may have begun by then
}

/**
 * Code that is ended leaves entries in Node's stack of async contexts. Node would find that stack corrupted and abort the
 * process; but it clears the stack after an uncaught exception, so this reports one.
 */
function clearContexts(): void {
  const before = ownWork; // the listener for uncaught exceptions sets it to false
  (process as unknown as { _fatalException(error: unknown): void })._fatalException(new InterruptedError());
  ownWork = before;
}
