export { boundAlong, boundSlider } from "./bound.js";
export { boundAndGap, type HalfStep, jensenSlider } from "./climb.js";
export { observationRow, tossRow } from "./data-rows.js";
export { componentMap, endCounts, type Way } from "./ends.js";
export type { Figure, Handle, NormalCurve, Step, View } from "./figure.js";
export { withHandles } from "./handles.js";
export { hardeningSlider, type Softness, updatesByDistance } from "./hardening.js";
export { logLikelihoodTraces, toleranceSlider } from "./log-likelihood.js";
export {
  mixtureSlider,
  originalDensities,
  originalLabels,
  softLabels,
  weightedDensities,
} from "./normal-mixture.js";
export { criterionLines, ellipseSlider, type PlaneFit, pointCloud } from "./plane.js";
export { coinMap, drawGrid, headsDistribution, type NamedCoins } from "./repeated-coins.js";
export { coinMosaic, logLikelihoodOverHeads, ridgeSlider } from "./ridge.js";
export { show } from "./show.js";
export { pairsPlot, restartTraces, type TableFit } from "./table-fit.js";
// For figures of one's own in the same style.
export { colours, cycled, dashes, layoutWith, sumColour, symbols } from "./template.js";
export { plotlyText } from "./text.js";
export { coinSlider } from "./three-coins.js";
