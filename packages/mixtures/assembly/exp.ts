// e^x, two lanes at once: a table of 2^(j/2048) and a polynomial of degree 3 for the rest.
//
// Logarithms are counted in units of ln 2 / 2048, so x is split into a multiple of ln 2, a table index and a rest
// by rounding alone. The rest keeps the rounding of x itself, |x| 2^-53, which in e^x <= 1 is less than 2^-54.

/** Bytes of a row: 64 numbers, one for each observation of a block. */
export const ROW: usize = 512;

const TABLE_SIZE = 2048;
const table = memory.data(TABLE_SIZE * 8, 16);

/** The unit of logarithms. */
export const UNIT: f64 = Math.LN2 / TABLE_SIZE;

// The series 1 + x (1 + x/2 (1 + x/3 (...))) for |x| <= ln 2 / 2, the upper half of the table being twice that of x < 0.
// `2 **` would bring tables of 6 kB along, which every bundle would carry.
for (let j = -TABLE_SIZE / 2; j < TABLE_SIZE / 2; j++) {
  const x = UNIT * <f64>j;
  let sum: f64 = 1;
  for (let i = 14; i > 1; i--) sum = 1 + (x / <f64>i) * sum;
  store<f64>(table + ((j & (TABLE_SIZE - 1)) << 3), (1 + x * sum) * (j < 0 ? 2 : 1));
}

// In memory, because V8 would build constants anew in every round of a loop:
// - the least x, e^-600: results stay above 1e-261, far from subnormal numbers, which are slow;
// - 1.5 * 2^52: adding and subtracting it rounds, and meanwhile the whole number's bits stand in the sum's low bits;
// - the coefficients of e^(x UNIT) - 1.
const constants = memory.data<f64>(
  [-600.0 / UNIT, 6755399441055744.0, UNIT, (UNIT * UNIT) / 2, (UNIT * UNIT * UNIT) / 6],
  16,
);

/** Makes each x of a row e^((x - minus) UNIT), where x <= minus, and adds it to the row `sums`. */
export function exponentials(row: usize, minus: usize, sums: usize): void {
  const least = v128.load_splat<u64>(constants);
  const round = v128.load_splat<u64>(constants, 8);
  const c1 = v128.load_splat<u64>(constants, 16);
  const c2 = v128.load_splat<u64>(constants, 24);
  const c3 = v128.load_splat<u64>(constants, 32);
  const mask = i64x2.splat(TABLE_SIZE - 1);
  for (const end = row + ROW; row < end; row += 16, minus += 16, sums += 16) {
    const x = f64x2.pmax(f64x2.sub(v128.load(row), v128.load(minus)), least);
    const shifted = f64x2.add(x, round);
    const rest = f64x2.sub(x, f64x2.sub(shifted, round));
    const index = i64x2.shl(v128.and(shifted, mask), 3);
    const first = v128.load_zero<u64>(table + i32x4.extract_lane(index, 0));
    const power = v128.load_lane<u64>(table + i32x4.extract_lane(index, 2), first, 1);
    const p = f64x2.mul(rest, f64x2.add(c1, f64x2.mul(rest, f64x2.add(c2, f64x2.mul(rest, c3)))));
    // The multiple of ln 2 goes from bit 11 to the exponent's place, bit 52.
    const exponent = i64x2.shl(v128.andnot(shifted, mask), 41);
    const e = i64x2.add(f64x2.add(power, f64x2.mul(power, p)), exponent);
    v128.store(row, e);
    v128.store(sums, f64x2.add(v128.load(sums), e));
  }
}
