import type { Coins } from "em-lesson";
import { exercise } from "./exercise.js";

type LandingFrom = (oddsOfHead: number, oddsOfTail: number, fraction: number) => Coins;

/** The coins after an update, from B's responsibilities for a head and for a tail. */
function landingOf(ofHead: number, ofTail: number, fraction: number): Coins {
  const a = fraction * ofHead + (1 - fraction) * ofTail;
  return { a, b: (fraction * ofHead) / a, c: (fraction * (1 - ofHead)) / (1 - a) };
}

const responsibility = (odds: number): number => odds / (1 + odds);
const right: LandingFrom = (oddsOfHead, oddsOfTail, fraction) =>
  landingOf(responsibility(oddsOfHead), responsibility(oddsOfTail), fraction);

/** Where an update of the three coins lands: from the odds of B against C for a head and for a tail. */
export const landingFrom = exercise<LandingFrom>({
  right,
  fixed: [[4 / 7, 8 / 9, 0.6]],
  draw: (random) => [0.2 + 3 * random(), 0.2 + 3 * random(), 0.1 + 0.8 * random()],
  mistakes: [
    {
      words: "the odds are taken for responsibilities: of odds o, B's responsibility is o / (1 + o).",
      answer: (oddsOfHead, oddsOfTail, fraction) => landingOf(oddsOfHead, oddsOfTail, fraction),
    },
    {
      words: "1 / (1 + o) is C's responsibility: B's is o / (1 + o).",
      answer: (oddsOfHead, oddsOfTail, fraction) => landingOf(1 / (1 + oddsOfHead), 1 / (1 + oddsOfTail), fraction),
    },
    {
      words: "heads and tails count alike in a: their responsibilities have the weights fraction and 1 − fraction.",
      answer: (oddsOfHead, oddsOfTail, fraction) => {
        const [ofHead, ofTail] = [responsibility(oddsOfHead), responsibility(oddsOfTail)];
        const a = (ofHead + ofTail) / 2;
        return { a, b: (fraction * ofHead) / a, c: (fraction * (1 - ofHead)) / (1 - a) };
      },
    },
    {
      words: "0.6 stands where `fraction` belongs: other tosses have other fractions of heads.",
      answer: (oddsOfHead, oddsOfTail) => right(oddsOfHead, oddsOfTail, 0.6),
    },
    {
      words: "heads and tails are swapped.",
      answer: (oddsOfHead, oddsOfTail, fraction) => right(oddsOfTail, oddsOfHead, fraction),
    },
    {
      words: "b and c are the tiles themselves: divide them by a and by 1 − a.",
      answer: (oddsOfHead, oddsOfTail, fraction) => {
        const { a, b, c } = right(oddsOfHead, oddsOfTail, fraction);
        return { a, b: a * b, c: (1 - a) * c };
      },
    },
    {
      words: "b and c are responsibilities for a head: they are to be probabilities of heads.",
      answer: (oddsOfHead, oddsOfTail, fraction) => {
        const { a } = right(oddsOfHead, oddsOfTail, fraction);
        return { a, b: responsibility(oddsOfHead), c: 1 - responsibility(oddsOfHead) };
      },
    },
    {
      words: "b and c are swapped.",
      answer: (oddsOfHead, oddsOfTail, fraction) => {
        const { a, b, c } = right(oddsOfHead, oddsOfTail, fraction);
        return { a, b: c, c: b };
      },
    },
    {
      words: "c is divided by a: C makes 1 − a of the tosses.",
      answer: (oddsOfHead, oddsOfTail, fraction) => {
        const { a, b, c } = right(oddsOfHead, oddsOfTail, fraction);
        return { a, b, c: (c * (1 - a)) / a };
      },
    },
  ],
  hint: "Turn the odds into responsibilities first: o / (1 + o). The column of heads is as wide as `fraction`.",
});
