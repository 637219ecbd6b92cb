// npm run reference [-- figures] [-- components]: computes anew, with scikit-learn and SciPy in an environment of their
// own, what test/fixtures/reference holds; all of it, or what the named programs of scripts/reference/ write.
import { path, run, runMain, SetUpError } from "./set-up/project.mjs";
import { ensureEnvironment, findPython, pythonOf } from "./set-up/python.mjs";

const programs = ["figures", "components"];

await runMain(() => {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !programs.includes(name));
  if (unknown !== undefined)
    throw new SetUpError(`There is no program "${unknown}" of reference figures: name ${programs.join(" or ")}.`);
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
  const codes = (named.length > 0 ? named : programs).map((name) => {
    console.log(`Running scripts/reference/${name}.py (some minutes)`);
    return run(pythonOf(environment), [
      path("scripts", "reference", `${name}.py`),
      path("test", "fixtures", "reference"),
    ]);
  });
  return codes.find((code) => code !== 0) ?? 0;
});
