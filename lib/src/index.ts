export { normalDensity } from "./density.js";
export {
  type EmOptions,
  type EmResult,
  em,
  type Iteration,
  type Step,
  type StepResult,
  type StopReason,
} from "./em.js";
export { CollapseError, InputError, type Place } from "./errors.js";
export {
  type DeviationFloor,
  type NormalMixture,
  type NormalMixtureFitOptions,
  normalMixture,
  type Observations,
} from "./normal-mixture.js";
export { type Coins, threeCoins } from "./three-coins.js";
