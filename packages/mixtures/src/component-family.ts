import { checkDistribution, checkLength } from "./checks.js";
import { withoutMissing } from "./column-moments.js";
import type { Data } from "./data.js";
import { InputError } from "./errors.js";
import { emptyShare, eStep, type Family, type LogJoint, visitRows } from "./family.js";
import type { CalledComponent } from "./guarded.js";
import { isFault, type ParameterShape, type Path, type ShapeFault, shapeOf } from "./parameter-shape.js";
import { weightedRows } from "./weighted-rows.js";

/** How a kind of mixture speaks of its components' parameters. */
export interface Wording<C, P> {
  paramsOf(weights: readonly number[], components: readonly C[]): P;
  /** @throws InputError for parameters that lack something */
  componentsOf(params: P): readonly C[];
  /** What messages call a number among component k's parameters. */
  nameOf(k: number, path: Path): string;
  /** @throws InputError for component k's parameters where they are out of range */
  check(params: C, k: number): void;
  /** What to do about observations with another number of columns. */
  readonly columnsRemedy?: string;
}

/**
 * Mixtures of components of any kind. The parameter vector θ holds K weights and then the K components' numbers, all of
 * them locations, by which components are sorted.
 *
 * @param whole the data of a fit, of which its starts may see a part; none for a model that is not being fitted
 */
export function componentFamily<C, P extends { readonly weights: readonly number[] }>(
  component: CalledComponent<C>,
  { paramsOf, componentsOf, nameOf, check }: Wording<C, P>,
  components: number,
  columns: number,
  whole?: Data,
): Family<P> {
  const [K, D] = [components, columns];
  const all = whole && weightedRows(whole);
  // θ is made by `pack` and `fit` alone, which learn the shape from the first parameters that they see.
  let known: ParameterShape<C> | undefined;
  const shape = () => known as ParameterShape<C>;

  const partsOf = (theta: Float64Array): C[] =>
    Array.from({ length: K }, (_, k) => shape().read(theta, K + k * shape().size));

  function logJoint(weights: Float64Array, parts: readonly C[], data: Data): LogJoint {
    const { values } = data;
    const densities = parts.map((params, k) => component.logDensity(params, k, data));
    const logWeights = parts.map((_, k) => Math.log(weights[k]));
    const x = new Float64Array(D);
    return (row, out) => {
      for (let j = 0; j < D; j++) x[j] = values[row * D + j];
      for (let k = 0; k < K; k++) out[k] = weights[k] === 0 ? logWeights[k] : logWeights[k] + densities[k](x, row);
    };
  }

  /** The M-step: add each row with its responsibilities, then ask for the parameters. */
  function openFit(data: Data) {
    const shares = Array.from({ length: K }, () => new Float64Array(data.rows));
    const among = all ?? weightedRows(data);
    return {
      add(row: number, responsibilities: Float64Array): void {
        const weight = data.weights === undefined ? 1 : data.weights[row];
        for (let k = 0; k < K; k++) shares[k][row] = weight * responsibilities[k];
      },
      /** @param current θ and the components that the responsibilities come from; none at a start */
      estimate(current?: { readonly theta: Float64Array; readonly parts: readonly C[] }): Float64Array {
        const rows = shares.map((weights) => weightedRows(data, weights, among));
        const total = rows.reduce((sum, { totalWeight }) => sum + totalWeight, 0);
        const numbers = rows.map((those, k) => {
          if (!(those.totalWeight / total > emptyShare)) return undefined;
          const params = component.fit(those, current?.parts[k], k, known);
          known ??= shapeOf(params) as ParameterShape<C>;
          return known.numbersOf(params) as readonly number[];
        });
        const { size } = shape();
        const next = new Float64Array(K + K * size);
        if (current !== undefined) next.set(current.theta);
        for (let k = 0; k < K; k++) {
          next[k] = rows[k].totalWeight / total;
          next.set(numbers[k] ?? [], K + k * size);
        }
        return next;
      },
    };
  }

  return {
    components: K,
    columns: D,
    locations: Number.POSITIVE_INFINITY,
    entriesPerComponent: 0,
    freeParameters(theta) {
      const { freeParameters: each } = component;
      return partsOf(theta).reduce((sum, params) => sum + (typeof each === "number" ? each : each(params)), K - 1);
    },
    climbs: true,
    nearSingular: (theta) =>
      all === undefined ? [] : partsOf(theta).flatMap((params, k) => (component.isSingular?.(params, all) ? [k] : [])),
    withoutSingular: () => undefined,
    nearest(theta, data, row) {
      const terms = Float64Array.from(theta.subarray(0, K));
      const { softened } = component;
      if (softened !== undefined)
        logJoint(
          theta,
          partsOf(theta).map((params) => softened(params)),
          data,
        )(row, terms);
      return terms.reduce((best, term, k) => (term > terms[best] ? k : best), 0);
    },
    isInside: (theta) =>
      theta.every((entry, at) => Number.isFinite(entry) && (at >= K || entry > 0)) &&
      partsOf(theta).every((params) => component.isValid?.(params)),
    sampler(theta) {
      const parts = partsOf(theta);
      return (k, random) => [component.sample?.(parts[k], random, k, D) ?? []].flat();
    },
    coordinates(data) {
      const { coordinates } = component;
      if (coordinates === undefined) return withoutMissing(data);
      const rows: number[] = [];
      let width = 0;
      const among = all ?? weightedRows(data);
      weightedRows({ ...data, weights: undefined }).forEach((x) => {
        const at = coordinates(x, among);
        width = at.length;
        rows.push(...at);
      });
      return withoutMissing({ ...data, values: Float64Array.from(rows), columns: width });
    },
    eStep: (theta, data, visit) => eStep(logJoint(theta, partsOf(theta), data), K, data, visit),
    weightedFit(data, responsibilities) {
      const fit = openFit(data);
      visitRows(responsibilities, K, data.rows, fit.add);
      return fit.estimate();
    },
    pack(params) {
      checkLength(params.weights, undefined, "weights");
      checkDistribution(params.weights, "weights");
      const parts = componentsOf(params);
      checkLength(parts, K, "components");
      const numbers = parts.map((part, k) => {
        const shape = known ?? shapeOf(part);
        const found = isFault(shape) ? shape : shape.numbersOf(part);
        if (isFault(shape) || isFault(found)) {
          const { path, rule, value } = found as ShapeFault;
          throw new InputError(nameOf(k, path), rule, value, "Give numbers in the shape that the model has.");
        }
        known = shape;
        check(part, k);
        const its = typeof component.columns === "function" ? component.columns(part) : D;
        if (its !== D)
          throw new InputError(
            "the columns of the parameters",
            `must be ${D}, as those of the data`,
            its,
            "Check both.",
          );
        return found;
      });
      return Float64Array.from([...params.weights, ...numbers.flat()]);
    },
    unpack: (theta) => paramsOf(Array.from(theta.subarray(0, K)), partsOf(theta)),
    open(data) {
      const fit = openFit(data);
      const among = all ?? weightedRows(data);
      return {
        step(theta) {
          const parts = partsOf(theta);
          const logLikelihood = eStep(logJoint(theta, parts, data), K, data, fit.add);
          const logPrior = parts.reduce((sum, params) => sum + (component.logPrior?.(params, among) ?? 0), 0);
          return { params: fit.estimate({ theta, parts }), logLikelihood: logLikelihood + logPrior };
        },
        close() {},
      };
    },
  };
}
