export type { Figure, Step } from "./figure.js";
export { logLikelihoodTraces } from "./log-likelihood.js";
export {
  type MixtureStep,
  mixtureSlider,
  originalDensities,
  originalLabels,
  softLabels,
  weightedDensities,
} from "./normal-mixture.js";
export { show } from "./show.js";
export { type CoinStep, coinSlider } from "./three-coins.js";
