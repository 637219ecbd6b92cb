// npm run build: compiles what is stale of the TypeScript workspaces.
import { build, installPackages } from "./set-up/packages.mjs";
import { runMain } from "./set-up/project.mjs";

await runMain(() => {
  installPackages();
  build();
  return 0;
});
