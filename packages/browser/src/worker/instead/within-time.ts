// How long an answer to an exercise may take, in the worker: its loops look at the clock.

import { TooLongError, type WithinTime } from "em-exercises/judge";
import { within } from "../loops.js";

export const withinTime: WithinTime = (work, milliseconds) => within(work, milliseconds, () => new TooLongError());
