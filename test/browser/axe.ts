// What axe finds wrong with a page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** The serious findings, each with the element that it is about. */
export async function axeFindings(page: Page): Promise<unknown[]> {
  // By the tests' own door: the page's policy lets no script in.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // KaTeX is its makers' concern.
    // biome-ignore lint/suspicious/noExplicitAny: axe is a global of the page
    const { violations } = await (globalThis as any).axe.run({ exclude: [".katex"] });
    return violations
      .filter(({ impact }: { impact: string }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [id, nodes[0]?.html.slice(0, 200)]);
  });
}
