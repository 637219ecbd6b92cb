// Makes the code cells of a page live. Without it, or where no worker can be started, the page is to be read as it stands.
import { LiveCell, type Pressed } from "./cell.js";
import { download, joined, type Notebook, withChanges } from "./download.js";
import { type Editing, edit, showKept, takeBack } from "./editing.js";
import { Kernel, NoWorkerError } from "./kernel.js";

const folder = new URL("./", (document.currentScript as HTMLScriptElement).src).href;

function start(): void {
  const text = document.querySelector("#notebook")?.textContent;
  if (!text) return;
  const kernel = new Kernel(folder);
  const name =
    location.pathname
      .split("/")
      .at(-1)
      ?.replace(/\.html$/, "") ?? "";
  const pressed: Pressed = {
    run,
    stop,
    edit: (cell) =>
      void edit(cell, editing).catch((error) => cell.say(`The editor cannot be opened: ${error.message}.`)),
    original: (cell) => takeBack(cell, editing),
  };
  const notebook = JSON.parse(text) as Notebook;
  const sources = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const cells = sources.flatMap(({ id, source }, at) => {
    const element = document.getElementById(`cell-id=${id}`);
    return element ? [new LiveCell(element, id, at + 1, joined(source), pressed)] : [];
  });
  const editing: Editing = { notebook: name, cells, kernel, run, folder };
  showKept(editing);
  addDownload(() => download(`${name}.ipynb`, `${JSON.stringify(withChanges(notebook, cells), undefined, 1)}\n`));
  let queue: LiveCell[] = [];
  /** Those that the reader has asked for themselves: what hides their outputs opens. */
  const asked = new Set<LiveCell>();
  /** Those that run again, with a new worker: what failed before may fail again. */
  const again = new Set<LiveCell>();
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
      if (ending === "failed" && !again.has(cell)) dropQueue(cell);
      again.delete(cell);
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
    for (const cell of above) {
      cell.state = "queued";
      again.add(cell);
    }
    queue = above;
  }
}

/** What can be done here, in a line below the title, and the button for the notebook. */
function addDownload(press: () => void): void {
  const note = document.createElement("span");
  note.textContent = "The cells run here, in your browser: Run, below a cell, first runs those above it.";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Download as a notebook, with your changes";
  button.addEventListener("click", press);
  const bar = document.createElement("div");
  bar.className = "em-bar";
  bar.append(note, button);
  (document.querySelector("main .about") ?? document.querySelector("main h1"))?.after(bar);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
