import { checkNotNegative } from "../checks.js";
import type { ColumnScales } from "../column-moments.js";
import type { Data } from "../data.js";
import { InputError } from "../errors.js";
import type { Floor } from "./m-step.js";

/** How a fit is kept from collapse. */
export interface FloorOptions {
  readonly regCovar?: number | undefined;
  readonly covarianceFloor?: number | undefined;
}

/** The defaults of these options, here and for callers. */
export const floorDefaults = { regCovar: 0, covarianceFloor: 1e-10 } as const;

/** The most spreads that a column's deviation counts as: what exceeds them comes from outliers. */
const outlierSpreads = 100;
/** A deviation below this share of the values is rounding error. */
const lostInRounding = 4 * Number.EPSILON;
/** The smallest normal number: below it, digits are lost. */
const leastNormal = 2 ** -1022;

/**
 * The floor under the covariances of a fit: a share of the data's own variances, far outliers apart. Where the share is
 * 0, a variance that is lost in the rounding of the values counts as a collapse.
 *
 * @throws InputError for a column of equal values, unless regCovar is above 0, or one too large or small for numbers
 */
export function floorUnder(name: string, scales: ColumnScales, options: FloorOptions, data?: Data): Floor {
  const { regCovar = floorDefaults.regCovar, covarianceFloor = floorDefaults.covarianceFloor } = options;
  checkNotNegative(regCovar, "regCovar");
  checkNotNegative(covarianceFloor, "covarianceFloor");
  scales.variances.forEach((variance, column) => {
    checkVariance(name, column, variance, regCovar, data);
  });
  if (covarianceFloor === 0) return collapseBelowRounding(scales, regCovar);
  const least = usualVariances(scales, regCovar).map((variance) => covarianceFloor * variance);
  return { regCovar, least, lifts: true };
}

/** The columns' variances, far outliers apart. */
export const usualVariances = ({ variances, spreads }: ColumnScales, regCovar = 0): Float64Array =>
  variances.map((variance, column) => {
    const scale = Math.max(variance, regCovar);
    const usual = Math.max((outlierSpreads * spreads[column]) ** 2, regCovar);
    return usual > leastNormal ? Math.min(scale, usual) : scale;
  });

/** No floor: a variance that is lost in the rounding of the values is a CollapseError. */
export function collapseBelowRounding({ means, variances }: Omit<ColumnScales, "spreads">, regCovar: number): Floor {
  checkNotNegative(regCovar, "regCovar");
  const least = variances.map((variance, j) =>
    Math.max(lostInRounding ** 2 * Math.max(means[j] ** 2, variance), leastNormal),
  );
  return { regCovar, least, lifts: false };
}

function checkVariance(name: string, column: number, variance: number, regCovar: number, data?: Data): void {
  const scale = Math.max(variance, regCovar);
  const place = `column ${column} of ${name}`;
  const differs = data !== undefined && differingValues(data, column);
  if (!(scale > 0) && differs && data.weights !== undefined && everyWeight(data) !== "alike") {
    const rule = `must leave ${place} a variance`;
    const remedy = "All rows but those of one value weigh next to nothing beside them: check the weights.";
    throw new InputError("sampleWeight", rule, data.weights, remedy);
  }
  if (!(scale > 0) && !differs) {
    const rule = "must hold at least two different values";
    const remedy = "Remove the column, or set regCovar above 0.";
    throw new InputError(place, rule, Number.isNaN(variance) ? "empty" : "constant", remedy);
  }
  // Beyond these bounds a variance loses its digits, or its reciprocal is no number.
  if (scale < leastNormal || scale > Number.MAX_VALUE)
    throw new InputError(place, "must have a variance in the range of numbers", scale, "Give the data another unit.");
}

function everyWeight({ weights = new Float64Array(0) }: Data): "alike" | "unlike" {
  return weights.every((weight) => weight === weights[0]) ? "alike" : "unlike";
}

/** Whether a column holds two different values. */
function differingValues({ values, columns, rows }: Data, column: number): boolean {
  let first = Number.NaN;
  for (let row = 0; row < rows; row++) {
    const value = values[row * columns + column];
    if (Number.isNaN(first)) first = value;
    else if (!Number.isNaN(value) && value !== first) return true;
  }
  return false;
}
