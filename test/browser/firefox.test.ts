// The site in Firefox, as Debian has it, driven by puppeteer-core, which .ci/run puts into build/firefox/: playwright-core
// drives none but its own.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { readNotebook } from "../../packages/book/notebook.mjs";
import { assertSame, committedOutputs, pageOutputs } from "./outputs.js";
import { pageWith, root, serve, site } from "./site.js";

/** The parts of puppeteer-core that are used here. */
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate(script: string): Promise<unknown>;
  waitForFunction(script: string): Promise<unknown>;
  on(event: "console", listen: (message: { type(): string; text(): string }) => void): void;
  close(): Promise<void>;
}
interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Puppeteer {
  launch(options: { browser: "firefox"; executablePath: string; headless: true }): Promise<Browser>;
}

const executablePath = "/usr/bin/firefox-esr";
const driver = join(root, "build/firefox/node_modules/puppeteer-core/package.json");
const skip =
  (!existsSync(executablePath) && "no firefox-esr on this machine") ||
  (!existsSync(driver) && "no puppeteer-core: npm install --prefix build/firefox puppeteer-core@24.43.1");

describe("the site in Firefox", { skip }, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;
  const onDisk = `${pathToFileURL(site).href}/`;

  before(async () => {
    server = await serve();
    const puppeteer = createRequire(driver)("puppeteer-core") as Puppeteer;
    browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  });
  after(async () => {
    await browser?.close();
    server?.stop();
  });

  const press = (page: Page, button: string) =>
    page.evaluate(`document.querySelector('[aria-label="${button}"]').click()`);
  const ended = async (page: Page, number: number) => {
    const cell = `document.querySelectorAll(".code_cell")[${number - 1}]`;
    await page.waitForFunction(`["done", "failed"].includes(${cell}.dataset.state)`);
    return page.evaluate(`[...${cell}.querySelectorAll(".output pre")].map((pre) => pre.textContent).join("\\n")`);
  };

  for (const name of ["01-three-coins", "02-gaussian-mixture"])
    for (const [where, home] of [
      ["from a server", () => server.url],
      ["from disk", () => onDisk],
    ] as const)
      test(`${name}: every cell shows ${where} what is committed`, async () => {
        const page = await browser.newPage();
        const complaints: string[] = [];
        page.on("console", (message) => {
          if (message.type() === "error") complaints.push(message.text());
        });
        await page.goto(`${home()}${name}.html`);
        const expected = committedOutputs(readNotebook(join(root, "notebooks", `${name}.ipynb`)));
        await press(page, `Run cell ${expected.size}`);
        await ended(page, expected.size);
        const actual = await pageOutputs((script) => page.evaluate(script));
        for (const [id, shown] of expected) assertSame(actual.get(id), shown, `${name} ${id}`);
        assert.deepEqual(complaints, []);
        await page.close();
      });

  test("errors have the cell's own lines, and loops are stopped", async () => {
    const page = await browser.newPage();
    const inverse =
      "function inverse(x: number): number {\n  if (x === 0) throw new RangeError('no inverse');\n  return 1 / x;\n}";
    const name = pageWith("test-firefox", [`${inverse}\ninverse(0)`, "let kept = 1; for (;;) kept++", "kept > 1"]);
    await page.goto(`${server.url}${name}.html`);
    await press(page, "Run cell 1");
    const text = String(await ended(page, 1));
    assert.match(text, /^In\[1\], line 2\n2 \| {3}if \(x === 0\)/);
    assert.match(text, /RangeError: no inverse\n {4}at inverse \(In\[1\]:2:\d+\)\n {4}at In\[1\]:5:\d+\s*$/);
    await press(page, "Run cell 2");
    await new Promise((later) => setTimeout(later, 500));
    await press(page, "Stop cell 2");
    assert.match(String(await ended(page, 2)), /^InterruptedError: the cell was interrupted\s*$/);
    await press(page, "Run cell 3");
    assert.equal(await ended(page, 3), "true");
    await page.close();
  });
});
