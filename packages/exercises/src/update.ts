import { type NormalMixture, normalMixture } from "em-lesson";
import { exercise } from "./exercise.js";
import { withParts } from "./m-step.js";
import { integer, listOf, shares } from "./random.js";

type Update = (params: NormalMixture, observations: number[]) => NormalMixture;

const right: Update = (params, observations) => withParts(observations, normalMixture.eStep(params, observations));

/** The update with another deviation, made of the right one and of n_k. */
const withDeviations =
  (change: (deviation: number, n: number) => number): Update =>
  (params, observations) => {
    const next = right(params, observations);
    const n = next.weights.map((weight) => weight * observations.length);
    return { ...next, deviations: next.deviations.map((deviation, k) => change(deviation, n[k] ?? 0)) };
  };

/** An update whose log-likelihood falls. */
export const update = exercise<Update>({
  right,
  fixed: [[{ weights: [0.5, 0.5], means: [0, 1], deviations: [1, 1] }, [0, 0.1338, 0.5141, 0.7042, 1]]],
  draw(random) {
    const components = integer(random, 2, 3);
    return [
      {
        weights: shares(random, components),
        means: listOf(components, (k) => k + random()),
        deviations: listOf(components, () => 0.5 + random()),
      },
      listOf(8, () => 4 * random()),
    ];
  },
  mistakes: [
    {
      // The fault that the exercise hides: to name it would give the answer away.
      words: "not done yet: the fault is still in it.",
      answer: withDeviations((deviation) => deviation ** 2),
    },
    {
      words: "the root is taken of the sum alone: divide by the sum of the responsibilities first.",
      answer: withDeviations((deviation, n) => deviation / Math.sqrt(n)),
    },
    { words: "that is the fault twice: something is squared once more.", answer: withDeviations((s) => s ** 4) },
    { words: "the root is taken twice.", answer: withDeviations(Math.sqrt) },
    {
      words: "it divides by one less than the sum of the responsibilities: the likelihood is largest without that.",
      answer: withDeviations((deviation, n) => deviation * Math.sqrt(n / (n - 1))),
    },
    {
      words: "these are mean distances: square them, average, then take the root.",
      answer: (params, observations) => {
        const r = normalMixture.eStep(params, observations);
        const next = right(params, observations);
        const distances = next.means.map((mean, k) => {
          const ofK = r.map((row) => row[k] ?? 0);
          const sum = ofK.reduce((part, entry, j) => part + entry * Math.abs((observations[j] ?? 0) - mean), 0);
          return sum / ofK.reduce((part, entry) => part + entry, 0);
        });
        return { ...next, deviations: distances };
      },
    },
    {
      words: "the squares are taken around the old mean: take the new one.",
      answer: (params, observations) =>
        withParts(observations, normalMixture.eStep(params, observations), (k) => params.means[k] ?? 0),
    },
    { words: "nothing is updated: these are the old parameters.", answer: (params) => params },
    {
      words: "the deviations are the old ones: they are to be estimated, too.",
      answer: (params, observations) => ({ ...right(params, observations), deviations: params.deviations }),
    },
  ],
  hint: "Compare its lines with the M-step of notebook 2: which of them has lost something?",
});
