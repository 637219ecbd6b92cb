// Answers to what a client asks beside running cells. Stock tslab does not answer history_request, answers
// comm_info_request with a reply of another kind, and never calls code invalid.
import { kernelInfo } from "./info.js";
import type { Request } from "./message.js";
import { type Engine, printQuickInfo, ts } from "./tslab.js";

type Answer = (content: Request["content"], engine: Engine, history: readonly string[]) => object;

/** The contents of the replies to requests that run no cell; the protocol has no reply to any other. */
export const answers: Readonly<Record<string, Answer | undefined>> = {
  kernel_info_request: kernelInfo,
  comm_info_request: () => ({ comms: {} }),

  history_request: (content, _, history) => {
    const { hist_access_type: type, session, start = 0, stop = Infinity, pattern = "*", unique, n, output } = content;
    const glob = String(pattern).replace(/[.+^${}()|[\]\\]/g, "\\$&");
    const wanted = new RegExp(`^${glob.replace(/\*/g, "[^]*").replace(/\?/g, "[^]")}$`);
    // There is one session, 1; 0 means the current one.
    const here = session === 0 || session === 1;
    let found = history
      .map((input, at) => ({ line: at + 1, input }))
      .filter(({ line, input }) => (type === "range" ? here && line >= start && line < stop : wanted.test(input)));
    if (unique) found = [...new Map(found.map((cell) => [cell.input, cell])).values()];
    if (type !== "range") found = found.slice(-(n ?? 0));
    // Outputs are not kept.
    return { history: found.map(({ line, input }) => [1, line, output ? [input, null] : input]) };
  },

  complete_request: ({ code, cursor_pos }, engine) => {
    const { start, end, candidates } = engine.executor.complete(code, toUnits(code, cursor_pos));
    return {
      matches: candidates,
      cursor_start: toPoints(code, start),
      cursor_end: toPoints(code, end),
      metadata: {},
    };
  },

  inspect_request: ({ code, cursor_pos }, engine) => {
    const info = engine.executor.inspect(code, toUnits(code, cursor_pos));
    if (!info) return { found: false, data: {}, metadata: {} };
    const { displayParts = [], documentation = [], tags: found = [], ...rest } = info;
    // tslab names the tags of parameters only, and a line of errors without its `@throws` reads as if it were of the last one.
    const tags = found.map(({ name, text = [] }) => ({
      name: "",
      text: [{ kind: "text", text: `@${name} ` }, ...text],
    }));
    const signature = printQuickInfo({ ...rest, displayParts }).trim();
    const text = printQuickInfo({ ...rest, documentation, tags }).trim();
    const data = {
      "text/plain": `${signature}\n\n${text}`.trim(),
      "text/markdown": `\`\`\`typescript\n${signature}\n\`\`\`\n\n${text.replace(/\n/g, "  \n")}`, // lines stay lines
    };
    return { found: true, data, metadata: {} };
  },

  is_complete_request: ({ code }) => {
    // As tslab does, one line goes before it that makes it a module, where `await` is known.
    const file = ts.createSourceFile("cell.ts", `export {};\n${code}`, ts.ScriptTarget.Latest);
    const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly { start: number }[] };
    const [first] = parseDiagnostics;
    if (!first) return { status: "complete" };
    const end = file.text.trimEnd().length; // what is missing there may still come
    if (first.start < end) return { status: "invalid" };
    const line = code.slice(code.lastIndexOf("\n") + 1);
    return { status: "incomplete", indent: /^\s*/.exec(line)?.[0] + (/[{([]\s*$/.test(line) ? "  " : "") };
  },
};

// Jupyter counts code points, JavaScript UTF-16 units.
const toUnits = (code: string, points: number): number => [...code].slice(0, points).join("").length;
const toPoints = (code: string, units: number): number => [...code.slice(0, units)].length;
