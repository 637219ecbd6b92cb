import { columnMoments } from "./column-moments.js";
import type { Data } from "./data.js";
import type { Responsibilities } from "./family.js";
import { drawIndex, type Random } from "./random.js";

/** How a start's K centres are drawn from the rows: far apart, as k-means++ does, or each row as likely as another. */
export type StartKind = "k-means++" | "random";

/** The share of a row's responsibility that a start divides among the components other than the row's own, at most. */
const softShare = 0.001;

/**
 * The rows that a start is drawn from: all of a small data set; of a large one `count`, which is 10,000 and 500 a
 * component unless given, one from each of as many equal stretches. So a start takes little time and memory.
 */
export function startRows(data: Data, components: number, random: Random, count = 10_000 + 500 * components): Data {
  const { values, columns, rows, weights } = data;
  if (rows <= count) return data;
  const picked = Float64Array.from({ length: count }, (_, i) => Math.floor(((i + random()) * rows) / count));
  const some = new Float64Array(count * columns);
  for (let i = 0; i < count; i++)
    some.set(values.subarray(picked[i] * columns, (picked[i] + 1) * columns), i * columns);
  if (weights === undefined) return { ...data, values: some, rows: count, totalWeight: count };
  const someWeights = picked.map((row) => weights[row]);
  const totalWeight = someWeights.reduce((sum, weight) => sum + weight, 0);
  // Where all drawn rows have weight 0, start from the whole data.
  return totalWeight > 0 ? { ...data, values: some, rows: count, weights: someWeights, totalWeight } : data;
}

/**
 * A start: K rows are drawn for centres, and each row belongs to the nearest, distances being in units of the columns'
 * deviations. For k-means++ some rows are drawn for each centre, and the one is taken that leaves the least sum of
 * squared distances: with many components, a single draw too often misses a group.
 *
 * Responsibilities are softened a little, so that no component begins with a variance or a chance of 0: a row gives
 * softShare s² / (s² + d²) to a centre at distance d, s being the usual distance of a row from its own centre. So what
 * an outlier adds to the variance of a component that is not its own is bounded, however far it lies.
 *
 * @param data without missing values
 * @see Arthur & Vassilvitskii (2007), k-means++: the advantages of careful seeding
 */
export function drawStart(data: Data, components: number, kind: StartKind, random: Random): Responsibilities {
  const { values, columns, rows, totalWeight } = data;
  const weights = data.weights ?? new Float64Array(rows).fill(1);
  const scales = columnMoments(data).variances.map((variance) => (variance > 0 ? 1 / variance : 0));
  const distance = (row: number, centre: number): number => {
    let square = 0;
    for (let j = 0; j < columns; j++) {
      const offset = values[row * columns + j] - values[centre * columns + j];
      square += offset * offset * scales[j];
    }
    return square;
  };
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const labels = new Int32Array(rows);
  const centres = new Int32Array(components);
  const chances = Float64Array.from(weights);
  const draws = kind === "random" ? 1 : 2 + Math.floor(Math.log(components));
  let [closest, tried] = [new Float64Array(rows), new Float64Array(rows)];
  for (let k = 0; k < components; k++) {
    const sum = k === 0 ? totalWeight : chances.reduce((total, chance) => total + chance, 0);
    let least = Number.POSITIVE_INFINITY;
    for (let draw = 0; draw < (k === 0 ? 1 : draws); draw++) {
      // Where every row already lies on a centre, draw any row.
      const centre = sum > 0 ? drawIndex(chances, sum, random) : drawIndex(weights, totalWeight, random);
      let left = 0;
      for (let row = 0; row < rows; row++) {
        tried[row] = Math.min(distance(row, centre), nearest[row]);
        left += weights[row] * tried[row];
      }
      if (left >= least) continue;
      least = left;
      centres[k] = centre;
      [closest, tried] = [tried, closest];
    }
    for (let row = 0; row < rows; row++) {
      if (closest[row] < nearest[row]) labels[row] = k;
      nearest[row] = closest[row];
      chances[row] = weights[row] * (kind === "random" ? Math.sign(nearest[row]) : nearest[row]);
    }
  }
  const usual = medianAboveZero(nearest) ?? 1;
  return (row, out) => {
    let given = 0;
    for (let k = 0; k < components; k++) {
      if (k === labels[row]) continue;
      out[k] = ((softShare / components) * usual) / (usual + distance(row, centres[k]));
      given += out[k];
    }
    out[labels[row]] = 1 - given;
  };
}

function medianAboveZero(numbers: Float64Array): number | undefined {
  const positive = numbers.filter((number) => number > 0).sort();
  return positive.length === 0 ? undefined : positive[positive.length >> 1];
}
