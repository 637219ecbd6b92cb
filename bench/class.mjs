// npm run bench:class [-- N]: N learners (10) run notebook 2 at the same time, each on a kernel of their own. Prints how long
// they wait, what it takes of the memory, and whether anything is lost or left.
import { setUp } from "../scripts/set-up/index.mjs";
import { path, run, runMain, SetUpError } from "../scripts/set-up/project.mjs";

await runMain(() => {
  const [given = "10", ...more] = process.argv.slice(2);
  const learners = Number(given);
  if (!Number.isInteger(learners) || learners < 1 || learners > 100 || more.length > 0)
    throw new SetUpError("Usage: npm run bench:class -- N, with N learners from 1 to 100.");
  const { python, env } = setUp();
  if (python === undefined)
    throw new SetUpError("The class is measured with the packages of .venv, which could not be made.");
  return run(python, [path("bench", "class.py"), String(learners)], { env });
});
