import { accelerateAsync, checkAcceleration } from "../accelerate.js";
import { checkFunction, checkInteger, checkObject, checkOptions, checkPositive } from "../checks.js";
import { type ColumnScales, columnSpreads } from "../column-moments.js";
import { type Data, readData, type Samples } from "../data.js";
import { emAsync } from "../em.js";
import { insideOf } from "../family.js";
import { bestOf, componentsOf, fitMixture, outcomeOf } from "../fit.js";
import type { FitReport } from "../report.js";
import { checkSignal, finishAsync, restFrom, type Work } from "../work.js";
import { columnScales } from "./column-scales.js";
import { type GaussianFamily, gaussianFamily } from "./family.js";
import { fastPasses } from "./fast-passes.js";
import { heldBy } from "./fixed.js";
import { floorUnder, usualVariances } from "./floor.js";
import { checkMemory } from "./memory.js";
import { type GaussianFitOptions, type GaussianSumsOptions, gaussianFitOptions, sumsOptions } from "./options.js";
import { type CovarianceType, type GaussianParams, gaussianParameters } from "./parameters.js";
import { priorOf } from "./prior.js";
import { checkedSums, checkSource, type SumsSource } from "./sums-source.js";

/** What a fit of normal distributions found. */
export interface GaussianFit {
  readonly params: GaussianParams;
  readonly covarianceType: CovarianceType;
  readonly report: FitReport;
  /** How many parameters it left as they were. */
  readonly fixedParameters: number;
}

/** Fits normal distributions to data in memory. */
export function* gaussianFit(X: Samples, options: GaussianFitOptions): Work<GaussianFit> {
  checkOptions(options, gaussianFitOptions);
  const { covarianceType = "full", threads } = options;
  if (threads !== undefined) checkInteger(threads, 1, "threads");
  const data = readData(X, options);
  const components = componentsOf(options, data);
  checkMemory(components, data.columns, covarianceType);
  const { family, fixedParameters } = familyFor(options, components, data.name, columnScales(data), threads, data);
  const { params, report } = yield* fitMixture(family, data, options);
  return { params, covarianceType, report, fixedParameters };
}

/** Fits normal distributions to data that are summed elsewhere. */
export async function fitToSums(
  source: SumsSource | (() => Promise<SumsSource>),
  options: GaussianSumsOptions,
): Promise<GaussianFit> {
  checkOptions(options, sumsOptions);
  const { tol = 1e-6, maxIter = 1000, onIteration, acceleration, init, ...others } = options;
  const { covarianceType = "full", onProgress, signal } = options;
  checkPositive(tol, "tol");
  checkAcceleration(acceleration);
  checkFunction(onProgress, "onProgress");
  checkSignal(signal);
  if (init !== undefined) checkObject(init, "init", "Give weights, means and covariances.");
  const opened = checkSource(typeof source === "function" ? await source() : source);
  const { name = "source", columns, rows, totalWeight = rows, sample, sampleWeight, sumsAt } = opened;
  const weighted = { ...(sampleWeight && { sampleWeight }) };
  const drawn = readData({ values: sample, columns }, { name, ...weighted });
  const found = init
    ? undefined
    : await finishAsync(gaussianFit({ values: sample, columns }, { ...others, ...weighted }), signal);
  const start = init ?? (found as GaussianFit).params;
  const components = componentsOf({ ...others, init: start }, { name, rows });
  checkMemory(components, columns, covarianceType);
  const [means, variances] = [Float64Array.from(opened.means), Float64Array.from(opened.variances)];
  const scales = { means, variances, spreads: columnSpreads(drawn) };
  const { family, fixedParameters } = familyFor(options, components, name, scales, 1);
  let evaluations = 0;
  const plain = family.stepFrom(checkedSums(sumsAt));
  const rest = restFrom(signal);
  const counted = async (theta: Float64Array) => {
    evaluations++;
    const result = await plain(theta);
    await rest();
    return result;
  };
  const step = acceleration === "anderson" ? accelerateAsync(counted, insideOf(family)) : counted;
  const { params: theta, ...result } = await emAsync(family.pack(start), step, {
    tol: tol * totalWeight,
    maxIter,
    onIteration({ iteration, params, logLikelihood }) {
      onProgress?.({ stage: "passes", runs: 1, finished: 0, iteration, logLikelihood });
      return onIteration?.({ iteration, params: family.unpack(params), logLikelihood, restart: 0 });
    },
  });
  const run = { theta, evaluations, result: { ...result, params: family.unpack(theta) } };
  const outcome = outcomeOf(family, found?.report.start ?? "given", run);
  return { ...bestOf(family, [outcome], totalWeight), covarianceType, fixedParameters };
}

/** The family that the options describe. @param data to say what is wrong with, where they are at hand */
function familyFor(
  options: GaussianFitOptions | GaussianSumsOptions,
  components: number,
  name: string,
  scales: ColumnScales,
  threads: number | undefined,
  data?: Data,
): { readonly family: GaussianFamily; readonly fixedParameters: number } {
  const { covarianceType = "full", fixed, init } = options;
  const columns = scales.means.length;
  const vector = gaussianParameters(components, columns, covarianceType);
  const floor = floorUnder(name, scales, options, data);
  const held = fixed && heldBy(vector, fixed, init);
  const prior = options.prior && priorOf(vector, options.prior, usualVariances(scales), held?.covariances);
  const shape = { components, columns, covarianceType, floor, held, prior };
  return { family: gaussianFamily(shape, fastPasses(threads)), fixedParameters: held?.count ?? 0 };
}
