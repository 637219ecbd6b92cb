// A code cell of the page: its buttons, its state, and the place for what it shows.
import type { Told } from "../messages.js";
import { Outputs } from "./outputs.js";

/** What is pressed. */
export interface Pressed {
  run(cell: LiveCell): void;
  stop(): void;
}

const states = {
  fresh: "",
  queued: "waits",
  starting: "starts …",
  running: "runs …",
  done: "done",
  failed: "failed",
} as const;

export type State = keyof typeof states;

export class LiveCell {
  /** The text that has run; undefined where none has. */
  ran: string | undefined;
  private readonly bar = document.createElement("div");
  private readonly stopButton: HTMLButtonElement;
  private readonly status = document.createElement("span");
  private outputs: Outputs | undefined;

  /**
   * @param element the cell on the page
   * @param number its place among the code cells, from 1
   * @param original its text as the notebook has it
   */
  constructor(
    readonly element: HTMLElement,
    readonly number: number,
    readonly original: string,
    pressed: Pressed,
  ) {
    this.bar.className = "em-bar";
    this.stopButton = this.button("Stop", () => pressed.stop());
    this.stopButton.hidden = true;
    this.status.setAttribute("role", "status");
    this.bar.append(
      this.button("Run", () => pressed.run(this)),
      this.stopButton,
      this.status,
    );
    element.querySelector(".input_area")?.after(this.bar);
  }

  get code(): string {
    return this.original;
  }

  set state(state: State) {
    this.element.dataset["state"] = state;
    this.status.textContent = states[state];
    this.stopButton.hidden = !["queued", "starting", "running"].includes(state);
  }

  /** A word below the cell, from the page and not from the cell. */
  say(text: string): void {
    this.receive({
      tell: "output",
      run: 0,
      output: { output_type: "stream", name: "stderr", text: `${text}\n` },
    });
  }

  /** Makes place for what the next run shows, and opens what was hidden, if the reader has asked for it. */
  begin(open: boolean): void {
    this.outputs = new Outputs(this.place());
    this.outputs.clear();
    const answer = this.element.querySelector<HTMLDetailsElement>("details.answer");
    if (open && answer) answer.open = true;
  }

  receive(told: Told): void {
    this.outputs ??= new Outputs(this.place());
    this.outputs.receive(told);
  }

  private place(): HTMLElement {
    const known = this.element.querySelector<HTMLElement>(".output");
    if (known) return known;
    const [wrapper, place] = [document.createElement("div"), document.createElement("div")];
    wrapper.className = "output_wrapper";
    place.className = "output";
    wrapper.append(place);
    this.element.append(wrapper);
    return place;
  }

  private button(text: string, press: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", `${text} cell ${this.number}`);
    button.addEventListener("click", press);
    return button;
  }
}
