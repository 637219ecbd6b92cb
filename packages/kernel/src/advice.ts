// What users of other notebooks write and TypeScript has not: a word on what does it here, in place of syntax errors.
import type { Finding } from "./engine/findings.js";

const advice: readonly (readonly [RegExp, string])[] = [
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

/** The findings; of a cell with a line that is none of TypeScript's, in their place what to write instead. */
export function adviceFor(code: string, findings: readonly Finding[]): readonly Finding[] {
  const lines = code.split("\n");
  for (const { start } of findings)
    for (const [pattern, text] of advice) {
      const line = lines[start.line] ?? "";
      if (!pattern.test(line)) continue;
      const end = { line: start.line, character: line.length };
      return [{ code: 1000, text, start: { line: start.line, character: 0 }, end }];
    }
  return findings;
}
