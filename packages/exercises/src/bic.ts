import { exercise } from "./exercise.js";
import { integer } from "./random.js";

type Bic = (logLikelihood: number, components: number, columns: number, N: number) => number;

/** The criterion with another count of parameters and another charge for each. */
const withCount =
  (count: (K: number, D: number) => number, charge: (N: number) => number = Math.log): Bic =>
  (logLikelihood, K, D, N) =>
    count(K, D) * charge(N) - 2 * logLikelihood;

const parameters = (K: number, D: number): number => K - 1 + K * D + (K * D * (D + 1)) / 2;

/** BIC of a mixture of full Gaussians, the lower the better. */
export const bicOf = exercise<Bic>({
  right: withCount(parameters),
  fixed: [[-1130.264, 2, 2, 272]],
  draw: (random) => [-2000 * random(), integer(random, 1, 6), integer(random, 2, 6), integer(random, 30, 900)],
  mistakes: [
    {
      words: "the weights count as K parameters: they sum to 1, which leaves K − 1.",
      answer: withCount((K, D) => parameters(K, D) + 1),
    },
    { words: "the weights are not counted.", answer: withCount((K, D) => parameters(K, D) - (K - 1)) },
    {
      words: "each covariance counts as D² parameters: it is symmetric.",
      answer: withCount((K, D) => K - 1 + K * D + K * D * D),
    },
    {
      words: "each covariance counts as D parameters: those are diagonal ones.",
      answer: withCount((K, D) => K - 1 + 2 * K * D),
    },
    {
      words: "one covariance is counted for all components: each has its own.",
      answer: withCount((K, D) => K - 1 + K * D + (D * (D + 1)) / 2),
    },
    { words: "that is AIC, which charges 2 a parameter: BIC charges log N.", answer: withCount(parameters, () => 2) },
    {
      words: "it has the other sign: here the lower is the better.",
      answer: (...values) => -withCount(parameters)(...values),
    },
    {
      words: "the log-likelihood counts once: it is taken twice.",
      answer: (ell, ...values) => withCount(parameters)(ell, ...values) + ell,
    },
    { words: "the logarithm is to the base 10: it is the natural one.", answer: withCount(parameters, Math.log10) },
  ],
  hint: "p log N − 2 ℓ, with p the number of free parameters.",
});
