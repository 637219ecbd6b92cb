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
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations: S = Σ_k values[k] v_k v_kᵀ with v_k the
 * k-th column of `vectors`. Accurate to rounding for the small matrices met here.
 * @see Golub & Van Loan, Matrix Computations, section 8.5
 */
export function eigen(symmetric: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(symmetric);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  // Jacobi converges quadratically: a handful of sweeps do; the bound only guards against NaN.
  for (let sweep = 0; sweep < 50; sweep++) {
    let rotated = false;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        const apq = a[p * size + q];
        const diagonal = Math.sqrt(Math.abs(a[p * size + p] * a[q * size + q]));
        if (Math.abs(apq) <= Number.EPSILON * diagonal || Math.abs(apq) < Number.MIN_VALUE / Number.EPSILON) continue;
        rotated = true;
        const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq);
        const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(1, theta));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = tangent * cosine;
        rotate(a, size, p, q, size, cosine, sine);
        rotate(a, size, p * size, q * size, 1, cosine, sine);
        rotate(vectors, size, p, q, size, cosine, sine);
      }
    if (!rotated) break;
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]), vectors };
}

/** Rotates two rows of a matrix, or two columns: lines that begin at p and q and go on by a stride. */
function rotate(a: Float64Array, size: number, p: number, q: number, stride: number, c: number, s: number): void {
  for (let step = 0; step < size; step++) {
    const [atP, atQ] = [p + step * stride, q + step * stride];
    const [x, y] = [a[atP], a[atQ]];
    a[atP] = c * x - s * y;
    a[atQ] = s * x + c * y;
  }
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
  if (values.every((value) => value > 1 + floorTolerance)) return false;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += Math.max(values[k], 1) * vectors[i * size + k] * vectors[j * size + k];
      matrix[i * size + j] = sum * root[i] * root[j];
      matrix[j * size + i] = matrix[i * size + j];
    }
  return true;
}

/** An eigenvalue this near to the floor lies on it: eigenvalues up to 1e10 floors are exact to 1e-6 floors. */
export const floorTolerance = 1e-5;
