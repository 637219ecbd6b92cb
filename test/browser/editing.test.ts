// Cells that a reader changes: the editor, what is kept, taken back and taken along; exercises.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { joined, readNotebook } from "../../packages/book/notebook.mjs";
import { openBrowser } from "../../scripts/browser.mjs";
import { needsBrowser, watchedPage } from "../jupyter/browser.js";
import { axeFindings } from "./axe.js";
import { pageWith, root, serve, site } from "./site.js";

const notebooks = readdirSync(join(root, "notebooks")).filter((name) => /^\d.*\.ipynb$/.test(name));

describe("cells that a reader changes", needsBrowser, () => {
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

  const open = async (name: string, home = server.url, options: BrowserContextOptions = {}) => {
    const watched = await watchedPage(browser, home, options);
    await watched.page.goto(`${home}${name}.html`);
    return watched;
  };
  const cell = (page: Page, id: string) => page.locator(`[id="cell-id=${id}"]`);
  const press = (page: Page, id: string, button: string) =>
    cell(page, id).locator("button", { hasText: button }).click();
  const ended = async (page: Page, id: string) => {
    await cell(page, id).and(page.locator("[data-state=done], [data-state=failed]")).waitFor();
    return (await cell(page, id).locator(".output pre").allTextContents()).join("\n");
  };
  const replace = async (page: Page, id: string, code: string) => {
    const content = cell(page, id).locator(".cm-content");
    if (!(await content.isVisible())) await press(page, id, "Edit");
    await content.click();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(code);
  };
  const text = (page: Page, id: string) => cell(page, id).locator(".input_area").innerText();

  /** An exercise's cell with its solution in the place of what the reader is to change. */
  const solved = (name: string, id: string): string => {
    const { cells } = readNotebook(join(root, "notebooks", name));
    const exercise = joined(cells.find((each) => each.id === id)?.source);
    const solution = joined(cells.find((each) => each.id === id.replace("exercise", "solution"))?.source);
    const [, code] = /```typescript\n([\s\S]*?)```/.exec(solution) ?? [];
    return `${code}\n${exercise.slice(exercise.lastIndexOf("\ncheck("))}`;
  };

  for (const name of notebooks)
    test(`${name}: its exercises are solved in the page`, async () => {
      const { page, complaints } = await open(basename(name, ".ipynb"));
      const { cells } = readNotebook(join(root, "notebooks", name));
      for (const { id } of cells.filter((each) => /^exercise-\d+$/.test(each.id))) {
        await replace(page, id, solved(name, id));
        await page.keyboard.press("Shift+Enter");
        assert.match(await ended(page, id), /^right\n/, id);
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    });

  for (const [where, home] of [
    ["from a server", () => server.url],
    ["from disk", () => onDisk],
  ] as const)
    test(`a change outlives a reload, and is taken back: ${where}`, async () => {
      const { page, complaints } = await open("01-three-coins", home());
      const original = await text(page, "exercise-2");
      await replace(page, "exercise-2", "const three = 3;\nthree");
      assert.equal(await cell(page, "exercise-2").locator("button", { hasText: "Original" }).isVisible(), true);
      await page.reload();
      assert.equal((await text(page, "exercise-2")).trim(), "const three = 3;\nthree");
      await press(page, "exercise-2", "Run");
      assert.equal(await ended(page, "exercise-2"), "3");
      await press(page, "exercise-2", "Original");
      assert.equal(await text(page, "exercise-2"), original);
      await page.reload();
      assert.equal(await text(page, "exercise-2"), original);
      // A reload in the middle of the worker's start.
      assert.deepEqual(
        complaints.filter((complaint) => !/^failed: blob:.* net::ERR_ABORTED$/.test(complaint)),
        [],
      );
      await page.context().close();
    });

  test("a change of an earlier text is not put into the newer one", async () => {
    const name = pageWith("test-updated", ["'first text'"]);
    const { page } = await open(name);
    await replace(page, "1", "'mine'");
    pageWith("test-updated", ["'second text'"]);
    await page.reload();
    assert.match(await text(page, "1"), /second text/);
    await page.context().close();
  });

  test("storage that is full or forbidden is told of", async () => {
    const { page, complaints } = await watchedPage(browser, server.url);
    await page.addInitScript(
      "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
    );
    await page.goto(`${server.url}01-three-coins.html`);
    await replace(page, "exercise-2", "1 + 1");
    await cell(page, "exercise-2").getByText("The browser does not keep this change").waitFor();
    await page.keyboard.press("Shift+Enter");
    assert.equal(await ended(page, "exercise-2"), "2");
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("the editor completes, explains and marks what is wrong, by the cells above, run or not", async () => {
    const { page, complaints } = await open(
      pageWith("test-editor", ["/** How heavy. */\nconst weightOfIt = 3;", "weightOfIt"]),
    );
    await replace(page, "2", "weightO");
    await page.keyboard.press("Control+Space");
    await page.locator(".cm-tooltip-autocomplete").getByText("weightOfIt").waitFor();
    await page.waitForTimeout(200); // CodeMirror takes no key for a list that has just come
    await page.keyboard.press("Enter");
    assert.equal(await text(page, "2"), "weightOfIt");
    await cell(page, "2")
      .locator(".cm-line")
      .hover({ position: { x: 40, y: 10 } });
    await page.locator(".cm-tooltip-hover").getByText("const weightOfIt: 3").waitFor();
    await page.locator(".cm-tooltip-hover").getByText("How heavy.").waitFor();
    await replace(page, "2", "weightOfIt.length");
    await cell(page, "2").locator(".cm-lintRange-error", { hasText: "length" }).waitFor();
    assert.equal(await cell(page, "1").getAttribute("data-state"), null, "nothing has run");
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("with the keyboard alone: to the editor, into it, out of it", async () => {
    const { page } = await open(pageWith("test-keys", ["1 + 1"]));
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    for (let tabs = 0; (await focused()) !== "Edit cell 1"; tabs++) {
      assert.ok(tabs < 20, "Tab does not lead to Edit");
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.locator(".cm-content:focus").waitFor();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("00");
    await page.keyboard.press("Shift+Enter");
    assert.equal(await ended(page, "1"), "101");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Run cell 1");
    await page.context().close();
  });

  test("on a phone, in the dark, with the editor open and an error below", async () => {
    const view = { viewport: { width: 390, height: 800 }, colorScheme: "dark", hasTouch: true } as const;
    const { page, complaints } = await open("01-three-coins", server.url, view);
    await replace(page, "in-2", `const tosses: string = 1; // ${"a long line ".repeat(9)}`);
    await page.keyboard.press("Shift+Enter");
    assert.match(await ended(page, "in-2"), /TypeCheckError TS2322/);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test("two pages at once have each their own names", async () => {
    const name = pageWith("test-two", ["let mine = 1", "mine"]);
    const [one, other] = [(await open(name)).page, (await open(name)).page];
    await replace(one, "1", "let mine = 2");
    for (const page of [one, other]) await press(page, "2", "Run");
    assert.equal(await ended(one, "2"), "2");
    assert.equal(await ended(other, "2"), "1");
  });

  test("the notebook is taken along with its changes, and runs on the kernel", async () => {
    const { page } = await open("01-three-coins");
    await replace(page, "exercise-2", solved("01-three-coins.ipynb", "exercise-2"));
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByText("Download as a notebook").click()]);
    assert.equal(file.suggestedFilename(), "01-three-coins.ipynb");
    const folder = join(root, "build/test-download");
    mkdirSync(folder, { recursive: true });
    await file.saveAs(join(folder, "taken-along.ipynb"));
    await page.context().close();
    const args = [
      join(root, "scripts/lesson.mjs"),
      "--output",
      "build/test-download",
      join(folder, "taken-along.ipynb"),
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    const executed = readFileSync(join(folder, "notebooks", "taken-along.ipynb"), "utf8");
    const changed = JSON.parse(executed).cells.find(({ id }: { id: string }) => id === "exercise-2");
    assert.equal(joined(changed.outputs[0].text), "right\n");
  });
});
