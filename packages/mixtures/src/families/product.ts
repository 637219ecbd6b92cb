import { checkLength } from "../checks.js";
import type { Component, WeightedRows } from "../component.js";
import type { ValueRule } from "../data.js";
import { InputError } from "../errors.js";
import { dataOf, weightedRows } from "../weighted-rows.js";

/** One factor of a product: a component, and the columns that it is for, in its order. */
export interface Part<C> {
  readonly component: Component<C>;
  readonly columns: readonly number[];
}

/** A product's factors by name. */
export type Parts<C> = { readonly [P in keyof C]: Part<C[P]> };

/**
 * The product of components over different columns, which are independent of each other within a component of the
 * mixture: f(x) = Π_p f_p(x_p). Its parameters are the parts' by name.
 *
 * @param name the mixture's
 * @throws InputError for parts that do not share out the columns 0 to D − 1
 * @example
 * const Customers = mixtureOf(
 *   product("Customers", {
 *     answers: { component: categorical(), columns: [0, 1] },
 *     spending: { component: diagonalGaussian, columns: [2] },
 *   }),
 * );
 * Customers.fit([[0, 1, 10.5], [1, 0, 3.2], [0, 1, 11], [1, 0, 2.9]], { nComponents: 2 });
 */
export function product<C extends object>(name: string, parts: Parts<C>): Component<C> {
  const names = Object.keys(parts) as (keyof C & string)[];
  const factors = names.map((part) => ({ part, ...factorOf(parts[part] as Part<unknown>) }));
  const D = checkColumns(factors);
  /** Which factor a column belongs to, and where it stands there. */
  const homes = Array.from({ length: D }, (_, column) => {
    const factor = factors.find(({ columns }) => columns.includes(column)) as (typeof factors)[number];
    return { ...factor, column: factor.columns.indexOf(column) };
  });
  type Factor = (typeof factors)[number];
  const of = (params: C, { part }: Factor): unknown => params[part];
  /** Parameters of all parts. */
  const gather = (make: (factor: Factor) => unknown): C =>
    Object.fromEntries(factors.map((factor) => [factor.part, make(factor)])) as C;
  const each = (has: (component: Component<unknown>) => unknown) => factors.every(({ component }) => has(component));
  const ruleOf = (column: number): ValueRule | undefined => homes[column].component.values;

  return {
    name,
    columns: D,
    logDensity(params) {
      const densities = factors.map((factor) => factor.component.logDensity(of(params, factor)));
      return (x) => factors.reduce((sum, { pick }, p) => sum + densities[p](pick(x)), 0);
    },
    fit: (rows, current) =>
      gather((factor) => factor.component.fit(factor.rowsOf(rows), current && of(current, factor))),
    ...(factors.some(({ component }) => component.logPrior) && {
      logPrior: (params: C, all: WeightedRows) =>
        factors.reduce(
          (sum, factor) => sum + (factor.component.logPrior?.(of(params, factor), factor.allOf(all)) ?? 0),
          0,
        ),
    }),
    freeParameters: (params) =>
      factors.reduce((sum, factor) => {
        const { freeParameters } = factor.component;
        return sum + (typeof freeParameters === "number" ? freeParameters : freeParameters(of(params, factor)));
      }, 0),
    values: {
      rule(column) {
        const rule = ruleOf(column)?.rule ?? "must be a finite number";
        return typeof rule === "string" ? rule : rule(homes[column].column);
      },
      remedy: "Its part of the product takes no other values.",
      holds: (value, column) => ruleOf(column)?.holds(value, homes[column].column) ?? true,
      row: {
        rule: factors.flatMap(({ component }) => component.values?.row?.rule ?? []).join(" and "),
        holds: (x) => factors.every(({ component, pick }) => component.values?.row?.holds(pick(x)) ?? true),
      },
    },
    takesMissing: each(({ takesMissing }) => takesMissing),
    coordinates: (x, all) =>
      factors.flatMap(({ component, pick, allOf }) =>
        component.coordinates ? component.coordinates(pick(x), allOf(all)) : Array.from(pick(x)),
      ),
    softened: (params) => gather((factor) => factor.component.softened?.(of(params, factor)) ?? of(params, factor)),
    isSingular: (params, all) =>
      factors.some((factor) => factor.component.isSingular?.(of(params, factor), factor.allOf(all)) ?? false),
    ...(each(({ isValid }) => isValid) && {
      isValid: (params: C) => factors.every((factor) => factor.component.isValid?.(of(params, factor)) ?? false),
    }),
    ...(each(({ sample }) => sample) && {
      sample(params, random) {
        const drawn = factors.map((factor) => [factor.component.sample?.(of(params, factor), random) ?? []].flat());
        return homes.map(({ part, column }) => drawn[names.indexOf(part)][column]);
      },
    }),
  };
}

/** A part with its view of rows. */
function factorOf<C>({ component, columns }: Part<C>) {
  const views = new WeakMap<WeightedRows, WeightedRows>();
  const x = new Float64Array(columns.length);
  const pick = (row: Float64Array): Float64Array => {
    for (let j = 0; j < x.length; j++) x[j] = row[columns[j]];
    return x;
  };
  /** One view for all rows of a fit, as a part may keep what it has found of them. */
  const allOf = (all: WeightedRows): WeightedRows => {
    let view = views.get(all);
    if (view === undefined) {
      const { values, rows, columns: D, ...data } = dataOf(all);
      const picked = Float64Array.from({ length: rows * columns.length }, (_, at) => {
        const row = Math.floor(at / columns.length);
        return values[row * D + columns[at % columns.length]];
      });
      view = weightedRows({ ...data, rows, values: picked, columns: columns.length });
      views.set(all, view);
    }
    return view;
  };
  const rowsOf = (rows: WeightedRows): WeightedRows => ({
    columns: columns.length,
    totalWeight: rows.totalWeight,
    get all() {
      return allOf(rows.all);
    },
    forEach(visit) {
      rows.forEach((row, weight) => {
        visit(pick(row), weight);
      });
    },
    mean: (f) => rows.mean((row) => f(pick(row))),
  });
  return { component, columns, pick, allOf, rowsOf };
}

/** @returns D, the number of all columns */
function checkColumns(factors: readonly (Part<unknown> & { readonly part: string })[]): number {
  const all = factors.flatMap(({ columns }) => columns);
  for (const { part, columns, component } of factors) {
    const place = `columns of the part ${part}`;
    const { columns: expected = 1 } = component;
    if (typeof expected === "number") checkLength(columns, expected, place);
    const odd = columns.find((column) => !(all.indexOf(column) === all.lastIndexOf(column) && column in all));
    if (odd !== undefined) {
      const rule = `must be of those from 0 to ${all.length - 1}, each in one part`;
      throw new InputError(place, rule, odd, "Together the parts take every column once.");
    }
  }
  return all.length;
}
