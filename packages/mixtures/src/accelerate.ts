import type { Step, StepResult } from "./em.js";
import { InputError } from "./errors.js";

/** How parameters are seen as a point in space, for acceleration to move in. */
export interface Coordinates<P> {
  toVector(params: P): ArrayLike<number>;
  /** The parameters at a point; undefined where it is outside the parameter space. */
  fromVector(vector: Float64Array): P | undefined;
}

/** Where the step led from a point, and how far that is. */
interface Point {
  readonly image: Float64Array;
  readonly residual: Float64Array;
}

/** How many earlier steps an extrapolation looks back on. */
const memory = 5;

/** A difference of residuals is left out if, without its part along newer differences, less than this share is left. */
const dependent = 0.01;

/**
 * Speeds up a step for `em`: Anderson's acceleration, guarded so that the log-likelihood never falls.
 *
 * With f_t = step(θ_t) − θ_t, it combines the last steps so that their combined f is shortest, and goes where the same
 * combination of step(θ_t) lies. That point is taken only if its log-likelihood is no lower than the present one's.
 * Where it is refused, the path is bent, as on a plateau: plain steps follow, each twice as stretched as the one before,
 * for as long as they climb. The optimum is plain EM's; slow problems need one to two orders fewer steps. A refused
 * point costs one extra evaluation of the step.
 *
 * The returned step remembers earlier calls, so make a new one for each run of `em`.
 *
 * @param step one EM step
 * @param coordinates how parameters become vectors and back
 * @see Walker & Ni (2011), Anderson acceleration for fixed-point iterations; Henderson & Varadhan (2019), Damped
 * Anderson acceleration with restarts and monotonicity control for accelerating EM
 */
export function accelerate<P>(step: Step<P>, coordinates: Coordinates<P>): Step<P> {
  const accelerated = acceleratedStep(coordinates);
  return (params) => {
    const run = accelerated(params);
    let turn = run.next();
    while (!turn.done) turn = run.next(step(turn.value));
    return turn.value;
  };
}

/** The same for a step that takes its time, for `emAsync`. */
export function accelerateAsync<P>(
  step: (params: P) => Promise<StepResult<P>>,
  coordinates: Coordinates<P>,
): (params: P) => Promise<StepResult<P>> {
  const accelerated = acceleratedStep(coordinates);
  return async (params) => {
    const run = accelerated(params);
    let turn = run.next();
    while (!turn.done) turn = run.next(await step(turn.value));
    return turn.value;
  };
}

/** An accelerated step that yields the parameters at which it wants the plain step, and is given its results. */
export function acceleratedStep<P>(
  coordinates: Coordinates<P>,
): (params: P) => Generator<P, StepResult<P>, StepResult<P>> {
  const points: Point[] = [];
  let known: { readonly params: P; readonly result: StepResult<P> } | undefined;
  let stretch = 1;

  return function* (params) {
    const plain = known?.params === params ? known.result : yield params;
    known = undefined;
    const from = coordinates.toVector(params);
    const image = Float64Array.from(coordinates.toVector(plain.params));
    const residual = image.map((value, index) => value - from[index]);
    points.unshift({ image, residual });
    points.splice(memory + 1);
    if (stretch === 1 && points.length === 1) return plain;

    const target =
      stretch > 1 ? image.map((value, index) => value + (stretch - 1) * residual[index]) : extrapolate(points);
    const candidate = coordinates.fromVector(target);
    if (candidate !== undefined) {
      const result = yield candidate;
      if (result.logLikelihood >= plain.logLikelihood) {
        known = { params: candidate, result };
        if (stretch > 1) stretch *= 2;
        return { params: candidate, logLikelihood: plain.logLikelihood };
      }
    }
    stretch = stretch > 1 ? 1 : 2;
    points.length = 1;
    return plain;
  };
}

/** Checks the option `acceleration` of a fit. */
export function checkAcceleration(acceleration: unknown): void {
  if (acceleration !== undefined && acceleration !== "none" && acceleration !== "anderson")
    throw new InputError("acceleration", 'must be "none" or "anderson"', acceleration, "Choose one of them.");
}

/** The newest image less Σ_i γ_i of the differences of images, γ making the residual shortest (by QR, newest first). */
function extrapolate(points: readonly Point[]): Float64Array {
  const rest = Float64Array.from(points[0].residual);
  const target = Float64Array.from(points[0].image);
  const directions: { readonly unit: Float64Array; readonly move: Float64Array }[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const unit = points[i].residual.map((value, index) => value - points[i + 1].residual[index]);
    const move = points[i].image.map((value, index) => value - points[i + 1].image[index]);
    const before = Math.sqrt(dot(unit, unit));
    // Gram–Schmidt. The same is done to `move`, so that it stays the change of the image that goes with `unit`.
    for (const earlier of directions) {
      const share = dot(unit, earlier.unit);
      subtract(unit, share, earlier.unit);
      subtract(move, share, earlier.move);
    }
    const length = Math.sqrt(dot(unit, unit));
    if (!(length > dependent * before)) continue;
    for (let index = 0; index < unit.length; index++) {
      unit[index] /= length;
      move[index] /= length;
    }
    directions.push({ unit, move });
    const share = dot(rest, unit);
    subtract(rest, share, unit);
    subtract(target, share, move);
  }
  return target;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}

function subtract(from: Float64Array, times: number, vector: Float64Array): void {
  for (let index = 0; index < from.length; index++) from[index] -= times * vector[index];
}
