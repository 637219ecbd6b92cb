import { accelerate, acceleratedStep, type Coordinates } from "./accelerate.js";
import { checkDistribution, checkLength } from "./checks.js";
import type { Data } from "./data.js";
import { distinctRows } from "./distinct-rows.js";
import { type EmOptions, type EmResult, emTurns, type Step, type StepResult } from "./em.js";
import { InputError } from "./errors.js";
import type { Random } from "./random.js";
import { throwIfAborted, type Work } from "./work.js";

/** Writes log(w_k f_k(x)), the log of weight times density, of every component k at a row of the data into `out`. */
export type LogJoint = (row: number, out: Float64Array) => void;

/** Receives each row's responsibilities and log-density. The array is reused for the next row. */
export type VisitRow = (row: number, responsibilities: Float64Array, logDensity: number) => void;

/** The EM step over given data, and `close`, which releases the memory and threads that it holds. */
export interface OpenStep {
  readonly step: Step<Float64Array>;
  /** The same step in parts, where it takes long. */
  work?(theta: Float64Array): Work<StepResult<Float64Array>>;
  close(): void;
}

/**
 * What the engine asks of a family of mixtures: a log-density and a weighted fit.
 *
 * Within the engine the parameters are one vector θ: the K weights, then the K locations (means, rates), then all others. So the loop allocates little, and acceleration can extrapolate θ. `pack` and `unpack` translate between θ and
 * the named parameters of the callers.
 */
export interface Family<P> {
  /** K */
  readonly components: number;
  /** D */
  readonly columns: number;
  /** How many entries of θ make up a component's location, by which components are sorted; Infinity: all that it has. */
  readonly locations: number;
  /** How many entries of θ, after weights and locations, belong to each component; the rest they share. */
  readonly entriesPerComponent: number;
  /** The number of free parameters, for AIC and BIC. */
  freeParameters(theta: Float64Array): number;
  /** @throws InputError for parameters of a wrong shape or out of range */
  pack(params: P): Float64Array;
  unpack(theta: Float64Array): P;
  /** Whether θ lies inside the parameter space; extrapolation must not leave it. */
  isInside(theta: Float64Array): boolean;
  /** Whether components stay in the order of the start, since something is fixed for some of them. */
  readonly keepsOrder?: boolean;
  /** Whether no EM step lowers the log-likelihood. False where regCovar is added to the variances. */
  readonly climbs: boolean;
  /** The components whose covariance a floor holds up, or which are about to collapse. */
  nearSingular(theta: Float64Array): number[];
  /**
   * θ with the average covariance of the sound components in place of each near singular one; undefined where no
   * component is sound, or the family has no covariances.
   */
  withoutSingular(theta: Float64Array): Float64Array | undefined;
  /** For a row to which every component gives the probability 0: the component that lies nearest to it. */
  nearest(theta: Float64Array, data: Data, row: number): number;
  /** The E-step over all rows; see the function `eStep`. */
  eStep(theta: Float64Array, data: Data, visit: VisitRow): number;
  /** The M-step on its own: the parameters that maximise the log-likelihood weighted by responsibilities. */
  weightedFit(data: Data, responsibilities: Responsibilities): Float64Array;
  open(data: Data): OpenStep;
  /**
   * The rows as starts measure distances between them, without missing values. A family that has this fits rows with
   * missing values by `weightedFit`, too; for one that has not, columns' means stand in for them.
   */
  coordinates?(data: Data): Data;
  /** Prepares draws of observations from single components. The array may be used again for the next. */
  sampler(theta: Float64Array): (component: number, random: Random) => ArrayLike<number>;
}

/**
 * The E-step over all rows: for each, its log-density log p(x) = log Σ_k w_k f_k(x) and the responsibilities
 * w_k f_k(x) / p(x), by the log-sum-exp rule, so that no density under- or overflows.
 *
 * @param begin the first row; `end` the first after the last: all rows unless given
 * A row to which every component gives the probability 0 has log-density −∞ and equal responsibilities where the data
 * allow such rows.
 *
 * @returns the log-likelihood Σ_i v_i log p(x_i), v the sample weights
 * @throws InputError for such a row where they do not, unless it weighs nothing
 */
export function eStep(
  logJoint: LogJoint,
  components: number,
  data: Data,
  visit: VisitRow,
  begin = 0,
  end = data.rows,
): number {
  const { weights } = data;
  const terms = new Float64Array(components);
  let logLikelihood = 0;
  for (let row = begin; row < end; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    logJoint(row, terms);
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) if (terms[k] > greatest) greatest = terms[k];
    if (greatest === Number.NEGATIVE_INFINITY) {
      const remedy = "Choose parameters under which every observation is possible.";
      if (weight > 0 && !data.allowsImpossible)
        throw new InputError(
          { name: data.name, row: data.originOf?.(row) ?? row },
          "must have a probability above 0",
          0,
          remedy,
        );
      if (weight > 0) logLikelihood = Number.NEGATIVE_INFINITY;
      visit(row, terms.fill(1 / components), greatest);
      continue;
    }
    let sum = 0;
    for (let k = 0; k < components; k++) {
      terms[k] = Math.exp(terms[k] - greatest);
      sum += terms[k];
    }
    for (let k = 0; k < components; k++) terms[k] /= sum;
    const logDensity = greatest + Math.log(sum);
    logLikelihood += weight * logDensity;
    visit(row, terms, logDensity);
  }
  return logLikelihood;
}

