import assert from "node:assert/strict";
import { test } from "node:test";
import { type Coins, InputError, threeCoins } from "em-lesson";
import { assertClose } from "./close.js";
import printed from "./fixtures/printed-figures.json" with { type: "json" };

const tosses = printed.three_coins.tosses;
const start: Coins = { a: 0.4, b: 0.6, c: 0.7 };
// Sums of ten terms in another order than the original's differ in the last digit.
const rounding = 1e-12;

test("threeCoins.fit gives the original's three printed figures", () => {
  const { params } = threeCoins.fit(tosses, start, { maxIter: 3 });
  assertClose([params.a, params.b, params.c], printed.three_coins.printed_after_3_iterations.map(Number), rounding);
});

test("threeCoins lands in one step and stays there", () => {
  // Exact landings: the ridge keeps the two odds a b / ((1 − a) c) and a (1 − b) / ((1 − a)(1 − c)) of the start.
  const landings: readonly [Coins, Coins, number][] = [
    [start, { a: 76 / 187, b: 51 / 95, c: 119 / 185 }, rounding],
    [{ a: 0.46, b: 0.55, c: 0.67 }, { a: 0.461862835, b: 0.534595004, c: 0.656134642 }, 1e-8],
    [{ a: 0.5, b: 0.5, c: 0.5 }, { a: 0.5, b: 0.6, c: 0.6 }, rounding],
    [{ a: 0.3, b: 0.8, c: 0.1 }, { a: 0.499299, b: 0.930337, c: 0.270588 }, 1e-5],
    [{ a: 0.5, b: 1, c: 0 }, { a: 0.6, b: 1, c: 0 }, rounding],
  ];
  for (const [from, to, tolerance] of landings) {
    const seen: Coins[] = [];
    const { converged, logLikelihood } = threeCoins.fit(tosses, from, {
      onIteration: ({ params }) => seen.push(params),
    });
    assert.ok(converged);
    assertClose(logLikelihood, 6 * Math.log(0.6) + 4 * Math.log(0.4), rounding);
    assert.ok(seen.length >= 3);
    for (const { a, b, c } of seen.slice(1)) assertClose([a, b, c], [to.a, to.b, to.c], tolerance, "landing");
  }
});

test("threeCoins.eStep gives two heights, 4/11 for heads and 8/17 for tails", () => {
  assertClose(
    threeCoins.eStep(start, tosses),
    tosses.map((y) => (y === 1 ? 4 / 11 : 8 / 17)),
    rounding,
  );
});

test("threeCoins.mStep and eStep compose to fit's update", () => {
  const { params } = threeCoins.fit(tosses, start, { maxIter: 1 });
  const update = threeCoins.mStep(tosses, threeCoins.eStep(start, tosses));
  assertClose([update.a, update.b, update.c], [params.a, params.b, params.c], rounding);
});

test("threeCoins.probability and logLikelihood agree", () => {
  assertClose(threeCoins.probability(1, start), 0.4 * 0.6 + 0.6 * 0.7, rounding);
  assertClose(threeCoins.probability(0, start), 1 - 0.66, rounding);
  const expected = tosses.reduce((sum, y) => sum + Math.log(threeCoins.probability(y, start)), 0);
  assertClose(threeCoins.logLikelihood(start, tosses), expected, rounding);
});

test("threeCoins names the place, the value and the rule of bad input", () => {
  const cases: readonly [() => unknown, RegExp][] = [
    [() => threeCoins.fit([], start), /^tosses must not be empty/],
    [() => threeCoins.eStep(start, [1, 0, 2]), /^tosses\[2\] must be 0 or 1, but is 2/],
    [() => threeCoins.eStep(start, [1, Number.NaN]), /^tosses\[1\] must be 0 or 1, but is NaN/],
    [() => threeCoins.eStep(start, [1, "1" as unknown as number]), /^tosses\[1\] must be a number, but is "1"/],
    [() => threeCoins.fit(tosses, { ...start, b: 1.2 }), /^start\.b must be a probability, from 0 to 1, but is 1\.2/],
    [() => threeCoins.probability(1, { ...start, a: Number.NaN }), /^coins\.a must be a probability.* NaN/],
    [() => threeCoins.fit(tosses, { ...start, a: 0 }), /^start must leave coin B some toss/],
    [() => threeCoins.fit(tosses, { ...start, a: 1 }), /^start must leave coin C some toss/],
    [() => threeCoins.fit(tosses, { a: 0.5, b: 0, c: 0 }), /^tosses\[0\] must have a probability above 0/],
    [
      () =>
        threeCoins.mStep(
          tosses,
          tosses.map(() => 0),
        ),
      /^responsibilities must leave coin B some toss/,
    ],
    [() => threeCoins.mStep(tosses, [0.5]), /^responsibilities must have 10 entries/],
    [() => threeCoins.mStep(tosses, null as never), /^responsibilities must be an array, but is null/],
    [() => threeCoins.eStep(null as never, tosses), /^coins must be an object, but is null/],
    [() => threeCoins.fit(null as never, start), /^tosses must be an array, but is null/],
    [() => threeCoins.fit(tosses, start, null as never), /^options must be an object, but is null/],
    [
      () => threeCoins.fit(tosses, start, { maxiter: 3 } as object),
      /^options must be among .*"maxiter"\. .* maxIter\?/,
    ],
    [() => threeCoins.fit(tosses, start, { tol: -1 }), /^tol must be a finite number of at least 0, but is -1/],
    [() => threeCoins.fit(tosses, start, { maxIter: 1.5 }), /^maxIter must be an integer of at least 0, but is 1\.5/],
  ];
  for (const [call, message] of cases)
    assert.throws(call, (error) => error instanceof InputError && message.test(error.message), String(message));
});
