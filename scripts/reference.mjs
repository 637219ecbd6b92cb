// npm run reference: computes anew, with scikit-learn and SciPy in an environment of their own, what test/fixtures/reference holds.
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
  const codes = ["figures.py", "components.py"].map((script) =>
    run(pythonOf(environment), [path("scripts", "reference", script), path("test", "fixtures", "reference")]),
  );
  return codes.find((code) => code !== 0) ?? 0;
});
