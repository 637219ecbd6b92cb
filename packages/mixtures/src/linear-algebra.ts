import { eigen } from "./eigen.js";

// Small dense matrices, D × D, row after row in a flat array at an offset.

/**
 * The inverse W of the Cholesky factor of a symmetric positive definite matrix S: S⁻¹ = WᵀW, W lower triangular.
 * Only the lower triangle of S is read.
 *
 * @returns log det W = −½ log det S; NaN where S is not positive definite
 */
export function whiten(matrix: Float64Array, whitener: Float64Array, size: number, from = 0, to = from): number {
  let logDeterminant = 0;
  // Cholesky: S = L Lᵀ, with L written where W will stand.
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[from + i * size + j];
      for (let k = 0; k < j; k++) sum -= whitener[to + i * size + k] * whitener[to + j * size + k];
      if (i > j) whitener[to + i * size + j] = sum / whitener[to + j * size + j];
      else {
        if (!(sum > 0)) return Number.NaN;
        whitener[to + i * size + i] = Math.sqrt(sum);
        logDeterminant -= 0.5 * Math.log(sum);
      }
    }
  }
  // W = L⁻¹ in place, column by column.
  for (let j = 0; j < size; j++) {
    whitener[to + j * size + j] = 1 / whitener[to + j * size + j];
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= whitener[to + i * size + k] * whitener[to + k * size + j];
      whitener[to + i * size + j] = sum / whitener[to + i * size + i];
      whitener[to + j * size + i] = 0;
    }
  }
  return logDeterminant;
}

/**
 * Lifts a covariance matrix S, in place, onto a floor: afterwards vᵀSv ≥ vᵀFv for all v, F = diag(floors). In the
 * scale where F is the identity, eigenvalues below 1 become 1. Of all matrices above the floor that is the one which
 * maximises the normal likelihood, so EM with a floor still climbs.
 *
 * @param floors none where undefined
 * @returns whether S was below the floor or on it; without a floor, whether S is singular
 */
export function liftEigenvalues(matrix: Float64Array, floors: Float64Array | undefined): boolean {
  const size = Math.sqrt(matrix.length);
  const whitener = new Float64Array(size * size);
  const singular = Number.isNaN(whiten(matrix, whitener, size));
  if (floors === undefined) return singular;
  if (!singular) {
    // The greatest eigenvalue of F S⁻¹ is at most its trace, so a small trace clears S without eigenvalues.
    let trace = 0;
    for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) trace += whitener[i * size + j] ** 2 * floors[j];
    if (trace * (1 + floorTolerance) < 1) return false;
  }
  const root = floors.map(Math.sqrt);
  const scaled = matrix.map((entry, at) => entry / (root[Math.floor(at / size)] * root[at % size]));
  const { values, vectors } = eigen(scaled, size);
  // Below this share of the largest, an eigenvalue is lost in its rounding, and no Cholesky factor would be found.
  const least = Math.max(1, leastCondition * values.reduce((most, value) => Math.max(most, value), 0));
  if (values.every((value) => value > least * (1 + floorTolerance))) return false;
  matrix.fill(0);
  for (let k = 0; k < size; k++) {
    const value = Math.max(values[k], least);
    for (let i = 0; i < size; i++) {
      const weight = value * vectors[k * size + i] * root[i];
      for (let j = 0; j <= i; j++) matrix[i * size + j] += weight * vectors[k * size + j] * root[j];
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) matrix[j * size + i] = matrix[i * size + j];
  return true;
}

const leastCondition = 1e-13;

/** An eigenvalue this near to the floor lies on it: eigenvalues up to 1e10 floors are exact to 1e-6 floors. */
export const floorTolerance = 1e-5;
