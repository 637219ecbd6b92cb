/** Where a number stands among a component's parameters: the names and indices that lead to it. */
export type Path = readonly (string | number)[];

/** What is wrong with parameters: where, and what it must be. */
export interface ShapeFault {
  readonly path: Path;
  readonly rule: string;
  readonly value: unknown;
}

/** How a component's parameters, numbers in arrays and objects, lie one after another in a vector. */
export interface ParameterShape<C> {
  /** How many numbers there are. */
  readonly size: number;
  /** The numbers of parameters, or what is wrong where these are not of this shape. */
  numbersOf(params: C): readonly number[] | ShapeFault;
  read(from: Float64Array, at: number): C;
}

/** The shape that given parameters have, or what is wrong with them. */
export function shapeOf<C>(template: C): ParameterShape<C> | ShapeFault {
  const numbers: number[] = [];
  const fault = collect(template, template, [], numbers);
  if (fault !== undefined) return fault;
  return {
    size: numbers.length,
    numbersOf(params) {
      const found: number[] = [];
      return collect(params, template, [], found) ?? found;
    },
    read(from, at) {
      let next = at;
      const rebuild = (like: unknown): unknown => {
        if (typeof like === "number") return from[next++];
        if (Array.isArray(like)) return like.map(rebuild);
        return Object.fromEntries(Object.entries(like as object).map(([name, value]) => [name, rebuild(value)]));
      };
      return rebuild(template) as C;
    },
  };
}

export const isFault = (result: object): result is ShapeFault => "rule" in result;

/** Adds the numbers of parameters to a list, in the order in which the template has them. */
function collect(params: unknown, template: unknown, path: Path, into: number[]): ShapeFault | undefined {
  const fault = (rule: string, value: unknown = params) => ({ path, rule, value });
  if (typeof template === "number") {
    if (typeof params !== "number" || !Number.isFinite(params)) return fault("must be a finite number");
    into.push(params);
    return undefined;
  }
  const plain = "must be a number, or numbers in plain arrays and objects";
  if (Array.isArray(template)) {
    if (!Array.isArray(params)) return fault("must be an array");
    if (params.length !== template.length) {
      const rule = template.length === 1 ? "must have one entry" : `must have ${template.length} entries`;
      return fault(rule);
    }
    return firstFault(template, (value, index) => collect(params[index], value, [...path, index], into));
  }
  if (typeof template !== "object" || template === null || Object.getPrototypeOf(template) !== Object.prototype)
    return fault(plain);
  if (typeof params !== "object" || params === null) return fault("must be an object");
  return firstFault(Object.entries(template), ([name, value]) =>
    collect((params as Record<string, unknown>)[name], value, [...path, name], into),
  );
}

function firstFault<T>(
  items: readonly T[],
  check: (item: T, index: number) => ShapeFault | undefined,
): ShapeFault | undefined {
  for (const [index, item] of items.entries()) {
    const fault = check(item, index);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** "components[0]" and the path below it: "components[0].mean[1]"; without a root, "mean[1]". */
export const pathText = (path: Path, root: string): string =>
  path.reduce<string>(
    (text, at) => (typeof at === "number" ? `${text}[${at}]` : text === "" ? at : `${text}.${at}`),
    root,
  );
