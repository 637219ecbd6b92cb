import { checkLength } from "./checks.js";
import type { Wording } from "./component-family.js";
import { type Path, pathText } from "./parameter-shape.js";

/** What messages call a number of a component among the parameters of its mixture. */
export type NameOf = (...path: Path) => string;

/**
 * Words a mixture's parameters by their names: of K components `{ mean, dispersion }` it makes
 * `{ weights, means, dispersions }`.
 *
 * @param plurals the mixture's word for each of a component's parameters
 * @param check throws an InputError where a component's parameters are out of range
 * @param shared what the mixture has beside, the same for all components
 */
export function namedWording<C extends object, P>(
  plurals: Readonly<Record<keyof C & string, keyof P & string>>,
  check: (params: C, nameOf: NameOf) => void,
  shared: object = {},
): Wording<C, P> {
  const words = Object.entries(plurals) as [keyof C & string, keyof P & string][];
  const nameOf = (k: number, [one, ...rest]: Path): string =>
    pathText(rest, `${plurals[one as keyof C & string]}[${k}]`);
  return {
    paramsOf: (weights, components) =>
      ({
        weights,
        ...Object.fromEntries(words.map(([one, many]) => [many, components.map((component) => component[one])])),
        ...shared,
      }) as P,
    componentsOf(params) {
      const { weights } = params as { weights: readonly number[] };
      for (const [, many] of words) checkLength(params[many], weights.length, many);
      return weights.map(
        (_, k) =>
          Object.fromEntries(words.map(([one, many]) => [one, plain((params[many] as readonly unknown[])[k])])) as C,
      );
    },
    nameOf,
    check: (params, k) => check(params, (...path) => nameOf(k, path)),
  };
}

/** Typed arrays as plain ones. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  return Array.isArray(value) ? value.map(plain) : value;
}
