import { columnMoments } from "./column-moments.js";
import { type Data, readData } from "./data.js";
import { InputError } from "./errors.js";
import { type Random, randomFrom } from "./random.js";

/**
 * Observations that come in pieces, for data larger than memory: each a flat Float64Array of whole rows. They are asked
 * for anew at every pass, so they must start anew: give an object with `async *[Symbol.asyncIterator]() { … }`, say, or
 * an array, but no generator, which can be read only once.
 */
export type Chunks = AsyncIterable<Float64Array> | Iterable<Float64Array>;

/** One pass over chunks as checked data. @param rows how many rows there have to be in all */
export async function* readChunks(chunks: Chunks, columns: number, rows?: number): AsyncGenerator<Data> {
  if (typeof chunks !== "object" || chunks === null || !(Symbol.asyncIterator in chunks || Symbol.iterator in chunks))
    throw new InputError("chunks", "must be iterable", chunks, "Give an array of Float64Arrays, or what reads them.");
  let seen = 0;
  let index = 0;
  for await (const values of chunks) {
    const name = `chunk ${index++}`;
    if (values?.length === 0) continue;
    const data = readData({ values, columns }, { name });
    seen += data.rows;
    yield data;
  }
  if (rows !== undefined && seen !== rows) {
    const remedy = "Give an object that starts anew whenever it is iterated; a generator does not.";
    throw new InputError("chunks", `must hold the same ${rows} rows at every pass`, seen, remedy);
  }
  if (seen === 0) throw new InputError("chunks", "must hold at least one row", seen, "Check where they come from.");
}

/** What a first pass over chunks finds. */
export interface Survey {
  readonly rows: number;
  /** D entries, as `columnMoments` has them */
  readonly means: Float64Array;
  /** D entries, as `columnMoments` has them */
  readonly variances: Float64Array;
  /** Rows drawn at random, each as likely as any other: at most `most`. */
  readonly sample: Float64Array;
}

export async function surveyChunks(chunks: Chunks, columns: number, most: number, seed: number): Promise<Survey> {
  const random = randomFrom(seed);
  const sample = new Float64Array(most * columns);
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  let rows = 0;
  for await (const data of readChunks(chunks, columns)) {
    const moments = columnMoments(data);
    const total = rows + data.rows;
    for (let j = 0; j < columns; j++) {
      // Chan, Golub & LeVeque (1983): two parts' sums of squares, each about its own mean, make those of the whole.
      const shift = rows === 0 ? 0 : moments.means[j] - means[j];
      squares[j] += data.rows * moments.variances[j] + shift * shift * ((rows * data.rows) / total);
      means[j] = rows === 0 ? moments.means[j] : means[j] + (shift * data.rows) / total;
    }
    drawInto(sample, rows, data, most, random);
    rows = total;
  }
  const variances = squares.map((square) => square / rows);
  return { rows, means, variances, sample: sample.subarray(0, Math.min(rows, most) * columns) };
}

/** Reservoir sampling: row i, from 0, takes the place of an earlier one with the chance most / (i + 1). */
function drawInto(sample: Float64Array, before: number, { values, columns, rows }: Data, most: number, random: Random) {
  for (let row = 0; row < rows; row++) {
    const index = before + row;
    const place = index < most ? index : Math.floor(random() * (index + 1));
    if (place < most) sample.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
  }
}
