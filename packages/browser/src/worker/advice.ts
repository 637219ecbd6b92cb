// What cells can do on Node and not in a page: a clear word in place of the compiler's.
import { type Advice, insteadOf } from "em-kernel/advice";
import type { Finding } from "em-kernel/engine/findings";
import { cannotImport } from "./modules.js";

const advice: Advice = [
  [/^\s*!\s*\w/, 'A line that begins with "!" is no shell command here: a page has no shell.'],
  [
    /^\s*%%?\w/,
    "There are no magics here: console.time and console.timeEnd do what %time does; display and mime of em-kernel show HTML.",
  ],
];

/** TypeScript's numbers for a name of Node's. */
const nodeNames = new Set([2580, 2591]);

export const pageAdvice = (code: string, findings: readonly Finding[]): readonly Finding[] =>
  insteadOf(code, findings, advice) ??
  findings.map((finding) => {
    const name = /'([^']+)'/.exec(finding.text)?.[1] ?? "";
    if (finding.code === 2307 || name.startsWith("node:")) return { ...finding, text: cannotImport(name) };
    if (nodeNames.has(finding.code))
      return { ...finding, text: `'${name}' is Node's, and a page has none of it: run the notebook on your machine.` };
    return finding;
  });
