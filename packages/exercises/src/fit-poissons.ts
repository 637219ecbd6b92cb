import { exercise } from "./exercise.js";
import { integer, listOf, shares } from "./random.js";

interface Poissons {
  readonly weights: number[];
  readonly means: number[];
}
type FitPoissons = (counts: number[], times: number[], start: Poissons, updates: number) => Poissons;

/** What a wrong E-step or M-step has in place of the right one's parts. */
interface Parts {
  /** w_k p(y | m_k), up to a factor that is the same for all k. */
  readonly joint?: (weight: number, mean: number, count: number) => number;
  readonly share?: (responsibilities: number[]) => number[];
  readonly times?: (times: number) => number;
  /** The next means from Σ v r y, Σ v r, and Σ v. */
  readonly mean?: (sum: number, total: number, all: number) => number;
  readonly weight?: (total: number, all: number, old: number) => number;
}

/** EM for any number of Poisson distributions. p(y | m) = e^(−m) m^y / y!, whose y! cancels in the responsibilities. */
const withPoissonParts =
  (parts: Parts): FitPoissons =>
  (counts, times, start, updates) => {
    const { joint = (weight, mean, count) => weight * mean ** count * Math.exp(-mean) } = parts;
    const { share = (r) => r, times: timesOf = (v) => v } = parts;
    const { mean = (sum, total) => sum / total, weight = (total, all) => total / all } = parts;
    let now = start;
    for (let t = 0; t < updates; t++) {
      const { weights, means } = now;
      const totals = weights.map(() => 0);
      const sums = weights.map(() => 0);
      let all = 0;
      counts.forEach((count, j) => {
        const ways = weights.map((w, k) => joint(w, means[k] ?? 0, count));
        const sum = ways.reduce((part, way) => part + way, 0);
        const v = timesOf(times[j] ?? 0);
        all += v;
        share(ways.map((way) => way / sum)).forEach((r, k) => {
          totals[k] = (totals[k] ?? 0) + v * r;
          sums[k] = (sums[k] ?? 0) + v * r * count;
        });
      });
      now = {
        weights: totals.map((total, k) => weight(total, all, weights[k] ?? 0)),
        means: sums.map((sum, k) => mean(sum, totals[k] ?? 0, all)),
      };
    }
    return now;
  };

const right = withPoissonParts({});

/** Days with 0, 1, … 9 death notices of women of 80 and over in The Times, 1910 to 1912: Hasselblad (1969). */
const days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1];

/** The project: all of EM for a model that the lesson does not have. */
export const fitPoissons = exercise<FitPoissons>({
  right,
  fixed: [
    [days.map((_, count) => count), days, { weights: [0.3, 0.7], means: [1, 2.5] }, 1],
    [days.map((_, count) => count), days, { weights: [0.3, 0.7], means: [1, 2.5] }, 20],
  ],
  draw(random) {
    const components = integer(random, 2, 4);
    const counts = listOf(6, (j) => 2 * j + integer(random, 0, 1));
    return [
      counts,
      counts.map(() => integer(random, 1, 9)),
      { weights: shares(random, components), means: listOf(components, (k) => 1 + 3 * k + random()) },
      integer(random, 1, 3),
    ];
  },
  mistakes: [
    { words: "not done yet: this is the start.", answer: (_, __, start) => start },
    {
      words: "this is one update: repeat it, as often as `updates` says.",
      answer: (counts, times, start) => right(counts, times, start, 1),
    },
    {
      words: "this is one update too many: `updates` says how many to make.",
      answer: (counts, times, start, updates) => right(counts, times, start, updates + 1),
    },
    {
      words: "each count is taken once: count j was seen times[j] times.",
      answer: withPoissonParts({ times: () => 1 }),
    },
    {
      words: "the responsibilities forget the weights.",
      answer: withPoissonParts({ joint: (_, mean, count) => mean ** count * Math.exp(-mean) }),
    },
    {
      words: "the probability of a count lacks its factor e^(−m).",
      answer: withPoissonParts({ joint: (weight, mean, count) => weight * mean ** count }),
    },
    {
      words: "each count goes to one component as a whole: share it by the responsibilities.",
      answer: withPoissonParts({ share: (r) => r.map((entry) => (entry === Math.max(...r) ? 1 : 0)) }),
    },
    {
      words: "the means are divided by all days: divide by the sum of the component's responsibilities.",
      answer: withPoissonParts({ mean: (sum, _, all) => sum / all }),
    },
    {
      words: "the weights are those of the start: they are to be estimated, too.",
      answer: withPoissonParts({ weight: (_, __, old) => old }),
    },
    {
      words: "the weights are sums: divide them by the number of days.",
      answer: withPoissonParts({ weight: (total) => total }),
    },
  ],
  hint: "Try one update first, and add up the responsibilities of one count: they must give 1.",
});
