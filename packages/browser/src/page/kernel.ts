// The page's side of the worker: starts it, hands it cells one by one, and replaces it where it does not listen.
import type { Answer, Asked, Question, Told } from "../messages.js";

/** Milliseconds after which a cell that was asked to stop is ended with its worker. */
const patience = 1500;
/** Milliseconds after which a worker that has not begun is given up: a slow phone takes ten seconds. */
const startPatience = 60_000;

/** How a cell has ended: `cancelled` before it began, `lost` where the worker had to be replaced, with all names. */
export type Ending = "done" | "failed" | "cancelled" | "lost";

/** The worker cannot be started: an old browser, or a policy of the site that forbids it. */
export class NoWorkerError extends Error {
  override readonly name = "NoWorkerError";
}

interface Run {
  readonly listen: (told: Told) => void;
  readonly end: (ending: Ending) => void;
}

export class Kernel {
  private address: Promise<string> | undefined;
  private worker: Promise<Worker> | undefined;
  private current: Worker | undefined;
  private flag: string | undefined;
  private readonly runs = new Map<number, Run>();
  private readonly questions = new Map<number, (answer: Answer) => void>();
  private count = 0;
  /** Whether the reader has pressed Stop while the worker was starting. */
  private cancelled = false;
  private giveUp: ReturnType<typeof setTimeout> | undefined;

  /** @param folder the address of the folder that this program lies in */
  constructor(private readonly folder: string) {}

  /**
   * Runs a cell.
   * @param listen is told what it shows
   * @throws NoWorkerError
   */
  async run(code: string, listen: (told: Told) => void): Promise<Ending> {
    this.cancelled = false;
    const worker = await this.started();
    if (this.cancelled) return "cancelled";
    const run = ++this.count;
    return new Promise((end) => {
      this.runs.set(run, { listen, end });
      post(worker, { do: "run", run, code });
    });
  }

  /** Lets the editors know what cells declare that have not run. */
  async know(codes: readonly string[]): Promise<void> {
    if (codes.length > 0) post(await this.started(), { do: "know", codes });
  }

  /** Asks for an editor. While a cell runs the answer waits for its end. */
  async ask<A extends Answer>(question: Question): Promise<A> {
    const worker = await this.started();
    const ask = ++this.count;
    return new Promise((answered) => {
      this.questions.set(ask, answered as (answer: Answer) => void);
      post(worker, { do: "ask", ask, question });
    });
  }

  /** Stops what runs. What does not listen within a second and a half is ended with its worker. */
  interrupt(): void {
    this.cancelled = true;
    const worker = this.current;
    if (worker === undefined || this.giveUp !== undefined || this.unfinished().length === 0) return;
    const [stopped] = this.unfinished();
    if (this.flag !== undefined) URL.revokeObjectURL(this.flag);
    post(worker, { do: "interrupt" });
    this.giveUp = setTimeout(() => {
      this.giveUp = undefined;
      if (this.unfinished().includes(stopped ?? 0)) this.replace();
    }, patience);
  }

  /** Cells that have ended go on to be told of what they show later. */
  private unfinished(): number[] {
    return [...this.runs.keys()].filter((run) => this.runs.get(run)?.end !== ended);
  }

  private started(): Promise<Worker> {
    this.worker ??= this.start().catch((error) => {
      this.worker = undefined;
      throw error;
    });
    return this.worker;
  }

  private async start(): Promise<Worker> {
    this.address ??= this.load();
    const address = await this.address;
    return new Promise((ready, failed) => {
      const refuse = (reason: string) => failed(new NoWorkerError(reason));
      const timer = setTimeout(() => refuse("it did not begin within a minute"), startPatience);
      let worker: Worker;
      try {
        worker = new Worker(address);
      } catch (error) {
        refuse(`${error}`);
        return;
      }
      worker.addEventListener("error", (event) => refuse(event.message ?? "this browser does not start it"));
      worker.addEventListener("message", ({ data }: MessageEvent<Told>) => {
        if (data.tell === "ready") {
          clearTimeout(timer);
          this.current = worker;
          this.raiseFlag("begin");
          ready(worker);
        } else if (worker === this.current) this.receive(data);
      });
    });
  }

  /** The address of the worker's program, which comes as a text, so that a page on disk can start it, too. */
  private async load(): Promise<string> {
    const place = globalThis as { emKernel?: string };
    await loadScript(`${this.folder}kernel.js`);
    const text = place.emKernel;
    if (text === undefined) throw new NoWorkerError("its program could not be loaded");
    delete place.emKernel;
    return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  }

  private receive(told: Told): void {
    if (told.tell === "ready") return;
    if (told.tell === "answer") {
      this.questions.get(told.ask)?.(told.answer);
      this.questions.delete(told.ask);
      return;
    }
    if (told.tell === "update") {
      for (const { listen } of this.runs.values()) listen(told);
      return;
    }
    const run = this.runs.get(told.run);
    run?.listen(told);
    if (told.tell !== "done" || run === undefined) return;
    this.runs.set(told.run, { ...run, end: ended });
    if (this.giveUp !== undefined) {
      clearTimeout(this.giveUp);
      this.giveUp = undefined;
      this.raiseFlag("flag");
    }
    run.end(told.failed ? "failed" : "done");
  }

  /** Gives loops an address to look at. A page on disk has none that its worker can read. */
  private raiseFlag(how: "begin" | "flag"): void {
    if (location.protocol === "file:") return;
    this.flag = URL.createObjectURL(new Blob([""]));
    if (this.current) post(this.current, { do: how, flag: this.flag });
  }

  private replace(): void {
    this.current?.terminate();
    this.current = undefined;
    this.worker = undefined;
    const lost = this.unfinished().map((run) => this.runs.get(run));
    this.runs.clear();
    for (const run of lost) run?.end("lost");
  }
}

/** The end of a run that has ended. */
const ended = (): void => {};

const post = (worker: Worker, asked: Asked): void => worker.postMessage(asked);

export function loadScript(address: string): Promise<void> {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => done());
    script.addEventListener("error", () => failed(new NoWorkerError(`${address} could not be loaded`)));
    document.head.append(script);
  });
}
