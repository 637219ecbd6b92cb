import type { Data } from "../data.js";
import type { LogJoint } from "../family.js";

/** Columns of a group: their 0s and 1s are the bits of a byte, the group's code. */
const GROUP = 8;
const CODES = 2 ** GROUP;
/** Groups that are looked up together; those beyond the last column have only zeros. */
const TOGETHER = 4;
/** Rows that four groups after the others are looked up for, so that their tables stay in fast memory. */
const BLOCK = 256;

/** What a Bernoulli mixture asks of its data. What each function returns is valid until it is called again. */
export interface BinaryRows {
  /** @param logWeights K entries @param rates K × D */
  logJoint(logWeights: Float64Array, rates: Float64Array): LogJoint;
  /** The sums Σ_i r_ik x_ij of an M-step, K × D: add the rows in their order, with their weighted responsibilities. */
  openTotals(): { add(row: number, weighted: Float64Array): void; totals(): Float64Array };
}

/**
 * Rows of 0s and 1s, eight columns to a byte. Under a component with independent columns a byte adds one of 256 sums to
 * a row's log-density, each made once a pass; and the responsibilities of all rows that share a byte are added up before
 * they are dealt out to its columns. So a pass makes an eighth of the additions, and no multiplication or logarithm.
 */
export function binaryRows({ values, rows, columns: D }: Data, K: number): BinaryRows {
  const groups = Math.ceil(D / GROUP / TOGETHER) * TOGETHER;
  /** One group after the other, a byte for each row. */
  const codes = codesOf(values, rows, D, groups);

  // Made once: the system takes longer to give out so much memory than a pass to use it.
  const tables = new Float64Array(groups * CODES * K);
  const sums = new Float64Array(groups * CODES * K);

  /** Fills `tables` with K log-probabilities for each group and code. */
  function prepare(rates: Float64Array): void {
    tables.fill(0);
    for (let j = 0; j < D; j++) {
      const table = (j >> 3) * CODES * K;
      // The codes with this bit come after those without, which hold the sums over the bits before.
      const half = K << (j & 7);
      for (let k = 0; k < K; k++) {
        const ofOne = Math.log(rates[k * D + j]);
        const ofZero = Math.log1p(-rates[k * D + j]);
        for (let at = table + k; at < table + half; at += K) {
          tables[at + half] = tables[at] + ofOne;
          tables[at] += ofZero;
        }
      }
    }
  }

  return {
    logJoint(logWeights, rates) {
      prepare(rates);
      const terms = new Float64Array(BLOCK * K);
      let begin = 0;
      let end = 0;
      return (row, out) => {
        if (row < begin || row >= end) {
          [begin, end] = [row, Math.min(row + BLOCK, rows)];
          for (let at = 0; at < terms.length; at++) terms[at] = logWeights[at % K];
          for (let group = 0; group < groups; group += TOGETHER)
            addEntries(terms, tables, group * CODES * K, codes, group * rows + begin, end - begin, rows, K);
        }
        for (let k = 0, at = (row - begin) * K; k < K; k++, at++) out[k] = terms[at];
      };
    },

    openTotals() {
      sums.fill(0);
      const block = new Float64Array(BLOCK * K);
      let begin = 0;
      let end = 0;
      const flush = (): void => {
        for (let group = 0; group < groups; group += TOGETHER)
          addToEntries(sums, group * CODES * K, block, codes, group * rows + begin, end - begin, rows, K);
        begin = end;
      };
      return {
        add(row, weighted) {
          if (row - begin === BLOCK) flush();
          end = row + 1;
          for (let k = 0, at = (row - begin) * K; k < K; k++, at++) block[at] = weighted[k];
        },
        totals() {
          flush();
          const totals = new Float64Array(K * D);
          for (let j = 0; j < D; j++)
            for (let code = 0; code < CODES; code++)
              if (((code >> (j & 7)) & 1) === 1) {
                const from = ((j >> 3) * CODES + code) * K;
                for (let k = 0; k < K; k++) totals[k * D + j] += sums[from + k];
              }
          return totals;
        },
      };
    },
  };
}

// The innermost loops. As functions of their own they take a third of the time that they take as closures.

function codesOf(values: Float64Array, rows: number, columns: number, groups: number): Uint8Array {
  const codes = new Uint8Array(groups * rows);
  for (let row = 0, at = 0; row < rows; row++)
    for (let j = 0; j < columns; j += GROUP) {
      let code = 0;
      for (let bit = 0; bit < Math.min(GROUP, columns - j); bit++) code |= values[at++] << bit;
      codes[(j / GROUP) * rows + row] = code;
    }
  return codes;
}

/** Adds to each row's K terms the K entries of its codes in four groups, the codes of a group being `rows` after the last. */
function addEntries(
  terms: Float64Array,
  tables: Float64Array,
  table: number,
  codes: Uint8Array,
  first: number,
  count: number,
  rows: number,
  K: number,
): void {
  const length = CODES * K;
  for (let row = 0, at = 0; row < count; row++) {
    const code = first + row;
    const one = table + codes[code] * K;
    const two = table + length + codes[code + rows] * K;
    const three = table + 2 * length + codes[code + 2 * rows] * K;
    const four = table + 3 * length + codes[code + 3 * rows] * K;
    for (let k = 0; k < K; k++, at++)
      terms[at] += tables[one + k] + tables[two + k] + (tables[three + k] + tables[four + k]);
  }
}

/** Adds each row's K numbers to those of its codes in four groups, which lie as above. */
function addToEntries(
  sums: Float64Array,
  table: number,
  block: Float64Array,
  codes: Uint8Array,
  first: number,
  count: number,
  rows: number,
  K: number,
): void {
  const length = CODES * K;
  for (let row = 0, at = 0; row < count; row++) {
    const code = first + row;
    const one = table + codes[code] * K;
    const two = table + length + codes[code + rows] * K;
    const three = table + 2 * length + codes[code + 2 * rows] * K;
    const four = table + 3 * length + codes[code + 3 * rows] * K;
    for (let k = 0; k < K; k++, at++) {
      const number = block[at];
      sums[one + k] += number;
      sums[two + k] += number;
      sums[three + k] += number;
      sums[four + k] += number;
    }
  }
}
