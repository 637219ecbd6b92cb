// The site as a reader finds it: all cells of all notebooks in Chromium, from a server and from disk.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { readNotebook } from "../../packages/book/notebook.mjs";
import { openBrowser } from "../../scripts/browser.mjs";
import { needsBrowser, type WatchedPage, watchedPage } from "../jupyter/browser.js";
import { axeFindings } from "./axe.js";
import { assertSame, committedOutputs, pageOutputs } from "./outputs.js";
import { root, serve, site } from "./site.js";

const names = readdirSync(join(root, "notebooks"))
  .filter((name) => /^\d.*\.ipynb$/.test(name))
  .map((name) => basename(name, ".ipynb"));

describe("the site in Chromium", needsBrowser, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;
  const onDisk = `${pathToFileURL(site).href}/`;

  before(async () => {
    server = await serve();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    server?.stop();
  });

  const open = async (name: string, home = server.url): Promise<WatchedPage> => {
    const watched = await watchedPage(browser, home, { viewport: { width: 1000, height: 900 } });
    await watched.page.goto(`${home}${name}.html`);
    return watched;
  };

  const assertAllCellsRun = async (name: string, home: string) => {
    const { page, complaints } = await open(name, home);
    const before = await pageOutputs((script) => page.evaluate(script));
    await page
      .getByRole("button", { name: /^Run cell/ })
      .last()
      .click();
    await page.locator(".code_cell").last().and(page.locator("[data-state=done]")).waitFor();
    const [actual, expected] = [
      await pageOutputs((script) => page.evaluate(script)),
      committedOutputs(readNotebook(join(root, "notebooks", `${name}.ipynb`))),
    ];
    assert.equal(actual.size, expected.size);
    for (const [id, shown] of expected) {
      assert.deepEqual(before.get(id), shown, `${id} is on the page as it is committed`);
      assertSame(actual.get(id), shown, `${name} ${id}`);
    }
    assert.deepEqual(complaints, []);
    await page.context().close();
  };

  test("pages weigh no more to be read and to be run than they should", () => {
    const sent = (...files: string[]) =>
      files.reduce((sum, file) => sum + gzipSync(readFileSync(join(site, file)), { level: 6 }).length, 0);
    const always = ["katex.min.css", "page.css", "live.js", "page.js", "live-cells.js", "live-cells.css"];
    const read = sent(...["plotly.min.js", ...always].map((name) => `assets/${name}`));
    const largestPage = Math.max(...names.map((name) => sent(`${name}.html`)));
    // Bytes, as a server sends them. plotly.js is 1.49 MB of it, the compiler 1.03.
    assert.ok(read + largestPage < 1.75e6, `${read} + ${largestPage} bytes until a page is read`);
    assert.ok(sent("assets/editor.js") < 0.3e6, `${sent("assets/editor.js")} bytes to change one`);
    assert.ok(sent("assets/kernel.js") < 1.7e6, `${sent("assets/kernel.js")} bytes to run its cells`);
  });

  test("where there is no worker, a page says so and stays readable", async () => {
    const { page, complaints } = await watchedPage(browser, server.url);
    await page.addInitScript("globalThis.Worker = class { constructor() { throw new Error('refused by a policy') } }");
    await page.goto(`${server.url}09-referee.html`);
    await page.getByRole("button", { name: "Run cell 1", exact: true }).click();
    await page
      .getByText("Cells cannot run in this browser: Error: refused by a policy. The page can be read all the same.")
      .waitFor();
    await page.locator("figure.em-figure").first().scrollIntoViewIfNeeded();
    await page.locator("figure.em-figure[data-live=drawn]").first().waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("no script in a notebook's text runs, and nothing is asked of another host; figures live on", async () => {
    const { page, complaints } = await watchedPage(browser, server.url);
    const evil = `<script>document.title = "evil"</script><img src="data:," onerror="document.title = 'evil'">
      <img src="https://example.com/x.png"><iframe src="https://example.com/"></iframe>`;
    await page.route("**/09-referee.html", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace("<main>", `<main>${evil}`) });
    });
    await page.goto(`${server.url}09-referee.html`);
    await page.locator("figure.em-figure").first().scrollIntoViewIfNeeded();
    await page.locator("figure.em-figure[data-live=drawn]").first().waitFor();
    assert.match(await page.title(), /^Referee/);
    // The browser tells what it has forbidden; a request that it forbids is announced, and sent to no one.
    const asked = complaints.filter((complaint) => complaint.startsWith("outgoing: "));
    for (const complaint of asked)
      assert.ok(
        complaints.some((other) => /csp$/i.test(other) && other.includes(complaint.slice(10))),
        `${complaints}`,
      );
    for (const complaint of complaints.filter((each) => !asked.includes(each)))
      assert.match(complaint, /violates the following|^failed: .*csp$/i);
    await page.context().close();
  });

  test("pages are whole for a reader's aids, on a phone and in the dark, once their cells have run", async () => {
    for (const view of [
      { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
      { viewport: { width: 390, height: 800 }, colorScheme: "dark", hasTouch: true },
    ] as const) {
      const { page, complaints } = await watchedPage(browser, server.url, view);
      await page.goto(`${server.url}09-referee.html`);
      await page
        .getByRole("button", { name: /^Run cell/ })
        .last()
        .press("Enter");
      await page.locator(".code_cell").last().and(page.locator("[data-state=done]")).waitFor();
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= view.viewport.width);
      assert.deepEqual(complaints, []);
      assert.deepEqual(await axeFindings(page), []);
      await page.context().close();
    }
  });

  for (const name of names)
    test(`${name}: every cell shows from a server what is committed`, () => assertAllCellsRun(name, server.url));
  for (const name of names.slice(0, 2))
    test(`${name}: every cell shows from disk what is committed`, () => assertAllCellsRun(name, onDisk));
});
