// Logarithms without a table: AssemblyScript's own holds 4 kB of numbers, which every bundle would carry.

const SQRT_HALF_BITS: u64 = reinterpret<u64>(Math.SQRT1_2);

/**
 * log x, within two units in the last place; NaN for an x that is no positive normal number.
 *
 * With x = 2^k m and m between sqrt(1/2) and sqrt(2), log m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...) at
 * s = (m - 1) / (m + 1).
 */
export function log(x: f64): f64 {
  if (!(x >= f64.MIN_NORMAL_VALUE && x < Infinity)) return NaN;
  const bits = reinterpret<u64>(x);
  const k = <i64>(bits - SQRT_HALF_BITS) >> 52;
  const m = reinterpret<f64>(bits - (k << 52));
  const s = (m - 1) / (m + 1);
  const square = s * s;
  // |s| is at most 3 - 2 sqrt(2), so what is left out is below 2^-56 of the sum. Odd and even powers of s^2 apart: two
  // short chains of products take less time than a long one.
  const fourth = square * square;
  const odd =
    1.0 / 3 + fourth * (1.0 / 7 + fourth * (1.0 / 11 + fourth * (1.0 / 15 + fourth * (1.0 / 19 + fourth / 23))));
  const even = 1.0 / 5 + fourth * (1.0 / 9 + fourth * (1.0 / 13 + fourth * (1.0 / 17 + fourth * (1.0 / 21))));
  return <f64>k * Math.LN2 + 2 * (s + s * square * (odd + square * even));
}
