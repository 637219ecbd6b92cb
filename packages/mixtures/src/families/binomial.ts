import { checkInteger, checkNotNegative, checkProbability } from "../checks.js";
import type { Component } from "../component.js";
import { type MixtureModel, modelsOf } from "../component-model.js";
import { InputError } from "../errors.js";
import type { Mixture } from "../mixture.js";
import { namedWording } from "../wording.js";
import { drawHeads } from "./count-draws.js";
import { bent, isProbability, logPriorOf, type PseudoCounts, times } from "./counts.js";
import { logFactorial } from "./log-gamma.js";

interface Probability {
  readonly probability: number;
}

/**
 * The number x of heads in n tosses: f(x) = C(n, x) p^x (1 − p)^(n − x).
 *
 * @param tosses n, the same for all rows; where undefined, rows are of heads and tosses
 */
export function binomial(tosses?: number, { pseudoCount = 0 }: PseudoCounts = {}): Component<Probability> {
  if (tosses !== undefined) checkInteger(tosses, 1, "tosses");
  checkNotNegative(pseudoCount, "pseudoCount");
  const tossesOf = (x: Float64Array) => tosses ?? x[1];
  return {
    name: "BinomialMixture",
    columns: tosses === undefined ? 2 : 1,
    logDensity({ probability }) {
      const logHeads = Math.log(probability);
      const logTails = Math.log1p(-probability);
      return (x) => {
        const tails = tossesOf(x) - x[0];
        const logChoices = logFactorial(tossesOf(x)) - logFactorial(x[0]) - logFactorial(tails);
        return logChoices + times(x[0], logHeads) + times(tails, logTails);
      };
    },
    fit(rows) {
      const heads = rows.totalWeight * rows.mean((x) => x[0]);
      const all = rows.totalWeight * rows.mean(tossesOf);
      // A quotient of sums may exceed 1 by its rounding.
      return { probability: Math.min((heads + pseudoCount) / (all + 2 * pseudoCount), 1) };
    },
    ...(pseudoCount > 0 && {
      logPrior: ({ probability }: Probability) => logPriorOf(pseudoCount, [probability, 1 - probability]),
    }),
    freeParameters: 1,
    values: {
      rule: (column) =>
        column === 1
          ? "must be an integer of at least 1"
          : `must be an integer from 0 to ${tosses ?? "its row's tosses"}`,
      remedy: "Heads are counted among tosses.",
      holds: (value, column) => Number.isInteger(value) && value >= column && (tosses === undefined || value <= tosses),
      ...(tosses === undefined && {
        row: { rule: "must have at most as many heads as tosses", holds: ([x, n]) => x <= n },
      }),
    },
    isValid: ({ probability }) => isProbability(probability),
    softened: ({ probability }) => ({ probability: bent(probability) }),
    ...(tosses === undefined && { coordinates: (x: Float64Array) => [x[0] / x[1]] }),
    sample({ probability }, random) {
      const remedy = "Draw from a model that has it: BinomialMixture.from({ ...params, tosses: 10 }).";
      if (tosses === undefined) throw new InputError("tosses", "must be known to draw heads", tosses, remedy);
      return drawHeads(tosses, probability, random);
    },
  };
}

/** The parameters of a mixture of coins that are all tossed the same number of times. */
export interface BinomialParams extends OwnTossesParams, Tosses {}

/** The parameters of a mixture of coins where every row has its own number of tosses. */
export interface OwnTossesParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K probabilities of heads. */
  readonly probabilities: readonly number[];
}

type AnyParams = OwnTossesParams & Partial<Tosses>;
type AnyOptions = Partial<Tosses> & PseudoCounts;

/** How often coins are tossed, where it is the same for all rows. */
export interface Tosses {
  /** The number of tosses that each observation counts the heads of; at least 1. */
  readonly tosses: number;
}

/**
 * Mixtures of coins: each observation is the number of heads in n tosses of one coin,
 * p(x) = Σ_k w_k C(n, x) p_k^x (1 − p_k)^(n − x). K coins can be told apart only if n ≥ 2 K − 1. The number n is the
 * option `tosses`; without it every row has its own, and rows are of heads and tosses, such as [5, 10].
 *
 * @example
 * BinomialMixture.fit([5, 9, 8, 4, 7], { nComponents: 2, tosses: 10 });
 * BinomialMixture.fit([[5, 10], [19, 20], [8, 10], [2, 5]], { nComponents: 2 }); // heads and tosses
 */
export const BinomialMixture: MixtureModel<BinomialParams, Tosses & PseudoCounts> &
  MixtureModel<OwnTossesParams, PseudoCounts> = /* @__PURE__ */ modelsOf<Probability, AnyParams, AnyOptions>({
  name: "BinomialMixture",
  dataName: "heads",
  options: ["tosses", "pseudoCount"],
  of({ tosses, pseudoCount = 0 }) {
    const wording = namedWording<Probability, AnyParams>(
      { probability: "probabilities" },
      ({ probability }, nameOf) => checkProbability(probability, nameOf("probability")),
      tosses === undefined ? {} : { tosses },
    );
    return {
      component: binomial(tosses, { pseudoCount }),
      wording: {
        ...wording,
        columnsRemedy:
          tosses === undefined
            ? "Give `tosses`, or rows of heads and tosses."
            : "With `tosses`, give heads alone; without, rows of heads and tosses.",
      },
    };
  },
}) as MixtureModel<BinomialParams, Tosses & PseudoCounts> & MixtureModel<OwnTossesParams, PseudoCounts>;
export type BinomialMixture = Mixture<BinomialParams>;
