export type { Figure, Step } from "./figure.js";
export { figureHtml } from "./html.js";
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
export { blend, colours, cycled, dashes, layoutWith, symbols } from "./template.js";
export { plotlyText } from "./text.js";
export { type CoinStep, coinSlider } from "./three-coins.js";
