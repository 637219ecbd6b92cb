// What a cell shows, below it: the same elements as on the page that was made of the notebook.
import type { Output, Told } from "../messages.js";

/** So many letters of a cell are shown: a loop that prints would fill the page's memory. */
const mostLetters = 200_000;

/** The rest of the page, which draws figures. */
interface Figures {
  readonly drawAll: () => void;
}

const element = (name: string, className: string, ...children: Node[]): HTMLElement => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
};

/** The outputs of one run of a cell. */
export class Outputs {
  private readonly displays = new Map<string, HTMLElement>();
  private letters = 0;
  private clearing = false;

  /** @param place the cell's `.output`, whose contents are replaced by the first output */
  constructor(private readonly place: HTMLElement) {}

  clear(): void {
    this.place.replaceChildren();
    this.displays.clear();
    this.letters = 0;
    this.clearing = false;
  }

  receive(told: Told): void {
    if (told.tell === "update") {
      const area = this.displays.get(told.display);
      area?.replaceChildren(...shown({ output_type: "display_data", data: told.data }));
    } else if (told.tell === "clear") {
      if (told.wait) this.clearing = true;
      else this.clear();
    } else if (told.tell === "output") this.add(told.output);
    else return;
    (globalThis as { emFigures?: Figures }).emFigures?.drawAll();
  }

  private add(output: Output): void {
    if (this.clearing) this.clear();
    if (output.output_type === "stream") this.addText(output.name, output.text);
    else {
      const area = element("div", "output_area", ...shown(output));
      if (output.output_type !== "error" && output.display !== undefined) this.displays.set(output.display, area);
      this.place.append(area);
    }
  }

  /** What is printed in a row stands together. */
  private addText(name: string, text: string): void {
    if (this.letters > mostLetters) return;
    this.letters += text.length;
    const kept =
      this.letters > mostLetters ? `${text}\n… more than ${mostLetters} letters: the rest is not shown.\n` : text;
    const last = this.place.lastElementChild?.querySelector(`:scope > .output_${name} > pre`);
    if (last) last.append(kept);
    else this.place.append(element("div", "output_area", preformatted(`output_${name} output_text`, kept)));
  }
}

function preformatted(className: string, ...content: (Node | string)[]): HTMLElement {
  const pre = document.createElement("pre");
  pre.tabIndex = 0; // what scrolls sideways can be reached with the keyboard
  pre.append(...content);
  return element("div", `output_subarea ${className}`, pre);
}

function shown(output: Output): HTMLElement[] {
  if (output.output_type === "stream") return [];
  if (output.output_type === "error")
    return [preformatted("output_error output_text", ...coloured(output.traceback.join("\n")))];
  const { data } = output;
  const text = (type: string): string => String([data[type]].flat().join(""));
  const rendered = "output_subarea rendered_html";
  for (const type of ["text/html", "image/svg+xml", "text/markdown", "text/latex"]) {
    if (!(type in data)) continue;
    if (type === "text/markdown" || type === "text/latex") return [preformatted("output_text", text(type))];
    const area = element("div", `output_html ${rendered}`);
    // A script that is put in so does not run; other programs in it, such as handlers of events, the page's policy forbids.
    area.innerHTML = text(type);
    return [area];
  }
  for (const type of ["image/png", "image/jpeg", "image/gif"]) {
    if (!(type in data)) continue;
    const image = document.createElement("img");
    image.src = `data:${type};base64,${text(type)}`;
    image.alt = "plain" in data ? text("text/plain") : "an image that the cell shows";
    return [element("div", `output_${type.slice(6)} ${rendered}`, image)];
  }
  const plain = "text/plain" in data ? text("text/plain") : JSON.stringify(data, undefined, 1);
  return [preformatted("output_text", plain)];
}

const colours: Readonly<Record<string, string>> = { 2: "em-dim", 31: "em-red", 32: "em-green", 33: "em-yellow" };

/** Text with the colours that terminals understand. */
function coloured(text: string): (Node | string)[] {
  let colour: string | undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they are
  return text.split(/(\u001b\[\d+m)/).flatMap((part): (Node | string)[] => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they are
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
    if (code !== undefined) {
      colour = colours[code];
      return [];
    }
    return part === "" ? [] : colour === undefined ? [part] : [element("span", colour, new Text(part))];
  });
}
