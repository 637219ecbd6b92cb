import { checkFinite, checkLength } from "../checks.js";
import { InputError } from "../errors.js";
import { whiten } from "../linear-algebra.js";

/** Checks that a matrix is symmetric and positive definite. */
export function checkMatrix(matrix: readonly ArrayLike<number>[], columns: number, name: string): void {
  const entries = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++) {
    checkLength(matrix[i], columns, `${name}[${i}]`);
    for (let j = 0; j < columns; j++) {
      const entry = matrix[i][j];
      // Places become text only where something is wrong: for large matrices that takes longer than to check them.
      const place = () => `${name}[${i}][${j}]`;
      if (!Number.isFinite(entry)) checkFinite(entry, place());
      if (j < i)
        checkEqual(entry, matrix[j][i], matrix[i][i], place, () => `must equal its mirror image ${matrix[j][i]}`);
      entries[i * columns + j] = entry;
    }
  }
  if (Number.isNaN(whiten(entries, entries, columns))) {
    const remedy = "Its variances must be above 0, and no column a combination of others.";
    throw new InputError(name, "must be positive definite", JSON.stringify(matrix), remedy);
  }
}

/** Figures that a caller computed or copied may differ this much, relative, where they should be equal. */
const roundingOfGivenFigures = 1e-9;

export function checkEqual(
  value: number,
  expected: number,
  scale: number,
  place: () => string,
  rule: () => string,
): void {
  if (Math.abs(value - expected) > roundingOfGivenFigures * Math.abs(scale))
    throw new InputError(place(), rule(), value, "Covariances are symmetric; choose a type that allows these.");
}
