import type { Data } from "../data.js";
import type { GaussianDensities, OpenPasses, Passes } from "./passes.js";

/** With fewer rows a grid does not pay. */
export const manyRows = 2 ** 15;
/** The most nodes per row: with more, a pass over the rows themselves is about as fast. */
const densest = 1 / 8;
/** The same, counting nodes where no rows are: they are dropped in the end, but take memory until then. */
const densestWithEmpty = 1 / 2;
/** How many equal stretches the range of the data is divided into. */
const STRETCHES = 1024;
/** The widest spacing of the nodes, as a share of the radius of smoothness: see `openGridPasses`. */
const fineness = 1 / 32;

/**
 * The passes of a fit over many numbers in one column. What a pass sums, r_k(x), r_k(x) x, r_k(x) x² and log p(x), are
 * smooth functions of x. So each row is spread, once, over the eight nearest nodes of a uniform grid, by Lagrange's
 * weights, and a pass goes over weighted nodes, some thousand of them, instead of the rows.
 *
 * If a function is analytic within ρ of x and at most M there, eight nodes at spacing h err by some 43 M (h / ρ)⁸.
 * `smoothness` gives a ρ at which responsibilities stay below 10, at every pass and wherever there are rows. So the error
 * a row is below 1e-9 at h = ρ / 32; the grid is mostly finer, and random problems show errors of 1e-13 of the sums.
 *
 * A pass goes over the rows instead where components are too narrow for a grid that pays, and where a component holds
 * less than one row, because the errors of all rows together are then not small beside its sums.
 */
export function openGridPasses(data: Data, components: number, open: OpenPasses): Passes {
  const stretches = occupiedStretches(data);
  const { range, occupied, largestMagnitude } = stretches;
  const finest = Math.max(occupied / densest, range / densestWithEmpty) / data.rows;
  const oneRow = data.totalWeight / data.rows;
  let spacing = Number.POSITIVE_INFINITY;
  let nodes: Passes | undefined;
  let rows: Passes | undefined;
  /** The passes over a grid fine enough for the densities; undefined where none is. */
  const onNodes = (densities: GaussianDensities): Passes | undefined => {
    const needed = fineness * Math.min(smoothness(densities, stretches), range);
    if (nodes && spacing <= needed) return nodes;
    // Finer than needed, since components become narrower on their way.
    const finer = [needed / 4, needed].map(powerOfTwo).find((step) => step >= finest);
    // Neighbouring nodes must be different numbers at this magnitude, and the reciprocal of the spacing finite.
    if (finer === undefined || !(largestMagnitude / finer < 2 ** 50 && 1 / finer < Number.POSITIVE_INFINITY))
      return undefined;
    const finerNodes = open(spread(data, finer, stretches), components, "diagonal");
    nodes?.close();
    nodes = finerNodes;
    spacing = finer;
    return nodes;
  };
  return {
    sums(densities, centres) {
      const sums = onNodes(densities)?.sums(densities, centres);
      if (sums?.counts.every((count, k) => count >= oneRow || densities.logScales[k] === Number.NEGATIVE_INFINITY))
        return sums;
      rows ??= open(data, components, "diagonal");
      return rows.sums(densities, centres);
    },
    close() {
      nodes?.close();
      rows?.close();
    },
  };
}

/** The greatest power of two that is not above the number, so that nodes at its multiples are exact. */
const powerOfTwo = (x: number): number => 2 ** Math.floor(Math.log2(x));

interface Stretches {
  readonly low: number;
  readonly range: number;
  readonly largestMagnitude: number;
  /** The length of all stretches with rows, their middles, and half the length of one. */
  readonly occupied: number;
  readonly middles: Float64Array;
  readonly half: number;
}

/** The stretches that hold rows of a weight above 0. */
function occupiedStretches({ values, weights }: Data): Stretches {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    if (weights !== undefined && weights[row] === 0) continue;
    const x = values[row];
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const range = high - low;
  const scale = STRETCHES / range;
  const seen = new Uint8Array(STRETCHES + 1);
  for (let row = 0; row < values.length; row++)
    if (weights === undefined || weights[row] !== 0) seen[((values[row] - low) * scale) | 0] = 1;
  seen[STRETCHES - 1] |= seen[STRETCHES]; // the highest value itself
  const places = Float64Array.from(seen.subarray(0, STRETCHES).keys()).filter((place) => seen[place] === 1);
  const middles = places.map((place) => low + (place + 0.5) / scale);
  const largestMagnitude = Math.max(Math.abs(low), Math.abs(high));
  return { low, range, largestMagnitude, occupied: places.length / scale, middles, half: 0.5 / scale };
}

