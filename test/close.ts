import { AssertionError } from "node:assert/strict";

/**
 * Asserts that numbers, or nested arrays of them, agree to a relative tolerance. A figure near 0 has no relative
 * precision to speak of: `scale` is the least magnitude that the tolerance is taken of.
 */
export function assertClose(actual: unknown, expected: unknown, tolerance: number, what = "value", scale = 0): void {
  if (typeof expected === "number" && typeof actual === "number") {
    const error = Math.abs(actual - expected);
    if (error <= tolerance * Math.max(Math.abs(expected), scale)) return;
    throw new AssertionError({ message: `${what}: ${actual} is not ${expected} to ${tolerance}`, actual, expected });
  }
  if (Array.isArray(expected) && Array.isArray(actual) && actual.length === expected.length) {
    for (const [index, entry] of expected.entries())
      assertClose(actual[index], entry, tolerance, `${what}[${index}]`, scale);
    return;
  }
  throw new AssertionError({ message: `${what} has another shape`, actual, expected });
}
