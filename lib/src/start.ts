import { columnMoments } from "./column-moments.js";
import type { Data } from "./data.js";
import type { Responsibilities } from "./family.js";
import { drawIndex, type Random } from "./random.js";

/** A kind of start: centres far apart and then moved by k-means, or rows picked at random. */
export type StartKind = "k-means++" | "random";

/** What a row's own cluster gets of its responsibility in a start; the rest is shared by all components alike. */
const ownShare = 0.999;

/** Rounds of k-means after the seeding: a start need not be a k-means optimum. */
const rounds = 10;

/**
 * A start: rows belong to the nearest of K centres, distances being in units of the columns' deviations, and their
 * responsibilities are softened, so that no component begins empty, collapsed or with a chance of 0.
 *
 * @param data without missing values
 * @see Arthur & Vassilvitskii (2007), k-means++: the advantages of careful seeding
 */
export function drawStart(data: Data, components: number, kind: StartKind, random: Random): Responsibilities {
  const labels = nearestCentres(data, components, kind, random);
  const others = (1 - ownShare) / components;
  return (row, out) => {
    out.fill(others);
    out[labels[row]] += ownShare;
  };
}

function nearestCentres(data: Data, components: number, kind: StartKind, random: Random): Int32Array {
  const { values, columns, rows } = data;
  const weights = data.weights ?? new Float64Array(rows).fill(1);
  const scales = columnMoments(data).variances.map((variance) => (variance > 0 ? 1 / variance : 0));
  const centres = new Float64Array(components * columns);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const chances = Float64Array.from(weights);
  const labels = new Int32Array(rows);

  const distance = (row: number, k: number) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const offset = values[row * columns + j] - centres[k * columns + j];
      sum += offset * offset * scales[j];
    }
    return sum;
  };

  /** Seeds the centres one by one; each row keeps its distance to the nearest so far. */
  for (let k = 0; k < components; k++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += chances[row];
    // Where every row lies on a centre already, any will do.
    const row = sum > 0 ? drawIndex(chances, sum, random) : drawIndex(weights, data.totalWeight, random);
    centres.set(values.subarray(row * columns, (row + 1) * columns), k * columns);
    for (let other = 0; other < rows; other++) {
      const square = distance(other, k);
      if (square < nearest[other]) {
        nearest[other] = square;
        labels[other] = k;
      }
      chances[other] = kind === "random" && nearest[other] > 0 ? weights[other] : weights[other] * nearest[other];
    }
  }
  if (kind === "random") return labels;

  for (let round = 0; round < rounds; round++) {
    moveCentres(data, weights, labels, centres);
    let changed = false;
    for (let row = 0; row < rows; row++) {
      let best = labels[row];
      for (let k = 0; k < components; k++) if (distance(row, k) < distance(row, best)) best = k;
      changed ||= best !== labels[row];
      labels[row] = best;
    }
    if (!changed) break;
  }
  return labels;
}

/** Moves each centre to the weighted mean of its rows; a centre without rows stays. */
function moveCentres(data: Data, weights: Float64Array, labels: Int32Array, centres: Float64Array): void {
  const { values, columns, rows } = data;
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / columns);
  for (let row = 0; row < rows; row++) {
    counts[labels[row]] += weights[row];
    for (let j = 0; j < columns; j++) sums[labels[row] * columns + j] += weights[row] * values[row * columns + j];
  }
  for (let at = 0; at < centres.length; at++) {
    const count = counts[Math.floor(at / columns)];
    if (count > 0) centres[at] = sums[at] / count;
  }
}
