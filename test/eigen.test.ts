import assert from "node:assert/strict";
import { test } from "node:test";
import { eigen } from "../packages/mixtures/src/eigen.js";
import { uniform } from "./uniform.js";

/** B Bᵀ, with B of so many random columns: of that rank. */
function product(size: number, rank: number): Float64Array {
  const random = uniform(100 * size + rank);
  const rows = Array.from({ length: size }, () => Array.from({ length: rank }, () => random() - 0.5));
  return Float64Array.from(rows.flatMap((a) => rows.map((b) => a.reduce((sum, entry, i) => sum + entry * b[i], 0))));
}

test("eigen makes the matrix anew, of any size and rank, from vectors at right angles", () => {
  const shapes = [
    [1, 1],
    [2, 2],
    [2, 1],
    [3, 0],
    [5, 2],
    [20, 20],
    [50, 30],
    [100, 40],
  ];
  for (const [size, rank] of shapes) {
    const matrix = product(size, rank);
    const { values, vectors } = eigen(matrix, size);
    const vector = (k: number) => vectors.subarray(k * size, (k + 1) * size);
    const largest = Math.max(...matrix.map(Math.abs));
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        let entry = 0;
        let angle = 0;
        for (let k = 0; k < size; k++) {
          entry += values[k] * vector(k)[i] * vector(k)[j];
          angle += vector(i)[k] * vector(j)[k];
        }
        // Some rounding errors of the largest entry for each of `size` terms.
        const tolerance = 4 * size * Number.EPSILON;
        assert.ok(Math.abs(entry - matrix[i * size + j]) <= tolerance * largest, `${size}, ${rank}: ${i}, ${j}`);
        assert.ok(Math.abs(angle - (i === j ? 1 : 0)) <= tolerance, `${size}, ${rank}: vectors ${i}, ${j}`);
      }
  }
});

test("eigen knows matrices that are diagonal, that fall into two, and that hold NaN", () => {
  assert.deepEqual([...eigen(Float64Array.of(3, 0, 0, 0, 1, 0, 0, 0, 2), 3).values].sort(), [1, 2, 3]);
  assert.deepEqual(
    [...eigen(Float64Array.of(0, 1, 1, 0), 2).values].map((value) => Number(value.toFixed(12))).sort(),
    [-1, 1],
  );
  assert.ok(eigen(new Float64Array(9).fill(Number.NaN), 3).values.every(Number.isNaN));
});
