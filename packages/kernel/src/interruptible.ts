// The end of code that does not await, where an interrupt finds nothing to reject (engine/awaits.ts): through the inspector.
// The wire thread asks it to call into this thread, which works even inside a loop.
import { Session } from "node:inspector";
import { InterruptedError } from "./engine/awaits.js";
import { internal } from "./traces.js";

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
