// Loops that can be ended: each loop of a cell looks now and then whether the reader has pressed Stop. A page on any server
// has only one thing that a busy worker can look at, and that is an address of a blob: it is gone once the page revokes it.
import { InterruptedError } from "em-kernel/engine/awaits";
import ts from "typescript-6";

/** Milliseconds between two looks at the flag, each of which takes some tenths of one. */
const interval = 100;

let flag: string | undefined;
let looked = 0;
/** Whether the flag was seen to be gone. */
let ending = false;
let deadline = Number.POSITIVE_INFINITY;
let tooLong: () => Error = () => new InterruptedError();

/** What a cell's code knows as `__loops`. */
export const loops = {
  /** How many turns loops have made. */
  turns: 0,
  /** Throws where the running code is to end. */
  look(): void {
    const now = performance.now();
    if (now > deadline) endWith(tooLong());
    if (ending) endWith(new InterruptedError());
    if (flag === undefined || now - looked < interval) return;
    looked = now;
    ending = !isReadable(flag);
    if (ending) endWith(new InterruptedError());
  },
};

/** A loop around this one may catch the error: it looks at its next turn. */
function endWith(error: Error): never {
  loops.turns = 0;
  throw error;
}

/** From now on loops end when this address can no longer be read. */
export function watch(address: string | undefined): void {
  flag = address;
  ending = false;
}

function isReadable(address: string): boolean {
  try {
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.send();
    return request.status === 200;
  } catch {
    return false;
  }
}

/** Does work whose loops end with this error where it takes longer than so many milliseconds. */
export function within<T>(work: () => T, milliseconds: number, error: () => Error): T {
  deadline = performance.now() + milliseconds;
  tooLong = error;
  try {
    return work();
  } finally {
    deadline = Number.POSITIVE_INFINITY;
  }
}

/** Puts `__loops.turns++ & 255 || __loops.look();` first into each loop. */
export const watchedLoops: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const { factory } = context;
  const member = (name: string) => factory.createPropertyAccessExpression(factory.createIdentifier("__loops"), name);
  const look = (): ts.Statement => {
    const turns = factory.createPostfixIncrement(member("turns"));
    const isDue = factory.createBinaryExpression(
      turns,
      ts.SyntaxKind.AmpersandToken,
      factory.createNumericLiteral(255),
    );
    const call = factory.createCallExpression(member("look"), undefined, []);
    return factory.createExpressionStatement(factory.createLogicalOr(isDue, call));
  };
  const watched = (body: ts.Statement): ts.Statement =>
    ts.isBlock(body)
      ? factory.updateBlock(body, [look(), ...body.statements])
      : factory.createBlock([look(), body], true);

  function visit(node: ts.Node): ts.Node {
    const seen = ts.visitEachChild(node, visit, context);
    if (ts.isWhileStatement(seen)) return factory.updateWhileStatement(seen, seen.expression, watched(seen.statement));
    if (ts.isDoStatement(seen)) return factory.updateDoStatement(seen, watched(seen.statement), seen.expression);
    if (ts.isForStatement(seen))
      return factory.updateForStatement(
        seen,
        seen.initializer,
        seen.condition,
        seen.incrementor,
        watched(seen.statement),
      );
    if (ts.isForInStatement(seen))
      return factory.updateForInStatement(seen, seen.initializer, seen.expression, watched(seen.statement));
    if (ts.isForOfStatement(seen))
      return factory.updateForOfStatement(
        seen,
        seen.awaitModifier,
        seen.initializer,
        seen.expression,
        watched(seen.statement),
      );
    return seen;
  }
  return ts.visitEachChild(file, visit, context);
};
