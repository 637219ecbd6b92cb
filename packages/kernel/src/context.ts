// Which cell the code belongs to that is running: also code that the cell has left for later, in timers and promises.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Cell } from "./cells.js";

export const cellContext = new AsyncLocalStorage<Cell>();
