// Answers to what a client asks beside running cells. Stock tslab does not answer history_request, answers
// comm_info_request with a reply of another kind, and never calls code invalid.
import { kernelInfo } from "./info.js";
import type { Request } from "./message.js";
import { type Engine, ts } from "./tslab.js";

/** The cells of this session that clients want remembered. */
export class History {
  private readonly cells: { readonly line: number; readonly input: string; output: string | null }[] = [];

  add(line: number, input: string): void {
    this.cells.push({ line, input, output: null });
  }

  setOutput(text: string): void {
    const last = this.cells.at(-1);
    if (last) last.output = text;
  }

  /** The content of a history_reply: [session, line, input] each, or [session, line, [input, output]]. */
  answer(request: Request["content"]): object {
    let found = [...this.cells];
    if (request.hist_access_type === "range") {
      // There is one session, 1; 0 means the current one and negative numbers count back from it.
      const here = request.session === 0 || request.session === 1;
      found = found.filter(({ line }) => here && line >= (request.start ?? 0) && line < (request.stop ?? Infinity));
    } else if (request.hist_access_type === "search") {
      const glob = String(request.pattern ?? "*").replace(/[.+^${}()|[\]\\]/g, "\\$&");
      const pattern = new RegExp(`^${glob.replace(/\*/g, "[^]*").replace(/\?/g, "[^]")}$`);
      found = found.filter(({ input }) => pattern.test(input));
      if (request.unique) found = [...new Map(found.map((cell) => [cell.input, cell])).values()];
    }
    if (request.hist_access_type !== "range" && typeof request.n === "number")
      found = found.slice(-request.n || found.length);
    const history = found.map(({ line, input, output }) => [1, line, request.output ? [input, output] : input]);
    return { status: "ok", history };
  }
}

/** The content of the reply to a request that runs no cell; undefined where the protocol has no reply to it. */
export function answer(request: Request, engine: Engine, history: History): object | undefined {
  const { content } = request;
  switch (request.header.msg_type) {
    case "kernel_info_request":
      return kernelInfo();
    case "is_complete_request":
      return isComplete(content.code);
    case "inspect_request":
      return inspect(engine, content.code, content.cursor_pos);
    case "complete_request":
      return complete(engine, content.code, content.cursor_pos);
    case "history_request":
      return history.answer(content);
    case "comm_info_request":
      return { status: "ok", comms: {} };
    default:
      return undefined;
  }
}

// Jupyter counts code points, JavaScript UTF-16 units.
const toUnits = (code: string, points: number): number => [...code].slice(0, points).join("").length;
const toPoints = (code: string, units: number): number => [...code.slice(0, units)].length;

function complete(engine: Engine, code: string, cursor: number): object {
  const { start, end, candidates, original } = engine.complete(code, toUnits(code, cursor));
  const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind]));
  const range = { start: toPoints(code, start), end: toPoints(code, end) };
  return {
    status: "ok",
    matches: candidates,
    cursor_start: range.start,
    cursor_end: range.end,
    // JupyterLab shows these kinds beside the names.
    metadata: {
      _jupyter_types_experimental: candidates.map((text) => ({ ...range, text, type: kinds.get(text) ?? "" })),
    },
  };
}

function inspect(engine: Engine, code: string, cursor: number): object {
  const info = engine.inspect(code, toUnits(code, cursor));
  if (!info) return { status: "ok", found: false, data: {}, metadata: {} };
  const data = {
    "text/plain": [info.signature, info.documentation].filter(Boolean).join("\n\n"),
    "text/markdown": `\`\`\`typescript\n${info.signature}\n\`\`\`\n\n${info.documentation.replace(/\n/g, "  \n")}`, // lines stay lines
  };
  return { status: "ok", found: true, data, metadata: {} };
}

const unterminated = new Set([
  1010, // '*/' expected
  1160, // unterminated template literal
]);

function isComplete(code: string): object {
  // As tslab does, one line goes before it that makes it a module, where `await` is known.
  const file = ts.createSourceFile("cell.ts", `export {};\n${code}`, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  const [first] = (file as unknown as { parseDiagnostics: readonly { start: number; code: number }[] })
    .parseDiagnostics;
  if (!first) return { status: "complete" };
  const end = file.text.trimEnd().length; // what is missing there may still come
  if (first.start < end && !unterminated.has(first.code)) return { status: "invalid" };
  const line = code.slice(code.lastIndexOf("\n") + 1);
  const indent = (/^\s+/.exec(line)?.[0] ?? "") + (/[{([]\s*$/.test(line) ? "  " : "");
  return { status: "incomplete", indent };
}
