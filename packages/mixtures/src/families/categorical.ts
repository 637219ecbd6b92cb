import { checkDistribution, checkInteger, checkLength, checkNotNegative } from "../checks.js";
import type { Component, WeightedRows } from "../component.js";
import { type MixtureModel, modelsOf } from "../component-model.js";
import type { Data } from "../data.js";
import { InputError } from "../errors.js";
import type { Mixture } from "../mixture.js";
import { drawIndex } from "../random.js";
import { namedWording } from "../wording.js";
import { least, logPriorOf, type PseudoCounts } from "./counts.js";

/** What a categorical component may be told. */
export interface Categories extends PseudoCounts {
  /** The number of categories of each column; unless given, 1 more than the greatest in the data. */
  readonly categories?: readonly number[];
}

interface Probabilities {
  /** D × C_j: the probability of each category of each column. */
  readonly probabilities: readonly (readonly number[])[];
}

/** A sum of probabilities may be off by this: more than rounding, and it would pass for likelihood. */
const roundingOfSums = 1e-12;

/**
 * Independent categorical columns, with categories numbered from 0: f(x) = Π_j p_j(x_j). The marginal density of a row
 * with missing values leaves their factors out.
 */
export function categorical({ categories, pseudoCount = 0 }: Categories = {}): Component<Probabilities> {
  if (categories !== undefined) checkLength(categories, undefined, "categories");
  categories?.forEach((count, row) => {
    checkInteger(count, 1, { name: "categories", row });
  });
  checkNotNegative(pseudoCount, "pseudoCount");
  return {
    name: "CategoricalMixture",
    columns: ({ probabilities }) => checkLength(probabilities, undefined, "probabilities[0]"),
    logDensity({ probabilities }) {
      const logs = Float64Array.from(probabilities.flat(), Math.log);
      const starts = startsOf(probabilities.map(({ length }) => length));
      return (x) => {
        let sum = 0;
        for (let j = 0; j < x.length; j++) {
          const at = starts[j] + x[j];
          // A category that the component does not know is impossible.
          if (!Number.isNaN(at)) sum += at < starts[j + 1] ? logs[at] : Number.NEGATIVE_INFINITY;
        }
        return sum;
      };
    },
    // The shares of the categories among the values that are there.
    fit(rows, current) {
      const lengths = categories ?? current?.probabilities.map(({ length }) => length) ?? categoriesOf(rows.all);
      const starts = startsOf(lengths);
      const counts = new Float64Array(starts[lengths.length]);
      rows.forEach((x, weight) => {
        for (let j = 0; j < x.length; j++) if (!Number.isNaN(x[j])) counts[starts[j] + x[j]] += weight;
      });
      const shares = lengths.map((length, j) => {
        const ofColumn = Array.from(counts.subarray(starts[j], starts[j] + length));
        const total = ofColumn.reduce((sum, n) => sum + n + pseudoCount, 0);
        if (total > 0) return ofColumn.map((n) => (n + pseudoCount) / total);
        return current?.probabilities[j] ?? ofColumn.map(() => 1 / length);
      });
      return { probabilities: shares };
    },
    ...(pseudoCount > 0 && {
      logPrior: ({ probabilities }: Probabilities) => logPriorOf(pseudoCount, probabilities.flat()),
    }),
    freeParameters: ({ probabilities }) => probabilities.reduce((sum, { length }) => sum + length - 1, 0),
    values: {
      rule: (column) =>
        `must be an integer ${categories === undefined ? "of at least 0" : `from 0 to ${categories[column] - 1}`}`,
      remedy: "Number the categories from 0.",
      holds: (value, column) => Number.isInteger(value) && value >= 0 && !(value >= (categories?.[column] ?? Infinity)),
    },
    takesMissing: true,
    // One column a category, so that all categories are as far from each other.
    coordinates: (x, all) =>
      (categories ?? categoriesOf(all)).flatMap((length, j) =>
        Array.from({ length }, (_, c) => (Number.isNaN(x[j]) ? x[j] : Number(x[j] === c))),
      ),
    isValid: ({ probabilities }) =>
      probabilities.every(
        (ofColumn) =>
          ofColumn.every((p) => p >= 0) && Math.abs(ofColumn.reduce((sum, p) => sum + p, -1)) <= roundingOfSums,
      ),
    softened: ({ probabilities }) => ({
      probabilities: probabilities.map((ofColumn) => ofColumn.map((p) => Math.max(p, least))),
    }),
    sample: ({ probabilities }, random) => probabilities.map((ofColumn) => drawIndex(ofColumn, 1, random)),
  };
}

