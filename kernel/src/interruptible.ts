// Makes every `await` written in a cell end when the reader interrupts, as Python's would: the pending await throws an
// InterruptedError, so loops after it stop and `finally` blocks run. Stock tslab gives up waiting for the cell, which
// goes on behind the reader's back.
import type * as TS from "@tslab/typescript-for-tslab";
import { InterruptedError } from "./errors.js";

const pending = new Set<(error: Error) => void>();

/** A promise with the outcome of `value`, unless the reader interrupts first. */
export function interruptible(value: unknown): unknown {
  if (typeof (value as PromiseLike<unknown> | undefined)?.then !== "function") return value;
  return new Promise((resolve, reject) => {
    pending.add(reject);
    (value as PromiseLike<unknown>).then(
      (result) => {
        pending.delete(reject);
        resolve(result);
      },
      (error) => {
        pending.delete(reject);
        reject(error);
      },
    );
  });
}

/** The same for what `for await` goes through. */
interruptible.each = async function* (source: AsyncIterable<unknown> & Iterable<unknown>): AsyncIterable<unknown> {
  const items = source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]();
  let ended = false;
  try {
    while (true) {
      const item = (await interruptible(items.next())) as IteratorResult<unknown>;
      ended = item.done === true;
      if (ended) return;
      yield await interruptible(item.value);
    }
  } finally {
    if (!ended) await items.return?.();
  }
};

/** Ends every await that is pending in a cell. */
export function interruptAwaits(): void {
  const rejections = [...pending];
  pending.clear();
  for (const reject of rejections) reject(new InterruptedError());
}

/** How the code of a cell names the function above. */
const name = "__tslab__.interruptible";

/** Puts `interruptible` around what a cell awaits. `onTopLevelForAwait` is called where the cell has such a loop. */
export function interruptibleAwaits(
  ts: typeof TS,
  onTopLevelForAwait: () => void,
): TS.TransformerFactory<TS.SourceFile> {
  return (context) => (file) => {
    const wrap = (callee: string, expression: TS.Expression): TS.Expression =>
      ts.factory.createCallExpression(ts.factory.createIdentifier(callee), undefined, [expression]);
    const visit = (node: TS.Node, depth: number): TS.Node => {
      const inner = ts.isFunctionLike(node) ? depth + 1 : depth;
      const seen = ts.visitEachChild(node, (child) => visit(child, inner), context);
      if (ts.isAwaitExpression(seen)) return ts.factory.updateAwaitExpression(seen, wrap(name, seen.expression));
      if (ts.isForOfStatement(seen) && seen.awaitModifier) {
        if (depth === 0) onTopLevelForAwait();
        const { awaitModifier, initializer, statement } = seen;
        const items = wrap(`${name}.each`, seen.expression);
        return ts.factory.updateForOfStatement(seen, awaitModifier, initializer, items, statement);
      }
      return seen;
    };
    return visit(file, 0) as TS.SourceFile;
  };
}
