// npm run build: compiles what is stale of the TypeScript workspaces.
import { setUpNode } from "./set-up/index.mjs";
import { runMain } from "./set-up/project.mjs";

await runMain(() => {
  setUpNode();
  return 0;
});
