import type { WeightedRows } from "./component.js";
import type { Data } from "./data.js";

/**
 * Rows of data with weights, as a component's fit reads them.
 *
 * @param weights unless given, the data's own
 * @param all unless given, these rows themselves
 */
export function weightedRows(data: Data, weights = data.weights, all?: WeightedRows): WeightedRows {
  const { values, columns, rows } = data;
  const x = new Float64Array(columns);
  function forEach(visit: (x: Float64Array, weight: number) => void): void {
    for (let row = 0; row < rows; row++) {
      const weight = weights === undefined ? 1 : weights[row];
      if (weight === 0) continue;
      for (let j = 0; j < columns; j++) x[j] = values[row * columns + j];
      visit(x, weight);
    }
  }
  const totalWeight = weights === undefined ? rows : weights.reduce((sum, weight) => sum + weight, 0);
  const these: WeightedRows = {
    columns,
    totalWeight,
    get all() {
      return all ?? these;
    },
    forEach,
    mean(of) {
      let sum = 0;
      forEach((row, weight) => {
        sum += weight * of(row);
      });
      return sum / totalWeight;
    },
  };
  origins.set(these, data);
  return these;
}

const origins = new WeakMap<WeightedRows, Data>();

/** The data that rows are of. */
export const dataOf = (rows: WeightedRows): Data => origins.get(rows) as Data;

/** The weighted mean of each column: D numbers. */
export function columnMeans(rows: WeightedRows): number[] {
  const sums = new Float64Array(rows.columns);
  rows.forEach((x, weight) => {
    for (let j = 0; j < x.length; j++) sums[j] += weight * x[j];
  });
  return Array.from(sums, (sum) => sum / rows.totalWeight);
}
