import { type NormalMixture, normalMixture } from "em-lesson";
import { exercise } from "./exercise.js";
import { shares } from "./random.js";

type Stays = (params: NormalMixture, most: number) => boolean;

const raw = [-67, -48, 6, 8, 14, 16, 23, 24, 28, 29, 41, 49, 56, 60, 75];
const update = (params: NormalMixture): NormalMixture => normalMixture.mStep(raw, normalMixture.eStep(params, raw));
const shifts = (from: NormalMixture, to: NormalMixture): number[] =>
  from.means.map((mean, k) => (to.means[k] ?? 0) - mean);

/** Whether an update moves no mean by more than so much. */
export const stays = exercise<Stays>({
  right: (params, most) => shifts(params, update(params)).every((shift) => Math.abs(shift) <= most),
  fixed: [
    [{ weights: [0.5695, 0.4305], means: [27.42, 12.36], deviations: [16.3759, 52.653] }, 0.01],
    [{ weights: [0.5, 0.5], means: [-60, 33], deviations: [10, 20] }, 50],
  ],
  draw: (random) => [
    {
      weights: shares(random, 2),
      means: [-60 + 60 * random(), 60 * random()],
      deviations: [10 + 10 * random(), 10 + 20 * random()],
    },
    12 * random(),
  ],
  mistakes: [
    {
      words: "a mean that falls counts as one that stays: take the size of its shift.",
      answer: (params, most) => shifts(params, update(params)).every((shift) => shift <= most),
    },
    {
      words: "one mean that stays is not enough: all of them must.",
      answer: (params, most) => shifts(params, update(params)).some((shift) => Math.abs(shift) <= most),
    },
    {
      words: "the answer is turned round: true stands for means that stay.",
      answer: (params, most) => !shifts(params, update(params)).every((shift) => Math.abs(shift) <= most),
    },
    {
      words: "only the first mean is looked at.",
      answer: (params, most) => Math.abs(shifts(params, update(params))[0] ?? 0) <= most,
    },
  ],
  hint: "Update, and compare each new mean with the old one.",
});
