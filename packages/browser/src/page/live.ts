// Makes the code cells of a page live. Without it, or where no worker can be started, the page is to be read as it stands.
import { LiveCell } from "./cell.js";
import { Kernel, NoWorkerError } from "./kernel.js";

/** The parts of the notebook format that are used here. */
interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly id: string;
    readonly source: string | readonly string[];
  }[];
}

const folder = new URL("./", (document.currentScript as HTMLScriptElement).src).href;

function start(): void {
  const text = document.querySelector("#notebook")?.textContent;
  if (!text) return;
  const kernel = new Kernel(folder);
  const notebook = JSON.parse(text) as Notebook;
  const sources = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const cells = sources.flatMap(({ id, source }, at) => {
    const element = document.getElementById(`cell-id=${id}`);
    return element ? [new LiveCell(element, at + 1, [source].flat().join(""), { run, stop })] : [];
  });
  let queue: LiveCell[] = [];
  /** Those that the reader has asked for themselves: what hides their outputs opens. */
  const asked = new Set<LiveCell>();
  let working = false;

  /** Runs a cell, first those above it that have not run as they stand. */
  function run(cell: LiveCell): void {
    asked.add(cell);
    const due = cells.filter((each) => each === cell || (each.number < cell.number && each.ran !== each.code));
    for (const each of due) {
      if (queue.includes(each)) continue;
      each.state = "queued";
      queue.push(each);
    }
    if (!working) void work();
  }

  function stop(): void {
    for (const cell of queue) cell.state = "fresh";
    queue = [];
    kernel.interrupt();
  }

  async function work(): Promise<void> {
    working = true;
    try {
      for (let cell = queue.shift(); cell; cell = queue.shift()) await runOne(cell);
    } finally {
      working = false;
    }
  }

  async function runOne(cell: LiveCell): Promise<void> {
    const { code } = cell;
    cell.begin(asked.delete(cell));
    cell.state = "running";
    try {
      const ending = await kernel.run(code, (told) => cell.receive(told));
      cell.ran = ending === "cancelled" ? undefined : code;
      cell.state = ending === "done" ? "done" : ending === "cancelled" ? "fresh" : "failed";
      if (ending === "failed") dropQueue(cell);
      if (ending === "lost") runAgain(cell);
    } catch (error) {
      if (!(error instanceof NoWorkerError)) throw error;
      cell.state = "failed";
      cell.say(`Cells cannot run in this browser: ${error.message}. The page can be read all the same.`);
      dropQueue(cell);
    }
  }

  /** What was to run after a cell that failed does not. */
  function dropQueue(cell: LiveCell): void {
    for (const each of queue) each.state = "fresh";
    const last = queue.at(-1);
    if (last) last.say(`It did not run: cell ${cell.number} above failed.`);
    queue = [];
  }

  /** The names of all cells are gone with their worker: those above are run again. */
  function runAgain(stopped: LiveCell): void {
    stopped.say(
      "InterruptedError: the cell was ended with all that ran, as it did not listen. The cells above it run again.",
    );
    const above = cells.filter((cell) => cell.number < stopped.number && cell.ran !== undefined);
    // The stopped cell itself does not count as one that still has to run.
    for (const cell of cells) if (cell !== stopped) cell.ran = undefined;
    for (const cell of above) cell.state = "queued";
    queue = above;
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