/** The responsibilities of K components for one row. */
export type Responsibilities = (row: number, out: Float64Array) => void;

/** Passes each row's responsibilities to `visit`, in one array that is reused. */
export function visitRows(
  responsibilities: Responsibilities,
  components: number,
  rows: number,
  visit: (row: number, responsibilities: Float64Array) => void,
): void {
  const terms = new Float64Array(components);
  for (let row = 0; row < rows; row++) {
    responsibilities(row, terms);
    visit(row, terms);
  }
}

/** The M-step on its own. @throws InputError for a component without any responsibility */
export function mStep<P>(family: Family<P>, data: Data, responsibilities: Responsibilities): Float64Array {
  const theta = family.weightedFit(data, responsibilities);
  for (let k = 0; k < family.components; k++)
    if (theta[k] === 0) {
      const place = `the responsibilities of component ${k}`;
      throw new InputError(place, "must not all be 0", 0, "An empty component cannot be fitted.");
    }
  return theta;
}

/** Checks an N × K array of responsibilities and reads it row by row. */
export function readResponsibilities(
  given: readonly ArrayLike<number>[],
  rows: number,
  components?: number,
): Responsibilities {
  const name = "responsibilities";
  checkLength(given, rows, name);
  const expected = components ?? checkLength(given[0], undefined, { name, row: 0 });
  for (let row = 0; row < rows; row++) {
    checkLength(given[row], expected, { name, row });
    checkDistribution(given[row], name, row);
  }
  return (row, out) => out.set(given[row]);
}

/** The total log-likelihood Σ_i v_i log p(x_i), v the sample weights. */
export function logLikelihood<P>(family: Family<P>, theta: Float64Array, data: Data): number {
  return family.eStep(theta, distinctRows(data), () => {});
}

/** A run of the EM loop on a family: its result with named parameters, and beside it θ and the number of evaluations. */
export interface Run<P> {
  readonly result: EmResult<P>;
  readonly theta: Float64Array;
  /** How often the step was evaluated. */
  readonly evaluations: number;
}

/** How acceleration moves in the parameter space of a family. */
export function insideOf<P>(family: Family<P>): Coordinates<Float64Array> {
  return {
    toVector: (theta) => theta,
    fromVector(theta) {
      if (!family.isInside(theta)) return undefined;
      // Far extrapolation magnifies the rounding error of the weights' sum, and a sum above 1 would look like a gain.
      const weights = theta.subarray(0, family.components);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      weights.set(weights.map((weight) => weight / sum));
      return theta;
    },
  };
}

/** The step that wants itself alone. */
function* plainStep(theta: Float64Array): ReturnType<ReturnType<typeof acceleratedStep<Float64Array>>> {
  return yield theta;
}

/** Runs the EM loop on a family's step over data that are open. The callback sees θ. */
export function* runStep<P>(
  family: Family<P>,
  { step, work }: Omit<OpenStep, "close">,
  start: Float64Array,
  { signal, ...options }: EmOptions<Float64Array>,
  accelerated = false,
): Work<Run<P>> {
  let evaluations = 0;
  const counted: Step<Float64Array> = (theta) => {
    evaluations++;
    return step(theta);
  };
  const next = accelerated ? accelerate(counted, insideOf(family)) : counted;
  const wantedBy = accelerated ? acceleratedStep(insideOf(family)) : plainStep;
  const run = emTurns(start, options);
  let turn = run.next();
  while (!turn.done) {
    yield;
    throwIfAborted(signal);
    // A generator for every step would take some of the time of short ones.
    if (work === undefined) turn = run.next(next(turn.value));
    else {
      const wanted = wantedBy(turn.value);
      let at = wanted.next();
      for (; !at.done; evaluations++) at = wanted.next(yield* work(at.value));
      turn = run.next(at.value);
    }
  }
  const { params: theta, ...rest } = turn.value;
  return { result: { ...rest, params: family.unpack(theta) }, theta, evaluations };
}

/** θ with its components in ascending order of their locations, column by column. */
export function sortByLocation<P>(
  { components: K, locations, entriesPerComponent }: Family<P>,
  theta: Float64Array,
): Float64Array {
  const L = Math.min(locations, theta.length / K - 1);
  const order = Array.from({ length: K }, (_, k) => k).sort((a, b) => {
    for (let j = 0; j < L; j++) {
      const difference = theta[K + a * L + j] - theta[K + b * L + j];
      if (difference !== 0) return difference;
    }
    return theta[a] - theta[b];
  });
  const ordered = Float64Array.from(theta);
  const rest = K + K * L;
  for (const [to, from] of order.entries()) {
    ordered[to] = theta[from];
    ordered.set(theta.subarray(K + from * L, K + (from + 1) * L), K + to * L);
    ordered.set(
      theta.subarray(rest + from * entriesPerComponent, rest + (from + 1) * entriesPerComponent),
      rest + to * entriesPerComponent,
    );
  }
  return ordered;
}

/** A component with less than this share of the data is empty: its sums are too small to divide by. */
export const emptyShare = 1e-100;
