import type { Coins, NormalMixture } from "em-lesson";
import { bicOf } from "./bic.js";
import { coinsFrom } from "./coins-from.js";
import { countedMStep } from "./counted-m-step.js";
import { divergence } from "./divergence.js";
import { eStep } from "./e-step.js";
import type { Exercise } from "./exercise.js";
import { fitPoissons } from "./fit-poissons.js";
import { fixedSplits } from "./fixed-splits.js";
import { flooredMStep } from "./floored-m-step.js";
import { inOrder } from "./in-order.js";
import { landing } from "./landing.js";
import { landingFrom } from "./landing-from.js";
import { logSumExp } from "./log-sum-exp.js";
import { mStep } from "./m-step.js";
import { printedConstant } from "./printed-constant.js";
import { ridgePoints } from "./ridge-points.js";
import { squeezed } from "./squeezed.js";
import { stays } from "./stays.js";
import { unequalMStep } from "./unequal-m-step.js";
import { update } from "./update.js";

/** What readers write, by the names that the exercises' cells give to `check`. */
export interface Answers {
  countedMStep(tosses: number[], counts: number[], responsibilities: number[]): Coins;
  landing(): Coins;
  eStep(params: NormalMixture, observations: number[]): number[][];
  printedConstant(): number;
  landingFrom(oddsOfHead: number, oddsOfTail: number, fraction: number): Coins;
  ridgePoints(h: number, pairs: number[][]): Coins[];
  unequalMStep(heads: number[], tosses: number[], ofB: number[]): Coins;
  coinsFrom(h1: number, h2: number, h3: number): Coins;
  logSumExp(logs: number[]): number;
  update(params: NormalMixture, observations: number[]): NormalMixture;
  divergence(q: number[][], r: number[][]): number;
  mStep(observations: number[], r: number[][], old: NormalMixture): NormalMixture;
  flooredMStep(observations: number[], r: number[][], floor: number): NormalMixture;
  inOrder(params: NormalMixture): NormalMixture;
  fixedSplits(ys: number[]): number[];
  bicOf(logLikelihood: number, components: number, columns: number, N: number): number;
  stays(params: NormalMixture, most: number): boolean;
  squeezed(params: NormalMixture): NormalMixture;
  fitPoissons(
    counts: number[],
    times: number[],
    start: { weights: number[]; means: number[] },
    updates: number,
  ): { weights: number[]; means: number[] };
}

/** The exercises of the lesson. */
export const exercises: { readonly [N in keyof Answers]: Exercise<Answers[N]> } = {
  countedMStep,
  landing,
  eStep,
  printedConstant,
  landingFrom,
  ridgePoints,
  unequalMStep,
  coinsFrom,
  logSumExp,
  update,
  divergence,
  mStep,
  flooredMStep,
  inOrder,
  fixedSplits,
  bicOf,
  stays,
  squeezed,
  fitPoissons,
};
