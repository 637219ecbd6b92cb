// What a fresh clone needs before any command; each step does only what is missing or stale.
import { prepareJupyter } from "./jupyter.mjs";
import { build, installPackages } from "./packages.mjs";
import { alone } from "./project.mjs";

/** The node packages and the built workspaces. */
export function setUpNode() {
  alone(() => {
    installPackages();
    build();
  });
}

/** Everything up to a usable Jupyter with the kernel registered. @returns {import("./jupyter.mjs").Jupyter} */
export function setUp() {
  return alone(() => {
    installPackages();
    build();
    return prepareJupyter();
  });
}
