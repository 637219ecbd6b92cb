/** Eigenvalues, and eigenvectors as the rows of a matrix: S = Σ_k values[k] v_k v_kᵀ. */
export interface Eigen {
  readonly values: Float64Array;
  /** D × D: the k-th row is v_k. */
  readonly vectors: Float64Array;
}

/**
 * The eigenvalues and eigenvectors of a symmetric matrix, by Householder's reduction to tridiagonal form and implicit QL
 * steps: O(D³), singular or not. The errors of the eigenvalues are some rounding errors of the largest.
 *
 * @param symmetric D × D, row after row, of which the lower triangle is read
 * @see Golub & Van Loan, Matrix Computations, sections 8.3.1 and 8.3.3
 */
export function eigen(symmetric: Float64Array, size: number): Eigen {
  const vectors = Float64Array.from(symmetric);
  const values = new Float64Array(size);
  const next = new Float64Array(size);
  tridiagonalise(vectors, values, next, size);
  transpose(vectors, size);
  diagonalise(vectors, values, next, size);
  return { values, vectors };
}

/**
 * S = Q T Qᵀ by Householder reflections, from the last row up. Q is written over S, T's diagonal to `diagonal`, and what
 * stands below its diagonal, from index 1, to `below`.
 */
function tridiagonalise(q: Float64Array, diagonal: Float64Array, below: Float64Array, size: number): void {
  for (let i = size - 1; i > 0; i--) {
    // The reflection takes row i, left of the diagonal, to a multiple of its last entry; u is that row minus the multiple.
    const u = q.subarray(i * size, i * size + i);
    const scale = u.reduce((sum, entry) => sum + Math.abs(entry), 0);
    if (i === 1 || scale === 0) {
      below[i] = u[i - 1];
      diagonal[i] = 0;
      continue;
    }
    let square = 0;
    for (let k = 0; k < i; k++) {
      u[k] /= scale;
      square += u[k] * u[k];
    }
    const last = u[i - 1];
    const length = last > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    below[i] = scale * length;
    const half = square - last * length;
    u[i - 1] = last - length;
    // p = S u / half, then S − u wᵀ − w uᵀ with w = p − (uᵀp / 2 half) u.
    const w = below.subarray(0, i);
    w.fill(0);
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < j; k++) {
        sum += q[j * size + k] * u[k];
        w[k] += q[j * size + k] * u[j];
      }
      w[j] += sum + q[j * size + j] * u[j];
    }
    let product = 0;
    for (let j = 0; j < i; j++) {
      w[j] /= half;
      product += w[j] * u[j];
    }
    const shift = product / (2 * half);
    for (let j = 0; j < i; j++) w[j] -= shift * u[j];
    for (let j = 0; j < i; j++) for (let k = 0; k <= j; k++) q[j * size + k] -= u[j] * w[k] + w[j] * u[k];
    // For the product of the reflections, below.
    diagonal[i] = half;
  }
  diagonal[0] = 0;
  below[0] = 0;
  // Q, reflection by reflection: the u lie in the rows, 2 / |u|² in `diagonal`.
  for (let i = 0; i < size; i++) {
    const half = diagonal[i];
    if (half !== 0) {
      const products = new Float64Array(i);
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) products[j] += q[i * size + k] * q[k * size + j];
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) q[k * size + j] -= (products[j] * q[i * size + k]) / half;
    }
    diagonal[i] = q[i * size + i];
    q[i * size + i] = 1;
    for (let k = 0; k < i; k++) {
      q[i * size + k] = 0;
      q[k * size + i] = 0;
    }
  }
}

function transpose(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) {
      const entry = matrix[i * size + j];
      matrix[i * size + j] = matrix[j * size + i];
      matrix[j * size + i] = entry;
    }
}

/** More steps than any eigenvalue takes: a bound against numbers that are none. */
const mostSteps = 60;

/**
 * The eigenvalues of a tridiagonal matrix, written over its diagonal, by QL steps with Wilkinson's shift; the rotations
 * are made in the rows of `vectors` as well. What stands below the diagonal is taken for 0 once it is a rounding error of
 * the matrix: the small eigenvalues of a singular matrix need no more.
 */
function diagonalise(vectors: Float64Array, diagonal: Float64Array, below: Float64Array, size: number): void {
  below.copyWithin(0, 1);
  below[size - 1] = 0;
  let norm = 0;
  for (let i = 0; i < size; i++) norm = Math.max(norm, Math.abs(diagonal[i]) + Math.abs(below[i]));
  const negligible = Number.EPSILON * norm;
  for (let first = 0; first < size; first++)
    for (let step = 0; step < mostSteps; step++) {
      let last = first;
      while (last < size - 1 && Math.abs(below[last]) > negligible) last++;
      if (last === first) break;
      qlStep(vectors, diagonal, below, size, first, last);
    }
}

/** One implicit QL step on the rows from `first` to `last`: a bulge at the lower end is chased up by rotations. */
function qlStep(
  vectors: Float64Array,
  diagonal: Float64Array,
  below: Float64Array,
  size: number,
  first: number,
  last: number,
): void {
  const ratio = (diagonal[first + 1] - diagonal[first]) / (2 * below[first]);
  const root = ratio < 0 ? ratio - Math.hypot(ratio, 1) : ratio + Math.hypot(ratio, 1);
  let along = diagonal[last] - diagonal[first] + below[first] / root;
  let [cosine, sine, shifted] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const bulge = sine * below[i];
    const rest = cosine * below[i];
    const length = Math.hypot(bulge, along);
    below[i + 1] = length;
    if (length === 0) {
      // The matrix falls into two by itself.
      diagonal[i + 1] -= shifted;
      below[last] = 0;
      return;
    }
    sine = bulge / length;
    cosine = along / length;
    const corner = diagonal[i + 1] - shifted;
    const turned = (diagonal[i] - corner) * sine + 2 * cosine * rest;
    shifted = sine * turned;
    diagonal[i + 1] = corner + shifted;
    along = cosine * turned - rest;
    rotateRows(vectors, size, i, cosine, sine);
  }
  diagonal[first] -= shifted;
  below[first] = along;
  below[last] = 0;
}

function rotateRows(matrix: Float64Array, size: number, row: number, cosine: number, sine: number): void {
  const at = row * size;
  for (let j = at; j < at + size; j++) {
    const [upper, lower] = [matrix[j], matrix[j + size]];
    matrix[j] = cosine * upper - sine * lower;
    matrix[j + size] = sine * upper + cosine * lower;
  }
}
