// Interrupts. An await written in a cell throws an InterruptedError, as Python's would, so that loops around it stop and
// `finally` blocks run. (Stock tslab only stops waiting for the cell, which then runs on unseen.)

export class InterruptedError extends Error {
  /** Written out, as bundles shorten names. */
  static override readonly name = "InterruptedError";
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
