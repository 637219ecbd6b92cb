import type { StopReason } from "./em.js";
import type { Family } from "./family.js";
import type { StartKind } from "./start.js";

/** One restart's row in a report. */
export interface Restart {
  readonly start: StartKind | "given";
  /** The total log-likelihood reached. */
  readonly logLikelihood: number;
  readonly iterations: number;
  /** How often the EM step was evaluated, by an accelerated fit more often than it updated. */
  readonly evaluations: number;
  readonly converged: boolean;
  readonly reason: StopReason;
  /** Whether a component shrank to the covariance floor. */
  readonly nearSingular: boolean;
}

/** Something about a fit that its user should know. */
export interface FitWarning {
  readonly name: "notConverged" | "nearSingular" | "emptyComponent" | "logLikelihoodFell";
  /** The components concerned; empty where it is the whole fit. */
  readonly components: readonly number[];
  readonly message: string;
}

/** How a fit went. Its own fields tell of the best restart, which the model comes from. */
export interface FitReport extends Restart {
  /** history[t]: the total log-likelihood after t updates; history[0] is the start's. */
  readonly history: readonly number[];
  /** A row for each restart, in the order they ran. */
  readonly restarts: readonly Restart[];
  readonly warnings: readonly FitWarning[];
}

/** A component with less than this much of one observation counts as empty. */
const emptyWeight = 1e-6;

/** What the user of a fit should know. @param fell whether some update lowered the log-likelihood, though none should */
export function warningsOf<P>(
  family: Family<P>,
  theta: Float64Array,
  restart: Restart,
  totalWeight: number,
  fell: boolean,
): FitWarning[] {
  const warnings: FitWarning[] = [];
  const warn = (name: FitWarning["name"], components: readonly number[], message: string) =>
    warnings.push({ name, components, message });
  if (!restart.converged)
    warn(
      "notConverged",
      [],
      `EM stopped after ${restart.iterations} updates (${restart.reason}), short of its tolerance. Raise maxIter or tol, or set acceleration.`,
    );
  if (fell)
    warn(
      "logLikelihoodFell",
      [],
      "Some update lowered the log-likelihood: near a singular covariance rounding does that; elsewhere, look for a fault in the component's fit.",
    );
  const singular = family.nearSingular(theta);
  if (singular.length > 0)
    warn(
      "nearSingular",
      singular,
      `The covariance of component ${singular.join(", ")} is nearly singular and held up by the floor, so the likelihood says little. Use fewer components, or for Gaussians another covariance type or regCovar.`,
    );
  const weights = theta.subarray(0, family.components);
  const empty = [...weights.keys()].filter((k) => weights[k] * Math.max(1, totalWeight) < emptyWeight);
  if (empty.length > 0)
    warn(
      "emptyComponent",
      empty,
      `Component ${empty.join(", ")} holds less than a millionth of an observation. Use fewer components.`,
    );
  return warnings;
}
