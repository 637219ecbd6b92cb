import { checkLength } from "./checks.js";
import { withoutMissing } from "./column-moments.js";
import type { Data } from "./data.js";
import { InputError } from "./errors.js";
import { type Family, mStep, type Responsibilities, readResponsibilities } from "./family.js";
import type { Start } from "./promising.js";

/** A start of the caller's own. */
export type GivenInit<P> =
  | P
  | { readonly responsibilities: readonly ArrayLike<number>[] }
  | { readonly labels: ArrayLike<number> };

/** What the parameters of every mixture have. */
export interface Weighted {
  readonly weights: readonly number[];
}

/** The number of components that a start implies; undefined where it does not say. */
export function impliedComponents<P extends Weighted>(init: GivenInit<P> | string | undefined): unknown {
  if (typeof init !== "object" || init === null) return undefined;
  if ("weights" in init) return checkLength(init.weights, undefined, "init.weights");
  if ("responsibilities" in init) {
    checkLength(init.responsibilities, undefined, "init.responsibilities");
    return checkLength(init.responsibilities[0], undefined, "init.responsibilities[0]");
  }
  checkGiven(init);
  if (!("labels" in init)) return undefined;
  checkLength(init.labels, undefined, "labels");
  return Array.from(init.labels).reduce((greatest, label) => Math.max(greatest, label), -1) + 1;
}

/** The start itself. */
export function givenStart<P extends Weighted>(family: Family<P>, data: Data, init: GivenInit<P>): Start {
  if ("weights" in init) return { kind: "given", theta: family.pack(init) };
  checkGiven(init);
  const { components } = family;
  const rows =
    "labels" in init
      ? readLabels(init.labels, data.rows, components)
      : readResponsibilities(init.responsibilities, data.rows, components);
  return { kind: "given", theta: mStep(family, family.coordinates ? data : withoutMissing(data), rows) };
}

function checkGiven(init: object): asserts init is { labels: ArrayLike<number> } | { responsibilities: never } {
  if ("labels" in init || "responsibilities" in init) return;
  const remedy = "Give all parameters (a model's params, say), { responsibilities } or { labels }.";
  throw new InputError("init", "must have weights, responsibilities or labels", init, remedy);
}

function readLabels(labels: ArrayLike<number>, rows: number, components: number): Responsibilities {
  checkLength(labels, rows, "labels");
  const used = new Set<number>();
  for (let row = 0; row < rows; row++) {
    used.add(labels[row]);
    if (Number.isInteger(labels[row]) && labels[row] >= 0 && labels[row] < components) continue;
    const rule = `must be an integer from 0 to ${components - 1}`;
    throw new InputError({ name: "labels", row }, rule, labels[row], "Number the components from 0.");
  }
  for (let k = 0; k < components; k++)
    if (!used.has(k)) {
      const rule = `must give every component from 0 to ${components - 1} a row`;
      throw new InputError("labels", rule, `none of component ${k}`, "Lower nComponents, or label some row so.");
    }
  return (row, out) => {
    out.fill(0);
    out[labels[row]] = 1;
  };
}
