import assert from "node:assert/strict";
import { test } from "node:test";
import { type Coins, threeCoins } from "em-lesson";
import { coinMosaic, logLikelihoodOverHeads, ridgeSlider } from "../packages/figures/src/ridge.js";
import { assertClose } from "./close.js";

const tosses = [1, 1, 0, 1, 0, 0, 1, 0, 1, 1];
const start: Coins = { a: 0.4, b: 0.6, c: 0.7 };
const update = (coins: Coins) => threeCoins.mStep(tosses, threeCoins.eStep(coins, tosses));
const paths = [start, { a: 0.3, b: 0.8, c: 0.1 }].map((from) => [from, update(from)]);
const heads = ({ a, b, c }: Coins) => a * b + (1 - a) * c;

test("coinMosaic's tiles have the probabilities of the four ways as areas, and fill the square", () => {
  const { data, steps } = coinMosaic({ tosses, path: paths[0] ?? [] });
  const [ofB, ofC] = data as unknown as { x: number[]; width: number[]; y: number[]; text: string[] }[];
  assert.deepEqual(ofB?.width, [0.66, 0.34]);
  assert.deepEqual(ofB?.x, [0.33, 0.83]);
  assert.deepEqual(ofB?.text, ["B, heads<br>0.240", "B, tails<br>0.160"]);
  assert.deepEqual(ofC?.text, ["C, heads<br>0.420", "C, tails<br>0.180"]);
  const areas = ofB?.y.map((height, face) => height * (ofB.width[face] ?? 0)) ?? [];
  // The figure keeps four digits.
  assertClose(areas, [0.24, 0.16], 1e-3);
  for (const face of [0, 1]) assertClose((ofB?.y[face] ?? 0) + (ofC?.y[face] ?? 0), 1, 1e-3);
  const [moved] = (steps?.[1]?.data ?? []) as unknown as { width: number[]; y: number[] }[];
  assert.deepEqual(moved?.width, [0.6, 0.4]);
  assert.deepEqual(moved?.y, ofB?.y, "an update leaves the heights");
  assert.match(
    steps?.[1]?.label ?? "",
    /^t = 1: h = 0\.6000; a = 0\.4064, b = 0\.5368, c = 0\.6432; log-likelihood −6\.7301$/,
  );
  const line = data[2];
  assert.deepEqual(line && "x" in line && line.x, [0.6, 0.6]);
  const sure = coinMosaic({ tosses: [1, 1], path: [{ a: 0.5, b: 1, c: 1 }] }).data[0] as unknown as { y: number[] };
  assert.deepEqual(sure.y, [0.5, 0], "a column without width has no tiles");
  assert.throws(() => coinMosaic({ tosses, path: [] }), /coinMosaic: `path` is empty/);
});

test("logLikelihoodOverHeads has its marks on its curve, and all at the top after an update", () => {
  const { data, steps } = logLikelihoodOverHeads({ tosses, paths });
  const [curve, marks] = data as unknown as { x: number[]; y: number[] }[];
  const place = curve?.x.indexOf(0.66) ?? -1;
  assert.equal(marks?.x[0], 0.66);
  assertClose(curve?.y[place], threeCoins.logLikelihood(start, tosses), 1e-3);
  assertClose(marks?.y[0], threeCoins.logLikelihood(start, tosses), 1e-3);
  assert.deepEqual(steps?.[1]?.data, [{ x: [0.6, 0.6], y: [-6.73, -6.73] }]);
  assert.match(steps?.[1]?.label ?? "", /^t = 1: h from 0\.6000 to 0\.6000, log-likelihood from −6\.7301 to −6\.7301$/);
});

test("ridgeSlider's surface is where the probability of heads is the fraction of heads, from edge to edge", () => {
  const { data, steps } = ridgeSlider({ tosses, paths });
  const [{ x, y, z }] = data as unknown as { x: number[][]; y: number[][]; z: number[][] }[];
  const points = x.flatMap((row, i) => row.map((a, k) => ({ a, b: y[i]?.[k] ?? 9, c: z[i]?.[k] ?? 9 })));
  for (const coins of points) {
    // The figure keeps four digits.
    assertClose(heads(coins), 0.6, 1e-3);
    for (const value of Object.values(coins)) assert.ok(value >= 0 && value <= 1, JSON.stringify(coins));
  }
  for (const name of ["a", "b", "c"] as const)
    assert.deepEqual(
      [0, 1].map((end) => points.some((coins) => coins[name] === end)),
      [true, true],
      name,
    );
  const [ways, here] = (steps?.[1]?.data ?? []) as unknown as { x: (number | null)[] }[];
  assert.deepEqual(here?.x, [0.4064, 0.4993]);
  assert.equal(steps?.[1]?.label, "t = 1: log-likelihood −6.7301 to −6.7301; a 0.41–0.50, b 0.54–0.93, c 0.27–0.64");
  assert.deepEqual(ways?.x, [0.4, 0.4064, null, 0.3, 0.4993, null]);
});

test("paths of different lengths are no picture", () => {
  for (const figure of [logLikelihoodOverHeads, ridgeSlider]) {
    assert.throws(() => figure({ tosses, paths: [[start], [start, start]] }), /one length, .* are \[1,2\]/);
    assert.throws(() => figure({ tosses, paths: [] }), RangeError);
  }
});
