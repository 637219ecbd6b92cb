// How long an answer may take, on Node.
import vm from "node:vm";
import { TooLongError, type WithinTime } from "./judge.js";

export const withinTime: WithinTime = (work, milliseconds) => {
  const place = globalThis as { emExercise?: () => unknown };
  place.emExercise = work;
  try {
    return new vm.Script("emExercise()").runInThisContext({ timeout: milliseconds }) as ReturnType<typeof work>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new TooLongError();
    throw error;
  } finally {
    delete place.emExercise;
  }
};