/**
 * A radius about every row within which all responsibilities are analytic and bounded; 0 or less where there is none.
 *
 * At x = c + u, with u complex and "top" the component with the greatest density at c, every other component j has
 * f_j / f_top = exp(−t − t′u − t″u²/2). The responsibilities are analytic as long as Σ_j f_j / f_top, which is 1 plus these
 * terms, has no zero. It has none while |t′u + t″u²/2| < T = max(π/2, t − log 2K) for every j: a term whose exponent is
 * below π/2 has a positive real part, and any other is smaller than 1/2K, too small for K of them to cancel the 1.
 * The condition holds for |u| < ρ with 1/ρ = |t′|/T + √(|t″|/2T).
 */
function smoothness(
  { components, logScales, means, whiteners }: GaussianDensities,
  { middles, half }: Stretches,
): number {
  let steepest = 0;
  const negligible = Math.log(2 * components);
  for (const c of middles) {
    let top = 0;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) {
      const y = (c - means[k]) * whiteners[k];
      const logDensity = logScales[k] - 0.5 * y * y;
      if (logDensity <= greatest) continue;
      greatest = logDensity;
      top = k;
    }
    // Keep a row's nodes within a deviation of the top component, so that their offsets from its mean lose no digits.
    steepest = Math.max(steepest, whiteners[top] * (4 * fineness));
    const curvature = whiteners[top] * whiteners[top];
    const slope = (c - means[top]) * curvature;
    for (let k = 0; k < components; k++) {
      const own = whiteners[k] * whiteners[k];
      const offset = c - means[k];
      const distance = greatest - logScales[k] + 0.5 * own * offset * offset;
      const room = 1 / Math.max(Math.PI / 2, distance - negligible);
      const steepness = Math.abs(own * offset - slope) * room + Math.sqrt(0.5 * Math.abs(own - curvature) * room);
      if (Number.isNaN(steepness)) return 0; // beyond the numbers' range
      if (steepness > steepest) steepest = steepness;
    }
  }
  return 1 / steepest - half;
}

/** Lagrange's denominators for eight nodes: Π (j − i) over the others. */
const [d0, d1, d2, d3] = [1 / 5040, 1 / 720, 1 / 240, 1 / 144];

/** The data spread over the nodes of a grid at the multiples of `spacing`, a power of two. */
function spread(data: Data, spacing: number, { low, range }: Stretches): Data {
  const { values, rows, weights } = data;
  const scale = 1 / spacing;
  const first = Math.floor(low * scale);
  const masses = new Float64Array(Math.ceil(range * scale) + 9);
  for (let row = 0; row < rows; row++) {
    const place = values[row] * scale;
    const cell = Math.floor(place);
    const u = place - cell;
    const at = cell - first;
    const weight = weights === undefined ? 1 : weights[row];
    if (weight === 0) continue;
    // The eight nodes stand at −3 … 4. A node's weight is the product of u's distances to the seven others.
    const left2 = (u + 3) * (u + 2);
    const left3 = left2 * (u + 1);
    const left4 = left3 * u;
    const right2 = (u - 3) * (u - 4);
    const right3 = right2 * (u - 2);
    const right4 = right3 * (u - 1) * weight;
    const left = left4 * weight;
    const inner = (u + 1) * u;
    const outer = (u - 1) * (u - 2);
    masses[at] -= (u + 2) * inner * right4 * d0;
    masses[at + 1] += (u + 3) * inner * right4 * d1;
    masses[at + 2] -= left2 * u * right4 * d2;
    masses[at + 3] += left3 * right4 * d3;
    masses[at + 4] -= left * right3 * d3;
    masses[at + 5] += left * (u - 1) * right2 * d2;
    masses[at + 6] -= left * outer * (u - 4) * d1;
    masses[at + 7] += left * outer * (u - 3) * d0;
  }
  let used = 0;
  for (const mass of masses) if (mass !== 0) used++;
  const nodes = { values: new Float64Array(used), weights: new Float64Array(used) };
  for (let node = 0, at = 0; node < masses.length; node++) {
    if (masses[node] === 0) continue;
    nodes.values[at] = (first - 3 + node) * spacing;
    nodes.weights[at++] = masses[node];
  }
  return { ...data, ...nodes, rows: used };
}
