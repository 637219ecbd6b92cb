import { checkPositive } from "./checks.js";
import { columnMoments } from "./column-moments.js";
import { type Data, readData, readWeights } from "./data.js";
import { InputError } from "./errors.js";
import { addSums, emptySums, type OpenPasses } from "./gaussian/passes.js";
import type { SumsSource } from "./gaussian/sums-source.js";
import { type Random, randomFrom } from "./random.js";
import type { Rest } from "./work.js";

/** Whole rows in one flat array, row after row; with weights, how often each row counts, or without, once. */
export type Chunk = Float64Array | { readonly values: Float64Array; readonly weights: Float64Array };

/**
 * Observations that come in pieces, for data larger than memory. They are asked for anew at every pass, so they must
 * start anew: give an object with `async *[Symbol.asyncIterator]() { … }`, say, or an array, but no generator, which can
 * be read only once.
 */
export type Chunks = AsyncIterable<Chunk> | Iterable<Chunk>;

/**
 * One pass over chunks as checked data.
 *
 * @param rest called and awaited after each chunk
 * @param rows how many rows there have to be in all
 */
export async function* readChunks(chunks: Chunks, columns: number, rest: Rest, rows?: number): AsyncGenerator<Data> {
  if (typeof chunks !== "object" || chunks === null || !(Symbol.asyncIterator in chunks || Symbol.iterator in chunks))
    throw new InputError("chunks", "must be iterable", chunks, "Give an array of Float64Arrays, or what reads them.");
  let seen = 0;
  let index = 0;
  for await (const chunk of chunks) {
    const name = `chunk ${index++}`;
    const weighted = isWeighted(chunk) ? chunk : undefined;
    const values = isWeighted(chunk) ? chunk.values : chunk;
    if (values?.length === 0) continue;
    const data = readData({ values, columns }, { name });
    const weights = readWeights(weighted?.weights, data.rows, `${name}.weights`);
    seen += data.rows;
    yield { ...data, ...weights };
    await rest();
  }
  if (rows !== undefined && seen !== rows) {
    const remedy = "Give an object that starts anew whenever it is iterated; a generator does not.";
    throw new InputError("chunks", `must hold the same ${rows} rows at every pass`, seen, remedy);
  }
  if (seen === 0) throw new InputError("chunks", "must hold at least one row", seen, "Check where they come from.");
}

// A Float64Array, too, has a property `values`, but that is a method.
const isWeighted = (chunk: Chunk): chunk is Exclude<Chunk, Float64Array> => typeof chunk?.values === "object";

/** What a first pass over chunks finds: all that a source says of its data but the sums. */
export type Survey = Required<Omit<SumsSource, "name" | "sumsAt">>;

/** Surveys chunks. @param most how many rows are drawn at random, each as likely as any other */
export async function surveyChunks(
  chunks: Chunks,
  columns: number,
  rest: Rest,
  most: number,
  seed: number,
): Promise<Survey> {
  const random = randomFrom(seed);
  const sample = new Float64Array(most * columns);
  const sampleWeight = new Float64Array(most);
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  let rows = 0;
  let totalWeight = 0;
  for await (const data of readChunks(chunks, columns, rest)) {
    drawRows(data, rows, most, random, (row, place) => {
      sample.set(data.values.subarray(row * columns, (row + 1) * columns), place * columns);
      sampleWeight[place] = data.weights === undefined ? 1 : data.weights[row];
    });
    rows += data.rows;
    if (data.totalWeight === 0) continue;
    const moments = columnMoments(data);
    const total = totalWeight + data.totalWeight;
    for (let j = 0; j < columns; j++) {
      // Chan, Golub & LeVeque (1983): two parts' sums of squares, each about its own mean, make those of the whole.
      const shift = totalWeight === 0 ? 0 : moments.means[j] - means[j];
      squares[j] +=
        data.totalWeight * moments.variances[j] + shift * shift * ((totalWeight * data.totalWeight) / total);
      means[j] = totalWeight === 0 ? moments.means[j] : means[j] + (shift * data.totalWeight) / total;
    }
    totalWeight = total;
  }
  checkPositive(totalWeight, "the sum of all chunks' weights");
  const drawn = Math.min(rows, most);
  return {
    columns,
    rows,
    totalWeight,
    means,
    variances: squares.map((square) => square / totalWeight),
    sample: sample.subarray(0, drawn * columns),
    sampleWeight: sampleWeight.subarray(0, drawn),
  };
}

/** Reservoir sampling: row i, from 0, takes the place of an earlier one with the chance most / (i + 1). */
function drawRows(
  { rows }: Data,
  before: number,
  most: number,
  random: Random,
  take: (row: number, place: number) => void,
): void {
  for (let row = 0; row < rows; row++) {
    const index = before + row;
    const place = index < most ? index : Math.floor(random() * (index + 1));
    if (place < most) take(row, place);
  }
}

/** Chunks as a source of sums: each is added up by passes of its own. */
export async function sourceOfChunks(
  chunks: Chunks,
  columns: number,
  rest: Rest,
  most: number,
  seed: number,
  openPasses: OpenPasses,
): Promise<SumsSource> {
  const survey = await surveyChunks(chunks, columns, rest, most, seed);
  return {
    name: "chunks",
    ...survey,
    async sumsAt(densities, centres) {
      const { components, shape } = densities;
      const total = emptySums(components, columns, shape);
      for await (const data of readChunks(chunks, columns, rest, survey.rows)) {
        const passes = openPasses(data, components, shape);
        try {
          addSums(total, passes.sums(densities, centres));
        } finally {
          passes.close();
        }
      }
      return total;
    },
  };
}
