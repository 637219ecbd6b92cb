import { checkFunction, checkLength, checkObject } from "./checks.js";
import type { Component, ComponentParams } from "./component.js";
import type { Wording } from "./component-family.js";
import { type MixtureModel, modelsOf } from "./component-model.js";
import { InputError } from "./errors.js";
import { guarded } from "./guarded.js";
import { pathText } from "./parameter-shape.js";

/**
 * Mixtures of components of one's own: give a log-density and a weighted fit, and have starts and restarts, reports,
 * weights, scores, information criteria, draws and JSON.
 *
 * @throws InputError for a component that lacks what it must have
 * @example
 * const ExponentialMixture = mixtureOf<{ rate: number }>({
 *   name: "ExponentialMixture",
 *   logDensity: ({ rate }) => (x) => Math.log(rate) - rate * x[0],
 *   fit: (rows) => ({ rate: 1 / rows.mean((x) => x[0]) }),
 *   freeParameters: 1,
 * });
 * ExponentialMixture.fit([0.1, 0.3, 8, 0.2, 11], { nComponents: 2 }).params.components; // rates of two waiting times
 */
export function mixtureOf<C>(component: Component<C>): MixtureModel<ComponentParams<C>> {
  checkComponent(component);
  const { name, isValid } = component;
  const wording: Wording<C, ComponentParams<C>> = {
    paramsOf: (weights, components) => ({ weights, components }),
    componentsOf({ weights, components }) {
      checkLength(components, weights.length, "components");
      return components;
    },
    nameOf: (k, path) => pathText(path, `components[${k}]`),
    check(params, k) {
      if (isValid?.(params) === false)
        throw new InputError(
          `components[${k}]`,
          `must be in range for ${name}`,
          params,
          "See the component's isValid.",
        );
    },
    columnsRemedy: "Check its shape; a component of several columns says so by its `columns`.",
  };
  return modelsOf({
    name,
    of: () => ({ component: guarded(component), wording }),
    check(_, { acceleration }) {
      if (acceleration !== "anderson" || isValid !== undefined) return;
      const rule = `must be "none" for ${name}`;
      throw new InputError("acceleration", rule, acceleration, "To accelerate, the component needs isValid(params).");
    },
  });
}

function checkComponent<C>(component: Component<C>): void {
  const place = "component";
  checkObject(component, place, "Give name, logDensity, fit and freeParameters.");
  const { name, freeParameters, columns = 1 } = component;
  if (typeof name !== "string" || name === "")
    throw new InputError(`${place}.name`, "must be a name", name, 'Such as "ExponentialMixture".');
  for (const step of ["logDensity", "fit"] as const)
    if (component[step] === undefined)
      throw new InputError(`${place}.${step}`, "must be a function", undefined, "A component needs one.");
  for (const step of [
    "logDensity",
    "fit",
    "logPrior",
    "sample",
    "isValid",
    "coordinates",
    "softened",
    "isSingular",
  ] as const)
    checkFunction(component[step], `${place}.${step}`);
  for (const [field, value] of Object.entries({ freeParameters, columns }))
    if (typeof value !== "function" && !(Number.isInteger(value) && value >= 0))
      throw new InputError(`${place}.${field}`, "must be an integer or a function of parameters", value, "Give one.");
}
