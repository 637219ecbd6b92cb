import { InputError } from "../errors.js";
import { machineMemory } from "../platform.js";
import type { CovarianceType } from "./parameters.js";

/** Copies of the covariances that a fit holds at once: present and next parameters, whiteners, sums, and room to work. */
const copies = 6;

/** @throws InputError for covariances that the machine cannot hold, saying how much they would take */
export function checkMemory(components: number, columns: number, covarianceType: CovarianceType): void {
  const matrices = covarianceType === "full" ? components : covarianceType === "tied" ? 1 : 0;
  const bytes = 8 * copies * (matrices * columns ** 2 + 2 * components * columns);
  if (bytes <= machineMemory()) return;
  const gigabytes = (bytes / 2 ** 30).toPrecision(2);
  const rule = `must fit into memory: ${components} ${covarianceType} covariances of ${columns} columns take ${gigabytes} GB`;
  throw new InputError(
    "X",
    rule,
    `${columns} columns wide`,
    'Use a diagonal covarianceType, "diag" say, or fewer columns.',
  );
}
