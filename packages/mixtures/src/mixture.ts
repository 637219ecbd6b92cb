import { checkInteger, checkOptions } from "./checks.js";
import {
  type Data,
  type DataOptions,
  dataOptions,
  type Matrix,
  readData,
  type Samples,
  type ValueRule,
} from "./data.js";
import { InputError } from "./errors.js";
import { type Family, logLikelihood } from "./family.js";
import { drawIndex, randomFrom } from "./random.js";
import type { FitReport } from "./report.js";

/** Observations drawn from a model. */
export interface Draw {
  /** n rows of D numbers. */
  readonly samples: number[][];
  /** The component that each row came from. */
  readonly labels: number[];
}

/** The same in one piece, with `{ as: "matrix" }`. */
export interface MatrixDraw {
  /** n × D */
  readonly samples: Matrix;
  /** The component that each row came from. */
  readonly labels: Int32Array;
}

/** Many rows as one Float64Array, row after row, in place of an array for each: faster, and an eighth of the memory. */
export interface AsMatrix {
  readonly as: "matrix";
}

/** A model as plain data for JSON. */
export interface MixtureJson<P> {
  readonly format: "em-mixtures";
  /** 2; version 1, which had whole matrices for every type of covariance, is read as well. */
  readonly version: 2;
  readonly model: string;
  readonly params: P;
}

/** A model that was fitted, and so has a report. */
export type Fitted<M> = M & { readonly report: FitReport };

/** What a kind of mixture tells the class that all of them share. */
export interface Kind<P> {
  /** The class's name, as JSON has it. */
  readonly name: string;
  readonly family: Family<P>;
  /** What observations must be where a finite number is not enough. */
  readonly valueRule?: ValueRule | undefined;
  /** Whether missing values are taken with `allowMissing`; unless given, where there is no rule. */
  readonly takesMissing?: boolean | undefined;
}

/**
 * What every mixture can do once its parameters are known. X is always observations in any form of `Samples`, with
 * as many columns as the model; all logarithms are natural.
 */
export class Mixture<P> {
  /** The parameters, in words. */
  readonly params: P;
  /** How the fit went; undefined for a model that was not fitted but made from parameters. */
  readonly report: FitReport | undefined;
  readonly #kind: Kind<P>;
  readonly #theta: Float64Array;

