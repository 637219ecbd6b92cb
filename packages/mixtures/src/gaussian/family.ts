import type { Data } from "../data.js";
import type { StepResult } from "../em.js";
import { eStep, type Family } from "../family.js";
import type { Work } from "../work.js";
import { densitiesAt, emptyDensities, gaussianSampler, nearestComponent } from "./densities.js";
import { fastPasses } from "./fast-passes.js";
import type { Held } from "./fixed.js";
import { manyRows, openGridPasses } from "./grid-passes.js";
import { type Floor, gaussianMStep } from "./m-step.js";
import { findPatterns, missingStep } from "./missing.js";
import { missingDensities } from "./missing-densities.js";
import { type CovarianceType, type GaussianParams, gaussianParameters } from "./parameters.js";
import type { GaussianSums, OpenPasses } from "./passes.js";
import { openPatternPasses } from "./pattern-passes.js";
import type { Prior } from "./prior.js";
import type { SumsAt } from "./sums-source.js";

export interface GaussianOptions {
  readonly components: number;
  readonly columns: number;
  readonly covarianceType: CovarianceType;
  /** None unless given. */
  readonly floor?: Floor;
  /** What a fit leaves as it is; nothing unless given. */
  readonly held?: Held | undefined;
  /** None unless given. With one, a step's log-likelihood is the penalised one: plus the log of the prior. */
  readonly prior?: Prior | undefined;
}

export interface GaussianFamily extends Family<GaussianParams> {
  /** The EM step from sums that somebody else delivers: they are asked for once, or twice after a far move of the means. */
  stepFrom(sumsAt: SumsAt): (theta: Float64Array) => Promise<StepResult<Float64Array>>;
}

/** The sums of a fit's data at θ, about centres near the components' means. Valid until the next call. */
interface OpenSums {
  sums(theta: Float64Array, centres: Float64Array): GaussianSums;
  /** The same in parts, where they take long. */
  summing?(theta: Float64Array, centres: Float64Array): Work<GaussianSums>;
  close(): void;
}

const noFloor: Floor = { regCovar: 0, least: undefined, lifts: true };

