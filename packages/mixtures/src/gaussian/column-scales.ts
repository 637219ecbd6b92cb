import { type ColumnScales, columnSpreads, scalesOf } from "../column-moments.js";
import type { Data } from "../data.js";
import { fastPasses } from "./fast-passes.js";

/** The scales of a large data set in little time. */
export function columnScales(data: Data): ColumnScales {
  if (data.missing) return scalesOf(data);
  // The same as `columnMoments`, by a fast pass: one component that has the responsibility 1 for every row.
  const { columns, values, weights } = data;
  const row = Math.max(0, weights?.findIndex((weight) => weight > 0) ?? 0);
  const origins = values.slice(row * columns, (row + 1) * columns);
  const passes = fastPasses(1)(data, 1, "diagonal");
  try {
    const { counts, first, second } = passes.sums(
      {
        components: 1,
        columns,
        shape: "diagonal",
        logScales: new Float64Array(1),
        means: origins,
        whiteners: new Float64Array(columns),
      },
      origins,
    );
    return {
      means: origins.map((origin, j) => origin + first[j] / counts[0]),
      variances: second.map((sum, j) => {
        const variance = (sum - first[j] * (first[j] / counts[0])) / counts[0];
        // Where both sums overflow, their difference is NaN.
        return Number.isNaN(variance) ? Number.POSITIVE_INFINITY : variance;
      }),
      spreads: columnSpreads(data),
    };
  } finally {
    passes.close();
  }
}