  constructor(kind: Kind<P>, params: P, report: FitReport | undefined) {
    this.#kind = kind;
    this.#theta = kind.family.pack(params);
    // A copy, so that a later change of the caller's arrays does not change the model.
    this.params = kind.family.unpack(this.#theta);
    this.report = report;
  }

  /** K, the number of components. */
  get nComponents(): number {
    return this.#kind.family.components;
  }

  /** D, the number of columns. */
  get nColumns(): number {
    return this.#kind.family.columns;
  }

  /** The number of free parameters, as AIC and BIC count them. */
  get nParameters(): number {
    return this.#kind.family.freeParameters(this.#theta);
  }

  /** The most probable component for each row, the nearest where all give it the probability 0: N indices from 0. */
  predict(X: Samples, options: DataOptions = {}): number[] {
    const labels: number[] = [];
    this.#eachRow(this.#read(X, options), (responsibilities) => labels.push(greatest(responsibilities)));
    return labels;
  }

  /** The responsibilities, N × K: how probable each component is for each row. Every row sums to 1; one that is impossible under all is the nearest component's. */
  predictProba(X: Samples, options?: DataOptions): number[][];
  predictProba(X: Samples, options: DataOptions & AsMatrix): Matrix;
  predictProba(X: Samples, { as, ...options }: DataOptions & Partial<AsMatrix> = {}): number[][] | Matrix {
    const asMatrix = wantsMatrix(as);
    const data = this.#read(X, options);
    const columns = this.nComponents;
    if (asMatrix) {
      const values = new Float64Array(data.rows * columns);
      let at = 0;
      this.#eachRow(data, (responsibilities) => {
        for (let k = 0; k < columns; k++) values[at++] = responsibilities[k];
      });
      return { values, columns };
    }
    const rows: number[][] = [];
    this.#eachRow(data, (responsibilities) => rows.push(rowOf(responsibilities)));
    return rows;
  }

  /** The log-density log p(x) = log Σ_k w_k f_k(x) of each row: N numbers, −∞ where every component gives the row the probability 0. */
  scoreSamples(X: Samples, options: DataOptions = {}): number[] {
    const scores: number[] = [];
    this.#eachRow(this.#read(X, options), (_, logDensity) => scores.push(logDensity));
    return scores;
  }

  /** The mean log-likelihood per unit weight. */
  score(X: Samples, options: DataOptions = {}): number {
    const data = this.#read(X, options);
    return logLikelihood(this.#kind.family, this.#theta, data) / data.totalWeight;
  }

  /** The total log-likelihood Σ_i v_i log p(x_i), v being the sample weights. */
  logLikelihood(X: Samples, options: DataOptions = {}): number {
    return logLikelihood(this.#kind.family, this.#theta, this.#read(X, options));
  }

  /** Akaike's information criterion, 2 p − 2 ℓ with p free parameters: the lower, the better. */
  aic(X: Samples, options: DataOptions = {}): number {
    return 2 * this.nParameters - 2 * this.logLikelihood(X, options);
  }

  /** The Bayesian information criterion, p log N − 2 ℓ: the lower, the better (mclust's has the other sign). */
  bic(X: Samples, options: DataOptions = {}): number {
    const data = this.#read(X, options);
    return this.#bic(data, logLikelihood(this.#kind.family, this.#theta, data));
  }

  /**
   * The integrated completed likelihood: BIC − 2 Σ_i v_i log max_k r_ik, which also pays for components that overlap.
   * The lower, the better.
   * @see Biernacki, Celeux & Govaert (2000)
   */
  icl(X: Samples, options: DataOptions = {}): number {
    const data = this.#read(X, options);
    let certainty = 0;
    const total = this.#eachRow(data, (responsibilities, _, weight) => {
      certainty += weight * Math.log(responsibilities[greatest(responsibilities)]);
    });
    return this.#bic(data, total) - 2 * certainty;
  }

  /**
   * Draws n observations.
   *
   * @param seed an integer of at least 0; equal seeds give equal draws, in either form
   */
  sample(n: number, seed?: number): Draw;
  sample(n: number, seed: number | undefined, options: AsMatrix): MatrixDraw;
  sample(n: number, seed = 0, options: Partial<AsMatrix> = {}): Draw | MatrixDraw {
    checkInteger(n, 0, "n");
    checkOptions(options, ["as"]);
    const asMatrix = wantsMatrix(options.as);
    const random = randomFrom(seed);
    const draw = this.#kind.family.sampler(this.#theta);
    const weights = this.#theta.slice(0, this.nComponents);
    const labels = new Int32Array(n);
    for (let row = 0; row < n; row++) labels[row] = drawIndex(weights, 1, random);
    if (!asMatrix)
      return { samples: Array.from(labels, (label) => rowOf(draw(label, random))), labels: Array.from(labels) };
    const columns = this.nColumns;
    const values = new Float64Array(n * columns);
    for (let row = 0, at = 0; row < n; row++) {
      const x = draw(labels[row], random);
      for (let j = 0; j < columns; j++) values[at++] = x[j];
    }
    return { samples: { values, columns }, labels };
  }

  /** The model as plain data: `JSON.stringify(model)` calls this. */
  toJSON(): MixtureJson<P> {
    return { format: "em-mixtures", version: 2, model: this.#kind.name, params: this.params };
  }

  #read(X: Samples, options: DataOptions): Data {
    checkOptions(options, dataOptions);
    const { valueRule, takesMissing, family } = this.#kind;
    return readData(X, {
      ...options,
      allowsImpossible: true,
      columns: family.columns,
      valueRule,
      takesMissing,
    });
  }

  #eachRow(data: Data, visit: (responsibilities: Float64Array, logDensity: number, weight: number) => void): number {
    const { family } = this.#kind;
    return family.eStep(this.#theta, data, (row, responsibilities, logDensity) => {
      if (logDensity === Number.NEGATIVE_INFINITY) responsibilities.fill(0)[family.nearest(this.#theta, data, row)] = 1;
      visit(responsibilities, logDensity, data.weights === undefined ? 1 : data.weights[row]);
    });
  }

  #bic(data: Data, total: number): number {
    return this.nParameters * Math.log(data.totalWeight) - 2 * total;
  }
}

function wantsMatrix(as: unknown): boolean {
  if (as !== undefined && as !== "matrix")
    throw new InputError("as", 'must be "matrix" or left out', as, "Left out, rows are arrays.");
  return as === "matrix";
}

/** A copy. `Array.from` takes ten times as long. */
function rowOf(values: ArrayLike<number>): number[] {
  const row: number[] = [];
  for (let j = 0; j < values.length; j++) row.push(values[j]);
  return row;
}

function greatest(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}

/** Checks that plain data is a model of the given name that this version wrote. */
export function checkJson<P>(json: unknown, model: string): MixtureJson<P> {
  const place = `${model}.fromJSON's argument`;
  if (typeof json !== "object" || json === null)
    throw new InputError(place, "must be an object", json, "Pass what JSON.parse returns.");
  const { format, version, model: found, params } = json as Record<string, unknown>;
  if (format !== "em-mixtures")
    throw new InputError(`${place}: format`, 'must be "em-mixtures"', format, "Pass what toJSON returned.");
  if (version !== 1 && version !== 2) {
    const remedy = "Read it with the version of em-mixtures that wrote it.";
    throw new InputError(`${place}: version`, "must be 1 or 2", version, remedy);
  }
  if (found !== model) throw new InputError(`${place}: model`, `must be "${model}"`, found, `Use ${found}.fromJSON.`);
  if (typeof params !== "object" || params === null)
    throw new InputError(`${place}: params`, "must be an object", params, "Pass what toJSON returned.");
  return json as MixtureJson<P>;
}
