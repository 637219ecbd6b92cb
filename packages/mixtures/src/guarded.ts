import { checkInteger } from "./checks.js";
import type { Component, WeightedRows } from "./component.js";
import type { Data } from "./data.js";
import { InputError, StepError, show } from "./errors.js";
import { isFault, type ParameterShape, pathText, type ShapeFault, shapeOf } from "./parameter-shape.js";
import type { Random } from "./random.js";

/** A component as a family calls it: its steps are told for whom they are called, so that an error can say it. */
export interface CalledComponent<C> extends Omit<Component<C>, "logDensity" | "fit" | "sample"> {
  /** @param data the rows that it is for, one of which each call has */
  logDensity(params: C, k: number, data: Data): (x: Float64Array, row: number) => number;
  /** @param expected the shape that the parameters must have; any where undefined */
  fit(rows: WeightedRows, current: C | undefined, k: number, expected: ParameterShape<C> | undefined): C;
  sample?(params: C, random: Random, k: number, columns: number): number | readonly number[];
}

/** A component whose functions throw a {@link StepError} where they throw anything, or return what they must not. */
export function guarded<C>(component: Component<C>): CalledComponent<C> {
  type Name = keyof Component<C>;

  function failed(step: Name, k: number | undefined, found: string, remedy: string, cause?: unknown): StepError {
    const whose = k === undefined ? "" : ` of component ${k}`;
    return new StepError({ step: `${component.name}: ${step}${whose}`, found, remedy, component: k, cause });
  }

  const threw = (step: Name, k: number | undefined, error: unknown, where = ""): StepError => {
    const what = error instanceof Error ? `${error}` : show(error);
    return failed(step, k, `threw ${what}${where}`, `Mend ${step}; the error's cause is what it threw.`, error);
  };

  function attempt<T>(step: Name, k: number | undefined, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw threw(step, k, error);
    }
  }

  /** The function of this name, where there is one. */
  const guard = (step: "logPrior" | "isValid" | "softened" | "isSingular" | "coordinates" | "freeParameters") => {
    const call = component[step] as ((...given: unknown[]) => unknown) | number | undefined;
    if (typeof call !== "function") return {};
    return { [step]: (...given: unknown[]) => attempt(step, undefined, () => call.apply(component, given)) };
  };

  const { columns } = component;
  return {
    ...component,
    ...(typeof columns === "function" && {
      columns(params: C): number {
        let found: unknown;
        try {
          found = columns(params);
        } catch (error) {
          if (error instanceof InputError) throw error;
          found = `${error}`;
        }
        checkInteger(found, 1, `columns of ${component.name}'s component, by its parameters,`);
        return found;
      },
    }),
    ...guard("freeParameters"),
    ...guard("logPrior"),
    ...guard("isValid"),
    ...guard("softened"),
    ...guard("isSingular"),
    ...guard("coordinates"),

    logDensity(params, k, { name, originOf }) {
      const step = "logDensity";
      const density: unknown = attempt(step, k, () => component.logDensity(params));
      if (typeof density !== "function") {
        const found = `returned ${show(density)} for parameters ${shown(params)}`;
        throw failed(step, k, found, "Return a function of the row: (params) => (x) => …");
      }
      const at = (row: number) => ` at ${name}[${originOf?.(row) ?? row}] for parameters ${shown(params)}`;
      return (x, row) => {
        let value: unknown;
        try {
          value = density(x);
        } catch (error) {
          throw threw(step, k, error, at(row));
        }
        // False for NaN, too.
        if (typeof value === "number" && value < Number.POSITIVE_INFINITY) return value;
        const remedy =
          value === Number.POSITIVE_INFINITY
            ? "The component has shrunk onto a point: bound its spread from below in fit, by a share of that of rows.all."
            : "Return a number, −Infinity where the row is impossible; if the parameters are out of range, mend fit, or say so in isValid.";
        throw failed(step, k, `returned ${show(value)}${at(row)}`, remedy);
      };
    },

    fit(rows, current, k, expected) {
      const step = "fit";
      const params = attempt(step, k, () => component.fit(rows, current));
      const shape = expected ?? attempt(step, k, () => shapeOf(params));
      const numbers = isFault(shape) ? shape : attempt(step, k, () => shape.numbersOf(params));
      if (!isFault(numbers)) return params;
      const { path, rule, value }: ShapeFault = numbers;
      const where = path.length === 0 ? "" : `${pathText(path, "")} = `;
      const remedy =
        typeof value === "number"
          ? "Bound in fit what may vanish or grow without end, such as a spread, or a count that is divided by."
          : "Return parameters such as { mean: 1, deviation: 2 }, the same at every step; Array.from(…) makes a plain array.";
      throw failed(step, k, `returned ${where}${show(value)}, which ${rule}`, remedy);
    },

    sample(params, random, k, D) {
      const step = "sample";
      if (component.sample === undefined) {
        const place = `sample of ${component.name}'s component`;
        throw new InputError(place, "must be a function", undefined, "Give the component sample(params, random).");
      }
      const drawn: unknown = attempt(step, k, () => component.sample?.(params, random));
      const x: unknown[] = Array.isArray(drawn) ? drawn : [drawn];
      if (x.length === D && x.every((value) => typeof value === "number" && Number.isFinite(value)))
        return x as number[];
      const remedy = D === 1 ? "Return a finite number." : `Return an array of ${D} finite numbers.`;
      throw failed(step, k, `returned ${show(drawn)} for parameters ${shown(params)}`, remedy);
    },
  };
}

/** Parameters as a message shows them: at most a line of them. */
function shown(params: unknown): string {
  const text = JSON.stringify(params, (_, value) =>
    typeof value === "number" && !Number.isFinite(value) ? `${value}` : value,
  );
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
