// What cells print: gathered into few messages, which the wire thread sends at once even while the cell keeps this
// thread busy. Stock tslab sends one message a line, and loses those after the 504th.
import { StringDecoder } from "node:string_decoder";

type StreamName = "stdout" | "stderr";

const longest = 1 << 18; // characters gathered before they are sent
const interval = 50; // milliseconds that a text waits at most while the cell goes on printing

export class Output {
  private readonly publish: (type: string, content: object) => void;
  private name: StreamName = "stdout";
  private text = "";
  private last = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(publish: (type: string, content: object) => void) {
    this.publish = publish;
    this.capture("stdout");
    this.capture("stderr");
  }

  /** Sends what is gathered; to be called before any other message of the cell. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { name, text } = this;
    this.text = "";
    this.last = Date.now();
    if (text !== "") this.publish("stream", { name, text });
  }

  write(name: StreamName, text: string): void {
    if (name !== this.name) this.flush();
    this.name = name;
    this.text += text;
    if (this.text.length >= longest || Date.now() - this.last >= interval) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), interval);
  }

  private capture(name: StreamName): void {
    const decoder = new StringDecoder();
    process[name].write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const bytes = typeof chunk !== "string";
      const text = bytes ? decoder.write(Buffer.from(chunk)) : chunk;
      if (text !== "") this.write(name, text);
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") process.nextTick(done as () => void);
      return true;
    };
  }
}
