export type { Matrix, Samples } from "./data.js";
export {
  type EmOptions,
  type EmResult,
  em,
  type Iteration,
  type Step,
  type StepResult,
  type StopReason,
} from "./em.js";
export { CollapseError, EmError, InputError, type Place, StepError } from "./errors.js";
export {
  type DeviationFloor,
  type NormalMixture,
  type NormalMixtureFitOptions,
  normalDensity,
  normalMixture,
} from "./normal-mixture.js";
export { type Coins, threeCoins } from "./three-coins.js";
