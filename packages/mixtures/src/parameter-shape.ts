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
  const fault = (rule: string) => ({ path, rule, value: params });
  if (typeof template === "number") {
    if (typeof params !== "number" || !Number.isFinite(params)) return fault("must be a finite number");
    into.push(params);
    return undefined;
  }
  const isList = Array.isArray(template);
  if (!isList && !isPlain(template)) return fault("must be a number, or numbers in plain arrays and objects");
  if (typeof params !== "object" || params === null || Array.isArray(params) !== isList)
    return fault(isList ? "must be an array" : "must be an object");
  if (isList && (params as unknown[]).length !== template.length)
    return fault(`must have ${template.length === 1 ? "one entry" : `${template.length} entries`}`);
  for (const [name, value] of Object.entries(template as object)) {
    const at = isList ? Number(name) : name;
    const found = collect((params as Record<string, unknown>)[name], value, [...path, at], into);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a value is an object of no class, be it of another frame or of JSON. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** "components[0]" and the path below it: "components[0].mean[1]"; without a root, "mean[1]". */
export const pathText = (path: Path, root: string): string =>
  path.reduce<string>(
    (text, at) => (typeof at === "number" ? `${text}[${at}]` : text === "" ? at : `${text}.${at}`),
    root,
  );
