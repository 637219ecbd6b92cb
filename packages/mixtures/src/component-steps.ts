import type { Component, WeightedRows } from "./component.js";
import type { Data } from "./data.js";
import { StepError, show } from "./errors.js";
import { isFault, type ParameterShape, type Path, type ShapeFault, shapeOf } from "./parameter-shape.js";
import type { Random } from "./random.js";

/** The log-density of one component at a row of the data. */
export type LogDensity = (x: Float64Array, row: number) => number;

/** The steps of a component, each a {@link StepError} where it throws or returns what it must not. */
export interface ComponentSteps<C> {
  /** @param data the rows that it is for */
  logDensity(params: C, k: number, data: Data): LogDensity;
  /** @param expected the shape that the parameters must have; any where undefined */
  fit(
    rows: WeightedRows,
    current: C | undefined,
    k: number,
    expected: ParameterShape<C> | undefined,
  ): { readonly shape: ParameterShape<C>; readonly numbers: readonly number[] };
  draw(params: C, columns: number, k: number, random: Random): number[];
  freeParameters(params: C, k: number): number;
  isValid(params: C, k: number): boolean;
  softened(params: C, k: number): C;
  isSingular(params: C, k: number, all: WeightedRows): boolean;
  coordinates(x: Float64Array, all: WeightedRows): readonly number[];
}

export function componentSteps<C>(component: Component<C>): ComponentSteps<C> {
  type Name = keyof Component<C>;

  /** Runs code of the component's author. */
  function attempt<T>(step: Name, k: number | undefined, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw failed(step, k, threw(error), remedyOf(step), error);
    }
  }

  function failed(step: Name, k: number | undefined, found: string, remedy: string, cause?: unknown): StepError {
    const whose = k === undefined ? "" : ` of component ${k}`;
    return new StepError({ step: `${component.name}: ${step}${whose}`, found, remedy, component: k, cause });
  }

  const remedyOf = (step: Name) => `Mend ${step}; the error's cause is what it threw.`;
  const threw = (error: unknown) => `threw ${error instanceof Error ? error : show(error)}`;

  return {
    logDensity(params, k, { name, originOf }) {
      const step = "logDensity";
      const at = (row: number) => `at ${name}[${originOf?.(row) ?? row}] for parameters ${shown(params)}`;
      const density = attempt(step, k, () => component.logDensity(params));
      if (typeof density !== "function") {
        const found = `returned ${show(density)} for parameters ${shown(params)}`;
        throw failed(step, k, found, "Return a function of the row: (params) => (x) => …");
      }
      return (x, row) => {
        let value: unknown;
        try {
          value = density(x);
        } catch (error) {
          throw failed(step, k, `${threw(error)} ${at(row)}`, remedyOf(step), error);
        }
        // False for NaN, too.
        if (typeof value === "number" && value < Number.POSITIVE_INFINITY) return value;
        const remedy =
          value === Number.POSITIVE_INFINITY
            ? "The component has shrunk onto a point: bound its spread from below in fit, by a share of that of rows.all."
            : "Return a number, −Infinity where the row is impossible; if the parameters are out of range, mend fit, or say so in isValid.";
        throw failed(step, k, `returned ${show(value)} ${at(row)}`, remedy);
      };
    },

    fit(rows, current, k, expected) {
      const step = "fit";
      const params = attempt(step, k, () => component.fit(rows, current));
      const shape = expected ?? attempt(step, k, () => shapeOf(params));
      const numbers = isFault(shape) ? shape : attempt(step, k, () => shape.numbersOf(params));
      if (!isFault(shape) && !isFault(numbers)) return { shape, numbers };
      const { path, rule, value } = isFault(shape) ? shape : (numbers as ShapeFault);
      const remedy =
        typeof value === "number"
          ? "Bound in fit what may vanish or grow without end, such as a spread, or a count that is divided by."
          : "Return parameters such as { mean: 1, deviation: 2 }, the same at every step; Array.from(…) makes a plain array.";
      throw failed(
        step,
        k,
        `returned ${pathText(path, "")}${path.length > 0 ? " = " : ""}${show(value)}, which ${rule}`,
        remedy,
      );
    },

    freeParameters: (params, k) =>
      attempt("freeParameters", k, () =>
        typeof component.freeParameters === "number" ? component.freeParameters : component.freeParameters(params),
      ),
    isValid: (params, k) => attempt("isValid", k, () => component.isValid?.(params) ?? true),
    softened: (params, k) => attempt("softened", k, () => component.softened?.(params) ?? params),
    isSingular: (params, k, all) => attempt("isSingular", k, () => component.isSingular?.(params, all) ?? false),
    coordinates: (x, all) => attempt("coordinates", undefined, () => component.coordinates?.(x, all) ?? Array.from(x)),

    draw(params, columns, k, random) {
      const step = "sample";
      const drawn = attempt(step, k, () => component.sample?.(params, random));
      const x: unknown[] = Array.isArray(drawn) ? drawn : [drawn];
      if (x.length === columns && x.every((value) => typeof value === "number" && Number.isFinite(value)))
        return x as number[];
      const remedy = columns === 1 ? "Return a finite number." : `Return an array of ${columns} finite numbers.`;
      throw failed(step, k, `returned ${show(drawn)} for parameters ${shown(params)}`, remedy);
    },
  };
}

/** "components[0]" and the path below it: "components[0].mean[1]"; without a root, "mean[1]". */
export const pathText = (path: Path, root: string): string =>
  path.reduce<string>(
    (text, at) => (typeof at === "number" ? `${text}[${at}]` : text === "" ? at : `${text}.${at}`),
    root,
  );

/** Parameters as a message shows them: at most a line of them. */
export function shown(params: unknown): string {
  const text = JSON.stringify(params, (_, value) =>
    Number.isFinite(value) || typeof value !== "number" ? value : `${value}`,
  );
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
