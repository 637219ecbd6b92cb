// npm run reference: computes anew, with scikit-learn in an environment of its own, what test/fixtures/reference holds.
import { path, run, runMain, SetUpError } from "./set-up/project.mjs";
import { ensureEnvironment, findPython, pythonOf } from "./set-up/python.mjs";

await runMain(() => {
  const python = findPython();
  if (python === undefined)
    throw new SetUpError("The reference figures need Python 3.10 or newer, and none was found.");
  const environment = path("build", "reference");
  ensureEnvironment(
    environment,
    path("scripts", "reference", "requirements.txt"),
    python,
    "Making the Python environment build/reference",
  );
  return run(pythonOf(environment), [
    path("scripts", "reference", "figures.py"),
    path("test", "fixtures", "reference"),
  ]);
});
