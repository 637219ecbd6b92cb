// What a fresh clone needs before any command; each step does only what is missing or stale.
import { prepareJupyter } from "./jupyter.mjs";
import { build, installPackages } from "./packages.mjs";

/** Everything up to a usable Jupyter with the kernel registered. @returns {import("./jupyter.mjs").Jupyter} */
export function setUp() {
  installPackages();
  build();
  return prepareJupyter();
}
