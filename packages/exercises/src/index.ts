export { check, type ExerciseName, verdictOn } from "./check.js";
export { type Answers, exercises } from "./exercises.js";
export { inputsOf, isSame } from "./judge.js";
