// A code cell of the page: its buttons, its state, its text as the reader has it, and the place for what it shows.
import type { Told } from "../messages.js";
import type { Editor, Hooks, OpenEditor } from "./editor.js";
import { Outputs } from "./outputs.js";

/** What is pressed. */
export interface Pressed {
  run(cell: LiveCell): void;
  stop(): void;
  edit(cell: LiveCell): void;
  original(cell: LiveCell): void;
}

const states = {
  fresh: "",
  queued: "waits",
  running: "runs …",
  done: "done",
  failed: "failed",
} as const;

export type State = keyof typeof states;

export class LiveCell {
  /** The text that has run; undefined where none has. */
  ran: string | undefined;
  /** The text that editors below know of, where it has not run. */
  known: string | undefined;
  /** What the reader has made of the text. */
  private edited: string | undefined;
  private editor: Editor | undefined;
  private readonly stopButton: HTMLButtonElement;
  private readonly editButton: HTMLButtonElement;
  private readonly originalButton: HTMLButtonElement;
  private readonly status = document.createElement("span");
  private readonly input: HTMLElement;
  /** The text as it stands on the page, with its colours. */
  private readonly text: HTMLElement;
  private outputs: Outputs | undefined;

  /**
   * @param element the cell on the page
   * @param id its name in the notebook
   * @param number its place among the code cells, from 1
   * @param original its text as the notebook has it
   */
  constructor(
    readonly element: HTMLElement,
    readonly id: string,
    readonly number: number,
    readonly original: string,
    pressed: Pressed,
  ) {
    this.input = element.querySelector(".input_area") as HTMLElement;
    this.text = this.input.querySelector(".highlight") as HTMLElement;
    this.stopButton = this.button("Stop", () => pressed.stop());
    this.editButton = this.button("Edit", () => pressed.edit(this));
    this.originalButton = this.button("Original", () => pressed.original(this));
    this.stopButton.hidden = this.originalButton.hidden = true;
    this.status.setAttribute("role", "status");
    const bar = document.createElement("div");
    bar.className = "em-bar";
    const runButton = this.button("Run", () => pressed.run(this));
    bar.append(runButton, this.stopButton, this.editButton, this.originalButton, this.status);
    this.input.after(bar);
  }

  get code(): string {
    return this.edited ?? this.original;
  }

  /** The reader's text: shown at once, where no editor shows it. */
  set code(code: string) {
    this.edited = code === this.original ? undefined : code;
    this.originalButton.hidden = this.edited === undefined;
    if (!this.editor) this.showText();
  }

  get isOpen(): boolean {
    return this.editor !== undefined;
  }

  open(openEditor: OpenEditor, hooks: Hooks): void {
    this.input.replaceChildren();
    this.editor = openEditor(this.input, this.code, hooks);
    this.editor.focus();
    this.name(this.editButton, "Close");
  }

  close(): void {
    this.editor?.close();
    this.editor = undefined;
    this.name(this.editButton, "Edit");
    this.showText();
  }

  set state(state: State) {
    this.element.dataset["state"] = state;
    this.status.textContent = states[state];
    this.stopButton.hidden = !["queued", "running"].includes(state);
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

  private showText(): void {
    if (this.edited === undefined) {
      this.input.replaceChildren(this.text);
      return;
    }
    const pre = document.createElement("pre");
    pre.tabIndex = 0; // what scrolls sideways can be reached with the keyboard
    pre.textContent = this.edited;
    this.input.replaceChildren(pre);
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
    this.name(button, text);
    button.addEventListener("click", press);
    return button;
  }

  private name(button: HTMLButtonElement, text: string): void {
    button.textContent = text;
    button.setAttribute("aria-label", `${text} cell ${this.number}`);
  }
}
