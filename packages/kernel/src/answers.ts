// Answers to what a client asks beside running cells.
import { complete, completeness, explain } from "./engine/assist.js";
import type { Converter } from "./engine/converter.js";
import { kernelInfo } from "./info.js";
import type { Request } from "./message.js";

type Answer = (content: Request["content"], converter: Converter, history: readonly string[]) => object;

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

  complete_request: ({ code, cursor_pos }, converter) => {
    const { start, end, candidates } = complete(converter, code, toUnits(code, cursor_pos));
    return {
      matches: candidates,
      cursor_start: toPoints(code, start),
      cursor_end: toPoints(code, end),
      metadata: {},
    };
  },

  inspect_request: ({ code, cursor_pos }, converter) => {
    const found = explain(converter, code, toUnits(code, cursor_pos));
    if (!found) return { found: false, data: {}, metadata: {} };
    const { signature, text } = found;
    const data = {
      "text/plain": `${signature}\n\n${text}`.trim(),
      "text/markdown": `\`\`\`typescript\n${signature}\n\`\`\`\n\n${text.replace(/\n/g, "  \n")}`, // lines stay lines
    };
    return { found: true, data, metadata: {} };
  },

  is_complete_request: ({ code }) => completeness(code),
};

// Jupyter counts code points, JavaScript UTF-16 units.
const toUnits = (code: string, points: number): number => [...code].slice(0, points).join("").length;
const toPoints = (code: string, units: number): number => [...code.slice(0, units)].length;