/** Where each column's categories begin, one column's after the other's, and where the last ones end. */
function startsOf(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  for (let j = 0; j < lengths.length; j++) starts[j + 1] = starts[j] + lengths[j];
  return starts;
}

const known = new WeakMap<WeightedRows, readonly number[]>();

/** The number of categories in each column, which is one more than the greatest. */
function categoriesOf(all: WeightedRows): readonly number[] {
  const counted = known.get(all);
  if (counted !== undefined) return counted;
  const lengths = Array<number>(all.columns).fill(1);
  all.forEach((x) => {
    for (let j = 0; j < lengths.length; j++) if (x[j] >= lengths[j]) lengths[j] = x[j] + 1;
  });
  known.set(all, lengths);
  return lengths;
}

/** The parameters of a mixture over rows of D categories. */
export interface CategoricalParams {
  /** K mixing weights, which sum to 1. */
  readonly weights: readonly number[];
  /** K × D × C_j: under each component, in each column, the probability of each category; these sum to 1. */
  readonly probabilities: readonly (readonly (readonly number[])[])[];
}

/**
 * Latent classes: mixtures over rows of D categories, independent within a component, p(x) = Σ_k w_k Π_j p_kj(x_j).
 * Categories are numbered from 0. With `allowMissing`, NaN stands for a value missing at random.
 *
 * @see Goodman (1974), Exploratory latent structure analysis using both identifiable and unidentifiable models
 * @example
 * CategoricalMixture.fit([[0, 2], [1, 0], [0, 1], [1, 0], [0, 2]], { nComponents: 2 }).params.probabilities;
 */
export const CategoricalMixture: MixtureModel<CategoricalParams, Categories> = /* @__PURE__ */ modelsOf<
  Probabilities,
  CategoricalParams,
  Categories & { readonly probabilities?: unknown; readonly init?: unknown }
>({
  name: "CategoricalMixture",
  options: ["categories", "pseudoCount"],
  of(options) {
    const { categories, pseudoCount = 0 } = options;
    const wording = namedWording<Probabilities, CategoricalParams>(
      { probabilities: "probabilities" },
      (params, nameOf) =>
        params.probabilities.forEach((ofColumn, j) => {
          checkDistribution(ofColumn, nameOf("probabilities", j));
        }),
    );
    // A model knows its categories, and so does a start; else a fit counts them.
    const counts = categories ?? categoriesIn(options) ?? categoriesIn(options.init);
    return {
      component: categorical({ ...(counts && { categories: counts }), pseudoCount }),
      wording,
    };
  },
  check(data, { categories, init }) {
    if (categories !== undefined) checkLength(categories, data.columns, "categories");
    else if (categoriesIn(init) === undefined) checkNumbering(data);
  },
});
export type CategoricalMixture = Mixture<CategoricalParams>;

/** The numbers of categories in parameters, if it is such that are given. */
function categoriesIn(params: unknown): number[] | undefined {
  const first = (params as { readonly probabilities?: readonly unknown[] } | undefined)?.probabilities?.[0];
  return Array.isArray(first) ? first.map((column) => (column as ArrayLike<unknown> | null)?.length ?? 0) : undefined;
}

/** @throws InputError for a column some of whose categories no row has: were they numbered from 1? */
function checkNumbering({ name, columns, values }: Data): void {
  const seen = Array.from({ length: columns }, () => new Set<number>());
  for (const [index, value] of values.entries()) if (!Number.isNaN(value)) seen[index % columns].add(value);
  for (const [j, categories] of seen.entries())
    for (let category = 0; category < categories.size; category++)
      if (!categories.has(category))
        throw new InputError(
          `column ${j} of ${name}`,
          `must have every category from 0 on`,
          `none is ${category}, and some are ${Math.max(...categories)}`,
          "Number the categories from 0 without gaps, or give their numbers: categories: [3, 2, …].",
        );
}
