// The module `tslab` for notebooks that import it. tslab's own would load its compiler, which takes 44 MB.
import { randomUUID } from "node:crypto";
import { encodeBytes } from "./mime-bundle.js";

type Publish = (type: "display_data" | "update_display_data", content: object) => void;

/** Shows one MIME type at a time; with an id, each further call replaces what the first has shown. */
class Display {
  private shown = false;

  constructor(
    private readonly publish: Publish,
    private readonly id?: string,
  ) {}

  readonly javascript = (text: string) => this.raw("text/javascript", text);
  readonly html = (text: string) => this.raw("text/html", text);
  readonly markdown = (text: string) => this.raw("text/markdown", text);
  readonly latex = (text: string) => this.raw("text/latex", text);
  readonly svg = (text: string) => this.raw("image/svg+xml", text);
  readonly png = (bytes: Uint8Array) => this.raw("image/png", bytes);
  readonly jpeg = (bytes: Uint8Array) => this.raw("image/jpeg", bytes);
  readonly gif = (bytes: Uint8Array) => this.raw("image/gif", bytes);
  readonly pdf = (bytes: Uint8Array) => this.raw("application/pdf", bytes);
  readonly text = (text: string) => this.raw("text/plain", text);

  raw(type: string, data: string | Uint8Array): void {
    const update = this.id !== undefined && this.shown;
    this.shown = true;
    const transient = this.id === undefined ? {} : { display_id: this.id };
    const content = { data: encodeBytes({ [type]: data }), metadata: {}, transient };
    this.publish(update ? "update_display_data" : "display_data", content);
  }
}

/** What `import … from "tslab"` gives. */
export const tslabModule = (publish: Publish): object => ({
  versions: {
    tslab: require("tslab/package.json").version,
    typescript: require("typescript-6/package.json").version,
    node: process.version,
  },
  display: new Display(publish),
  newDisplay: () => new Display(publish, randomUUID()),
});