/** Mixtures of normal distributions. */
export function gaussianFamily(options: GaussianOptions, openPasses: OpenPasses = fastPasses()): GaussianFamily {
  const { components: K, columns: D, covarianceType, floor = noFloor, held, prior } = options;
  const vector = gaussianParameters(K, D, covarianceType);
  const { shape, meansOf } = vector;
  const { estimate, movedFar, onFloor } = gaussianMStep(vector, floor, held, prior);
  const all = Array.from({ length: K }, (_, k) => k);

  const resultOf = (about: Float64Array, sums: GaussianSums): StepResult<Float64Array> => ({
    params: estimate(about, sums),
    logLikelihood: sums.logLikelihood + (prior?.logDensity(about) ?? 0),
  });

  /** θ with its means replaced. */
  function withMeans(theta: Float64Array, means: Float64Array): Float64Array {
    const about = Float64Array.from(theta);
    about.set(means, K);
    return about;
  }

  /**
   * Where the means moved so far in an update that digits were lost: θ with the new means, about which the sums are to be
   * made again. Otherwise undefined. It happens after a far start, and where a component collapses.
   */
  const recentred = (theta: Float64Array, next: Float64Array): Float64Array | undefined =>
    movedFar(theta, next) ? withMeans(theta, meansOf(next)) : undefined;

  function openComplete(data: Data): OpenSums {
    const onGrid = D === 1 && data.rows >= manyRows;
    const passes = onGrid ? openGridPasses(data, K, openPasses) : openPasses(data, K, shape);
    const current = emptyDensities(vector);
    const { summing } = passes;
    return {
      sums: (theta, centres) => passes.sums(densitiesAt(vector, theta, current), centres),
      ...(summing && { summing: (theta, centres) => summing(densitiesAt(vector, theta, current), centres) }),
      close: () => passes.close(),
    };
  }

  function openMissing(data: Data): OpenSums {
    const passes = openPatternPasses(data, K, shape, openPasses);
    return { sums: (theta, centres) => passes.sums(missingDensities(vector, theta), centres), close: passes.close };
  }

  /** A step that yields the centres about which it wants the sums at θ, and is given these. */
  function* stepTurns(theta: Float64Array): Generator<Float64Array, StepResult<Float64Array>, GaussianSums> {
    const result = resultOf(theta, yield meansOf(theta));
    const about = recentred(theta, result.params);
    return about === undefined ? result : resultOf(about, yield meansOf(about));
  }

  function stepFrom(sumsAt: SumsAt): (theta: Float64Array) => Promise<StepResult<Float64Array>> {
    return async (theta) => {
      const current = densitiesAt(vector, theta);
      const turns = stepTurns(theta);
      let turn = turns.next();
      while (!turn.done) turn = turns.next(await sumsAt(current, turn.value));
      return turn.value;
    };
  }

  /** Opens passes over the data for `use`, and closes them after it. */
  function withPasses<T>(data: Data, use: (passes: ReturnType<OpenPasses>) => T): T {
    const passes = openPasses(data, K, shape);
    try {
      return use(passes);
    } finally {
      passes.close();
    }
  }

  const nearSingular = (theta: Float64Array) => all.filter((k) => onFloor(theta, k));

  return {
    components: K,
    columns: D,
    locations: D,
    entriesPerComponent: vector.tied ? 0 : vector.covarianceSize,
    freeParameters: () => vector.freeParameters - (held?.count ?? 0),
    keepsOrder: held !== undefined,
    pack: (params) => (held ? held.hold(vector.pack(params)) : vector.pack(params)),
    // Once more, since acceleration scales the weights, which costs a rounding error.
    unpack: (theta) => vector.unpack(held ? held.hold(theta.slice()) : theta),
    isInside(theta) {
      if (!theta.every((entry, at) => Number.isFinite(entry) && (at >= K || entry > 0))) return false;
      return !all.some((k) => onFloor(theta, k));
    },
    climbs: floor.regCovar === 0,
    nearSingular,
    withoutSingular(theta) {
      const singular = nearSingular(theta);
      const sound = all.filter((k) => !singular.includes(k));
      if (sound.length === 0 || vector.tied) return undefined;
      const { covarianceAt, covarianceSize } = vector;
      const usual = new Float64Array(covarianceSize);
      const total = sound.reduce((sum, k) => sum + theta[k], 0);
      for (const k of sound)
        for (let i = 0; i < covarianceSize; i++) usual[i] += (theta[k] / total) * theta[covarianceAt(k) + i];
      const next = Float64Array.from(theta);
      for (const k of singular) next.set(usual, covarianceAt(k));
      return next;
    },
    nearest: (theta, data, row) => nearestComponent(densitiesAt(vector, theta), data, row),
    eStep(theta, data, visit) {
      if (data.missing)
        return eStep(
          missingStep(data, findPatterns(data), missingDensities(vector, theta), shape).logJoint,
          K,
          data,
          visit,
        );
      return withPasses(data, (passes) => passes.eStep(densitiesAt(vector, theta), visit));
    },
    weightedFit: (data, responsibilities) =>
      withPasses(data, (passes) => {
        // First the means; then the sums about them, which lose no digits by cancellation.
        const { counts, first } = passes.weightedSums(responsibilities, new Float64Array(K * D));
        const means = first.map((sum, at) => (counts[Math.floor(at / D)] > 0 ? sum / counts[Math.floor(at / D)] : 0));
        return estimate(withMeans(new Float64Array(vector.size), means), passes.weightedSums(responsibilities, means));
      }),
    open(data) {
      const { sums, summing, close } = data.missing ? openMissing(data) : openComplete(data);
      return {
        step(theta) {
          const turns = stepTurns(theta);
          let turn = turns.next();
          while (!turn.done) turn = turns.next(sums(theta, turn.value));
          return turn.value;
        },
        ...(summing && {
          *work(theta) {
            const turns = stepTurns(theta);
            let turn = turns.next();
            while (!turn.done) turn = turns.next(yield* summing(theta, turn.value));
            return turn.value;
          },
        }),
        close,
      };
    },
    stepFrom,
    sampler: (theta) => gaussianSampler(densitiesAt(vector, theta)),
  };
}
