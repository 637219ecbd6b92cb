// A word on what helps: where users of other notebooks write what TypeScript has not, and where a module is not found.
import { isPackage } from "./engine/converter.js";
import type { Finding } from "./engine/findings.js";

/** What a line begins with, and what to write instead. */
export type Advice = readonly (readonly [RegExp, string])[];

const advice: Advice = [
  [
    /^\s*!\s*\w/,
    'A line that begins with "!" is no shell command here: with execSync of node:child_process, execSync("…", { stdio: "inherit" }) runs one.',
  ],
  [
    /^\s*%%(html|markdown|latex|svg)\b/,
    'There are no cell magics here: with display and mime of em-kernel, display(mime({ "text/html": "…" })) shows it.',
  ],
  [
    /^\s*%%?\w/,
    "There are no magics here: what %time does, console.time and console.timeEnd do; for the rest, Node has functions.",
  ],
];

/** Of a cell with a line that is none of TypeScript's, in place of the findings what to write instead; else undefined. */
export function insteadOf(code: string, findings: readonly Finding[], given: Advice): readonly Finding[] | undefined {
  const lines = code.split("\n");
  for (const { start } of findings)
    for (const [pattern, text] of given) {
      const line = lines[start.line] ?? "";
      if (!pattern.test(line)) continue;
      const end = { line: start.line, character: line.length };
      return [{ code: 1000, text, start: { line: start.line, character: 0 }, end }];
    }
  return undefined;
}

/**
 * The findings, with words that help.
 *
 * @param folder the working folder, from which the cell's imports are looked for
 */
export const adviceFor = (code: string, findings: readonly Finding[], folder: string): readonly Finding[] =>
  insteadOf(code, findings, advice) ?? findings.map((finding) => ({ ...finding, text: withPlace(finding, folder) }));

/** The text of a finding; of a module that was not found, with where it was looked for: clients start kernels in any folder. */
function withPlace({ code, file, text }: Finding, folder: string): string {
  const [, specifier] = (code === 2307 && file === undefined && /^Cannot find module '([^']+)'/.exec(text)) || [];
  if (specifier === undefined) return text;
  if (!isPackage(specifier)) return `Cannot find module '${specifier}' from ${folder}, the kernel's working folder.`;
  const [scope, name] = specifier.split("/");
  const install = specifier.startsWith("@") ? `${scope}/${name}` : scope;
  return `Cannot find module '${specifier}' in ${folder}, the kernel's working folder, above it, or beside the kernel. Install it there (npm install ${install}), or start the notebook in the folder that has it.`;
}
