// npm run kernel:install, kernel:uninstall [-- --user | --prefix DIR] [--name NAME]: registers the lesson's kernel with a Jupyter
// that is not the project's own, and takes it out again.
import { setUpNode } from "./set-up/index.mjs";
import { path, run, runMain } from "./set-up/project.mjs";

await runMain(() => {
  setUpNode();
  return run(process.execPath, [path("packages", "kernel", "dist", "cjs", "command.js"), ...process.argv.slice(2)]);
});
