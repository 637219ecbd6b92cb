import { readdirSync, readFileSync, statSync } from "node:fs";

/** What a notebook shows of a figure where no script runs. */
export interface SavedStill {
  /** The figure's HTML with the still. */
  readonly html: string;
  /** The same as PNG in base64, for what shows no HTML; notebooks saved by others may lack it. */
  readonly png?: string;
}

type Outputs = readonly { readonly data?: Readonly<Record<string, string | readonly string[]>> }[];

/** A notebook without plotly.js is below it; nobody's large notebooks are read in vain. */
const largest = 1_000_000;
const mostNotebooks = 40;

const image = /^(<img alt="[^"]*") src="[^"]*">$/m;
const joined = (text: string | readonly string[] = ""): string => [text].flat().join("");

let known: Map<string, SavedStill> | undefined;

/**
 * The still that a notebook in the working folder was saved with for this very figure: so a notebook that is run again keeps
 * its pictures.
 * @param html the figure's, without a still
 */
export function savedStill(html: string): SavedStill | undefined {
  known ??= readStills();
  return known.get(html);
}

function readStills(): Map<string, SavedStill> {
  const stills = new Map<string, SavedStill>();
  for (const [html, still] of notebooks().flatMap(stillsOf))
    if (still.png || !stills.has(html)) stills.set(html, still);
  return stills;
}

function notebooks(): string[] {
  const isSmall = (name: string) => (statSync(name, { throwIfNoEntry: false })?.size ?? Infinity) <= largest;
  const names = readdirSync(".").filter((name) => name.endsWith(".ipynb"));
  return names.slice(0, mostNotebooks).filter(isSmall);
}

/** What is no notebook has none. */
function stillsOf(file: string): [string, SavedStill][] {
  try {
    const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: { outputs?: Outputs }[] };
    return cells.flatMap(({ outputs = [] }) =>
      outputs.flatMap(({ data = {} }): [string, SavedStill][] => {
        const html = joined(data["text/html"]);
        if (!html.startsWith('<figure class="em-figure ') || !image.test(html)) return [];
        const png = joined(data["image/png"]).trim();
        return [[html.replace(image, "$1>"), { html, ...(png && { png }) }]];
      }),
    );
  } catch {
    return [];
  }
}
