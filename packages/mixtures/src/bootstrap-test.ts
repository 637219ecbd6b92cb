import { checkFunction, checkInteger, checkObject, checkProbability } from "./checks.js";
import { type Data, type DataOptions, readData, type Samples } from "./data.js";
import { InputError } from "./errors.js";
import type { Draw } from "./mixture.js";
import { randomFrom } from "./random.js";
import type { FitReport } from "./report.js";
import type { WorkOptions } from "./work.js";

/** A kind of mixture that can be tested: GaussianMixture, PoissonMixture, or what `mixtureOf` made with `sample`. */
export interface Testable<O> {
  fit(X: Samples, options: O): TestableFit;
  fitAsync(X: Samples, options: O): Promise<TestableFit>;
}

interface TestableFit {
  readonly report: FitReport;
  logLikelihood(X: Samples, options: DataOptions): number;
  sample(n: number, seed: number): Draw;
}

/** How far a test has come. */
export interface TestProgress {
  /** K, of the hypothesis under test. */
  readonly nComponents: number;
  /** How many data sets are drawn, and how many of them are fitted. */
  readonly replicates: number;
  readonly finished: number;
}

/** Options of a test; those of the fits are taken as well. */
export interface TestOptions extends Pick<WorkOptions, "signal"> {
  /** The greatest K that is tested; 5 unless given. */
  readonly maxComponents?: number;
  /** The test ends with the first K whose p-value is at least this; 0.05 unless given. */
  readonly level?: number;
  /** How many data sets are drawn for each K; 99 unless given. The least p-value is 1 / (replicates + 1). */
  readonly replicates?: number;
  /** Seeds draws and fits; 0 unless given. */
  readonly seed?: number;
  /** Called after each replicate. */
  readonly onProgress?: (progress: TestProgress) => unknown;
}

/** One hypothesis: K components against K + 1. */
export interface TestRow {
  /** K */
  readonly nComponents: number;
  /** 2 (ℓ of K + 1 components − ℓ of K). */
  readonly statistic: number;
  /** The share of statistics at least as large as this one among it and those of the replicates. */
  readonly pValue: number;
  /** The statistics of the replicates, in the order in which they were drawn. */
  readonly replicates: readonly number[];
  /** Whether a fit to X has a near singular component, so that its likelihood, and the statistic, say little. */
  readonly nearSingular: boolean;
}

export interface BootstrapTest {
  /** The first K that is not rejected at the level; one more than `maxComponents` where all are. */
  readonly nComponents: number;
  /** A row for each K tested, from 1 on. */
  readonly table: readonly TestRow[];
}

/** What a kind's fits take, less what the test decides. */
type FitsOptions<O> = Omit<O, "nComponents" | "init" | "fixed" | "sampleWeight" | "onIteration" | keyof TestOptions>;

/**
 * How many components the data ask for, by likelihood-ratio tests of K against K + 1, K = 1, 2, …, until one does not
 * reject. The statistic does not follow a χ² distribution, so its distribution is found by a parametric bootstrap: fits of
 * both kinds, by the same options, to data sets drawn from the fit of K. Values missing in X are missing in these too.
 *
 * @throws InputError for bad input, as `fit` does, and for options that leave the test no meaning: sample weights say
 * nothing of how rows would be drawn
 * @see McLachlan (1987), On bootstrapping the likelihood ratio test statistic for the number of components in a normal mixture
 * @example
 * bootstrapTest(PoissonMixture, [0, 1, 0, 2, 1, 9, 12, 8, 11, 0], { replicates: 19 }).nComponents; // 2
 */
export function bootstrapTest<O>(kind: Testable<O>, X: Samples, options: TestOptions & FitsOptions<O>): BootstrapTest {
  const test = testing(X, options as Options);
  let turn = test.next();
  while (!turn.done) turn = test.next(kind.fit(turn.value.X, turn.value.options as O));
  return turn.value;
}

/** The same test, with pauses in which timers, input and requests get their turn; errors reject its promise. */
export async function bootstrapTestAsync<O>(
  kind: Testable<O>,
  X: Samples,
  options: TestOptions & FitsOptions<O>,
): Promise<BootstrapTest> {
  const test = testing(X, options as Options);
  let turn = test.next();
  while (!turn.done) turn = test.next(await kind.fitAsync(turn.value.X, turn.value.options as O));
  return turn.value;
}

type Options = TestOptions & { readonly [name: string]: unknown };

/** A fit that the test asks for. */
interface Request {
  readonly X: Samples;
  readonly options: object;
}

function* testing(X: Samples, options: Options): Generator<Request, BootstrapTest, TestableFit> {
  checkObject(options, "options", "Give an object, such as { replicates: 99 }.");
  const { maxComponents = 5, level = 0.05, replicates = 99, seed = 0, onProgress, ...others } = options;
  checkInteger(maxComponents, 1, "maxComponents");
  checkProbability(level, "level");
  checkInteger(replicates, 1, "replicates");
  checkFunction(onProgress, "onProgress");
  for (const name of ["nComponents", "init", "fixed", "sampleWeight", "onIteration"]) {
    if (!(name in others)) continue;
    throw new InputError("options", "must be of fits to data sets of any kind", name, `Leave ${name} out.`);
  }
  const data = readData(X, { allowMissing: true, name: "X" });
  const random = randomFrom(seed);
  const nextSeed = () => Math.floor(random() * 2 ** 32);
  const fitOf = (rows: Samples, nComponents: number): Request => ({
    X: rows,
    options: { ...others, nComponents, seed: nextSeed() },
  });
  // Not by the reports, whose log-likelihoods may have that of a prior added.
  const ratio = (rows: Samples, smaller: TestableFit, larger: TestableFit): number => {
    const read = data.missing ? { allowMissing: true } : {};
    return 2 * (larger.logLikelihood(rows, read) - smaller.logLikelihood(rows, read));
  };
  const table: TestRow[] = [];
  let fitted = yield fitOf(X, 1);
  for (let K = 1; K <= maxComponents; K++) {
    const larger: TestableFit = yield fitOf(X, K + 1);
    const statistic = ratio(X, fitted, larger);
    const drawn: number[] = [];
    while (drawn.length < replicates) {
      const rows = likeIn(data, fitted.sample(data.rows, nextSeed()).samples);
      const smaller = yield fitOf(rows, K);
      const finished = drawn.push(ratio(rows, smaller, yield fitOf(rows, K + 1)));
      onProgress?.({ nComponents: K, replicates, finished });
    }
    const pValue = (1 + drawn.filter((other) => other >= statistic).length) / (1 + replicates);
    const nearSingular = fitted.report.nearSingular || larger.report.nearSingular;
    table.push({ nComponents: K, statistic, pValue, replicates: drawn, nearSingular });
    if (pValue >= level) return { nComponents: K, table };
    fitted = larger;
  }
  return { nComponents: maxComponents + 1, table };
}

/** Drawn rows, with the values missing that are missing in the data. */
function likeIn({ values, columns, missing }: Data, rows: number[][]): number[][] {
  if (!missing) return rows;
  return rows.map((row, i) => row.map((value, j) => (Number.isNaN(values[i * columns + j]) ? Number.NaN : value)));
}
