// Every figure in every viewer, in a real browser: JupyterLab running and re-opened, and the pages on disk.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import {
  figuresOf,
  readNotebook,
  withoutLibrary,
  withoutStills,
  withStills,
  writeNotebook,
} from "../../packages/book/notebook.mjs";
import { stillsIn } from "../../packages/book/stills.mjs";
import { openBrowser } from "../../scripts/browser.mjs";
import { axeFindings } from "../browser/axe.js";
import { Lab, needsBrowser, root, type WatchedPage, watchedPage } from "./browser.js";

const output = join(root, "build/test-viewers");
const labFolder = join(output, "lab");
/** The lesson's notebooks; an appendix has text only. */
const committed = readdirSync(join(root, "notebooks"))
  .filter((name) => /^\d.*\.ipynb$/.test(name))
  .sort()
  .map((name) => join(root, "notebooks", name));
/** What the notebooks read. */
const data = readdirSync(join(root, "notebooks"))
  .filter((name) => name.endsWith(".csv"))
  .map((name) => join(root, "notebooks", name));
const malicious = join(root, "test/fixtures/notebooks/malicious.ipynb");
/** The text that the malicious notebook puts into every place that takes one. */
const evil = `</script><img src=x onerror=alert(1)>"'&lt;<b>bold</b>$x$\u2028end`;

const figureCount = (file: string) => readNotebook(file).cells.flatMap(figuresOf).length;
/** Without those in outputs that stay hidden until their cell runs. */
const shownFigureCount = (file: string) =>
  readNotebook(file)
    .cells.filter(({ metadata }) => !metadata.jupyter?.outputs_hidden)
    .flatMap(figuresOf).length;
const executed = (file: string) => join(output, "notebooks", basename(file));
const pageOf = (file: string) => pathToFileURL(join(output, "html", basename(file).replace(/ipynb$/, "html"))).href;

before(() => {
  rmSync(output, { recursive: true, force: true });
  const args = [join(root, "scripts/lesson.mjs"), "--output", "build/test-viewers", ...committed, malicious];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  assert.equal(run.status, 0, run.stdout + run.stderr);
});

for (const file of committed) {
  test(`${basename(file)} is committed as the code prints and draws it today, under 1 MB`, () => {
    const plain = (name: string) => withoutStills(withoutLibrary(readNotebook(name)));
    assert.deepEqual(plain(file), plain(executed(file)), "run `npm run save`");
    for (const figure of readNotebook(file).cells.flatMap(figuresOf))
      assert.match(figure, /<img alt="[^"]+" src="data:image/);
    assert.ok(statSync(file).size < 1e6);
  });
}

describe("figures in JupyterLab", needsBrowser, () => {
  let browser: Browser;
  let lab: Lab;

  before(async () => {
    browser = await openBrowser();
    mkdirSync(labFolder, { recursive: true });
    for (const file of [...committed, ...data, malicious]) copyFileSync(file, join(labFolder, basename(file)));
    const still = await stillsIn(browser);
    const notebook = withoutLibrary(readNotebook(executed(malicious)));
    const [figure] = notebook.cells.flatMap(figuresOf);
    const drawn = new Map([[figure, await still(figure)]]);
    writeNotebook(join(labFolder, "saved.ipynb"), withStills(notebook, drawn));
    lab = await Lab.start(labFolder);
  });
  after(async () => {
    await lab?.stop();
    await browser?.close();
  });

  const open = async (notebook: string): Promise<WatchedPage> => {
    const watched = await watchedPage(browser, lab.url, { viewport: { width: 1280, height: 900 } });
    await lab.open(watched.page, notebook);
    return watched;
  };

  for (const file of committed) {
    test(`${basename(file)}: static images when opened untrusted, live figures and sliders once run`, async () => {
      const { page, complaints } = await open(basename(file));
      for (const figure of await figuresIn(page, shownFigureCount(file))) await assertStill(figure);
      await lab.runAll(page);
      const figures = await figuresIn(page, figureCount(file));
      for (const figure of figures) {
        await assertLive(figure);
        await assertSliderMoves(figure);
      }
      await page.evaluate("jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })");
      for (const figure of figures) await assertInkFollows(figure);
      await page.evaluate("jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })");
      assert.deepEqual(await page.locator(".Toastify__toast").allTextContents(), [], "no news, no questions");
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }

  test("keys move a figure's slider, and are not taken for commands of the notebook", async () => {
    const { page } = await open(basename(committed[1]));
    await lab.runAll(page);
    const figure = page
      .locator("figure.em-figure")
      .filter({ has: page.locator("select") })
      .first();
    await assertLive(figure);
    const cells = await page.locator(".jp-Notebook .jp-Cell:visible").count();
    await assertKeysMoveSlider(figure);
    assert.equal(await page.locator(".jp-Notebook .jp-Cell:visible").count(), cells, "nothing is folded");
    await page.context().close();
  });

  test("a cell that brought plotly.js brings it again when it runs again", async () => {
    const { page } = await open(basename(committed[0]));
    await lab.runAll(page);
    const figures = page.locator("figure.em-figure");
    await figures.first().waitFor({ state: "attached" });
    await assertLive(figures.first());
    const cell = readNotebook(committed[0]).cells.findIndex((cell) => figuresOf(cell).length > 0);
    await lab.run(page, cell);
    assert.equal(await page.locator("script.em-plotly").count(), 1);
    await assertLive(figures.first());
    await page.context().close();
  });

  test("a page that is opened anew on a running kernel is given plotly.js with its first figure", async () => {
    const file = committed[1];
    const first = await open(basename(file));
    await lab.runAll(first.page);
    await first.page.context().close();
    const { page } = await open(basename(file));
    const counts = readNotebook(file).cells.map((cell) => figuresOf(cell).length);
    const cell = counts.lastIndexOf(1);
    await lab.run(page, cell);
    const figures = await figuresIn(page, shownFigureCount(file));
    await assertLive(figures[figures.length - 1]);
    await page.context().close();
  });

  test("malicious text is text, live and untrusted", async () => {
    const live = await open(basename(malicious));
    await lab.runAll(live.page);
    const [figure] = await figuresIn(live.page, 1);
    await assertLive(figure);
    await assertEvilIsText(figure);
    assert.deepEqual(live.complaints, []);
    await live.page.context().close();

    const untrusted = await open("saved.ipynb");
    const [still] = await figuresIn(untrusted.page, 1);
    await assertStill(still);
    assert.equal(await still.locator("figcaption").textContent(), evil);
    assert.equal(await still.locator("img").getAttribute("alt"), evil);
    assert.deepEqual(untrusted.complaints, []);
    await untrusted.page.context().close();
  });
});

describe("pages opened from disk, without a network", needsBrowser, () => {
  let browser: Browser;

  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  const views = [
    { width: 1280, colorScheme: "light" },
    { width: 1280, colorScheme: "dark" },
    { width: 390, colorScheme: "dark" },
  ] as const;
  const open = async (url: string, { width, colorScheme }: (typeof views)[number], javaScriptEnabled = true) => {
    const viewport = { width, height: 900 };
    const options = { viewport, colorScheme, hasTouch: width < 500, javaScriptEnabled, offline: true };
    const watched = await watchedPage(browser, "file:", options);
    await watched.page.goto(url);
    // What is hidden until it has been predicted.
    for (const answer of await watched.page.locator("details.answer > summary").all()) await answer.click();
    return watched;
  };

  for (const view of views) {
    test(`every page is drawn, fits, and passes axe: ${view.width} px, ${view.colorScheme}`, async () => {
      for (const url of [...committed.map(pageOf), pageOf("index.ipynb")]) {
        const { page, complaints } = await open(url, view);
        for (const figure of await page.locator("figure.em-figure").all()) {
          await assertLive(figure);
          await assertButtonsClear(figure);
          await assertInkFollows(figure);
        }
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= view.width, `${url} is ${width} px wide`);
        await assertNumbersClear(page);
        assert.deepEqual(complaints, [], url);
        assert.deepEqual(await axeFindings(page), [], url);
        await page.context().close();
      }
    });
  }

  test("answers are closed until they are asked for, and printed open", async () => {
    const { page } = await watchedPage(browser, "file:", { offline: true });
    await page.goto(pageOf(committed[0]));
    const answers = page.locator("details.answer");
    assert.ok((await answers.count()) > 3);
    assert.equal(await page.locator("details.answer[open]").count(), 0);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    assert.equal(await page.locator("details.answer[open]").count(), await answers.count());
    await page.context().close();
  });

  test("no still stands beside a live figure, whatever the viewer's style sheet says of images", async () => {
    const { page } = await open(pageOf(committed[0]), views[0]);
    // nbclassic's rule.
    await page.addStyleTag({ content: "figure img { display: block }" });
    await assertLive(page.locator("figure.em-figure").first());
    await page.context().close();
  });

  test("sliders move the data, by hand and by the play button", async () => {
    for (const url of committed.map(pageOf)) {
      const { page, complaints } = await open(url, views[0]);
      for (const figure of await page.locator("figure.em-figure").all()) {
        const slider = figure.locator("input[type=range]");
        await assertSliderMoves(figure);
        const button = figure.locator(".em-controls button");
        if ((await button.count()) === 0 || (await button.isHidden())) continue;
        await button.click();
        // At the end, playing begins at the start again.
        assert.equal(await slider.inputValue(), (await slider.getAttribute("min")) ?? "0");
        for (let waited = 0; (await slider.inputValue()) === "0"; waited++) {
          assert.ok(waited < 100, "it does not play");
          await page.waitForTimeout(100);
        }
        await button.click();
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  });

  test("handles change picture and slider, and back", async () => {
    for (const url of committed.map(pageOf)) {
      const { page, complaints } = await open(url, views[0]);
      const figures = page.locator("figure.em-figure").filter({ has: page.locator("select") });
      for (const figure of await figures.all()) {
        const before = await stateOf(figure);
        for (const list of await figure.locator("select").all()) {
          const values = await list.locator("option").allTextContents();
          await list.selectOption({ index: values.length - 1 });
          assert.notEqual((await stateOf(figure)).data, before.data, values.join());
          const slider = figure.locator("input[type=range]");
          if ((await slider.count()) > 0 && (await slider.isVisible()))
            assert.equal(
              await slider.inputValue(),
              (await slider.getAttribute("min")) ?? "0",
              "another choice begins at its start",
            );
          await assertSliderMoves(figure);
          await list.selectOption({ index: 0 });
          assert.deepEqual(await stateOf(figure), before);
        }
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  });

  test("over a surface the wheel scrolls the page, and without WebGL its image stays", async () => {
    for (const url of committed.map(pageOf)) {
      for (const webgl of [true, false]) {
        const { page, complaints } = await watchedPage(browser, "file:", { viewport: { width: 1280, height: 900 } });
        if (!webgl) await page.addInitScript("HTMLCanvasElement.prototype.getContext = () => null");
        await page.goto(url);
        const solid = await page
          .locator("figure.em-figure")
          .evaluateAll((figures) =>
            figures.flatMap((figure, i) => (/"type":"surface"/.test(figure.innerHTML) ? [i] : [])),
          );
        for (const answer of solid.length > 0 ? await page.locator("details.answer > summary").all() : [])
          await answer.click();
        for (const i of solid) {
          const figure = page.locator("figure.em-figure").nth(i);
          if (!webgl) {
            await figure.scrollIntoViewIfNeeded();
            await figure.and(page.locator("[data-live=still]")).waitFor();
            await assertStill(figure);
            continue;
          }
          await assertLive(figure);
          await figure.locator(".em-plot").hover();
          const before = await page.evaluate(() => scrollY);
          await page.mouse.wheel(0, 100);
          await page.waitForFunction((before) => scrollY > before, before);
        }
        if (webgl) assert.deepEqual(complaints, []);
        await page.context().close();
      }
    }
  });

  test("static images stand in where scripts do not run", async () => {
    for (const file of committed) {
      const { page } = await open(pageOf(file), views[0], false);
      for (const figure of await figuresIn(page, figureCount(file))) await assertStill(figure);
      await page.context().close();
    }
  });

  test("malicious text is text", async () => {
    const { page, complaints } = await open(pageOf(malicious), views[0]);
    const [figure] = await figuresIn(page, 1);
    await assertLive(figure);
    await assertEvilIsText(figure);
    assert.match(await page.title(), /^<\/title><script>alert\(1\)<\/script>"'<b>/);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});

/** The figures of a page, once there are as many as it must have. */
async function figuresIn(page: Page, count: number): Promise<Locator[]> {
  const figures = page.locator("figure.em-figure");
  await figures.nth(count - 1).waitFor({ state: "attached" });
  assert.equal(await figures.count(), count);
  return figures.all();
}

/** The static image is there in full size, and nothing live. */
async function assertStill(figure: Locator): Promise<void> {
  await figure.scrollIntoViewIfNeeded();
  const image = figure.locator("img");
  assert.ok(await image.getAttribute("alt"));
  await image.scrollIntoViewIfNeeded();
  const { width, height } = (await image.boundingBox()) ?? assert.fail("the image is not shown");
  assert.ok(width > 300 && height > 200, `the image is ${width} by ${height} px`);
  assert.equal(await figure.locator(".js-plotly-plot").count(), 0);
}

/** The buttons stand between the caption and the picture and hide neither. */
async function assertButtonsClear(figure: Locator): Promise<void> {
  const box = async (part: string) =>
    (await figure.locator(part).first().boundingBox()) ?? assert.fail(`${part} is not shown`);
  const [caption, buttons, picture] = [await box("figcaption"), await box(".modebar"), await box(".main-svg")];
  assert.ok(buttons.height > 10);
  assert.ok(caption.y + caption.height <= buttons.y && buttons.y + buttons.height <= picture.y);
}

/** No equation runs into its number, however narrow the page. */
async function assertNumbersClear(page: Page): Promise<void> {
  for (const equation of await page.locator(".katex-html:has(> .katex-tag)").all()) {
    const number = await equation.locator(".katex-tag").boundingBox();
    const last = await equation.locator("> .katex-base").last().boundingBox();
    assert.ok(number && last && last.x + last.width <= number.x, await equation.innerText());
  }
}

/** Every trace has marks of some size, or there is a WebGL canvas; the image has made way, its text has not. */
async function assertLive(figure: Locator): Promise<void> {
  await figure.scrollIntoViewIfNeeded();
  await figure.and(figure.page().locator("[data-live=drawn]")).waitFor();
  const { traces, marks, canvases, faults } = await figure.evaluate((element) => {
    const plot = element.querySelector(".js-plotly-plot") as Element & { data: unknown[]; layout: unknown };
    const hasSize = (mark: SVGGraphicsElement) => mark.getBBox().width + mark.getBBox().height > 0;
    const groups = [...plot.querySelectorAll(".cartesianlayer :is(g.trace, g.hm, g.contour)")];
    return {
      traces: plot.data.length,
      marks: groups.filter((group) => [...group.querySelectorAll<SVGGraphicsElement>("path, image")].some(hasSize))
        .length,
      // biome-ignore lint/suspicious/noExplicitAny: plotly.js is a global of the page
      faults: ((globalThis as any).Plotly.validate(plot.data, plot.layout) ?? []).map(
        ({ msg }: { msg: string }) => msg,
      ),
      canvases: plot.querySelectorAll(".gl-container canvas").length,
    };
  });
  assert.deepEqual(faults, []);
  assert.ok(canvases > 0 || marks === traces, `${marks} of ${traces} traces are drawn`);
  assert.equal(await figure.locator("img").isVisible(), false);
  assert.equal(
    await figure.locator("svg[role=img]").getAttribute("aria-label"),
    await figure.locator("img").getAttribute("alt"),
  );
}

/** The plot's data as text, and the ranges of its axes. */
const stateOf = (figure: Locator) =>
  figure.evaluate((element) => {
    // biome-ignore lint/suspicious/noExplicitAny: plotly.js puts its state on the element
    const { data, _fullLayout } = element.querySelector(".js-plotly-plot") as any;
    return { data: JSON.stringify(data), ranges: JSON.stringify([_fullLayout.xaxis?.range, _fullLayout.yaxis?.range]) };
  });

/** From its first to its last step a slider, if there is one, changes data and label, and leaves the axes alone. */
async function assertSliderMoves(figure: Locator): Promise<void> {
  const slider = figure.locator("input[type=range]");
  // A figure of choices alone has one that is hidden.
  if ((await slider.count()) === 0 || (await slider.isHidden())) return;
  const start = await stateOf(figure);
  const label = await figure.locator("output").textContent();
  await slider.press("End");
  const end = await stateOf(figure);
  assert.notEqual(end.data, start.data);
  assert.equal(end.ranges, start.ranges);
  const lastLabel = (await figure.locator("output").textContent()) ?? "";
  assert.notEqual(lastLabel, label);
  if (lastLabel.startsWith("t = ")) assert.match(lastLabel, /log-likelihood/);
}

/** Arrows, Home and End move the slider, the space bar presses the play button, arrows change the list: each keeps the focus. */
async function assertKeysMoveSlider(figure: Locator): Promise<void> {
  const slider = figure.locator("input[type=range]");
  const last = Number(await slider.getAttribute("max"));
  // As a reader does: a click in the middle, then keys.
  await slider.click();
  const middle = Number(await slider.inputValue());
  for (const [key, value] of [
    ["ArrowRight", middle + 1],
    ["ArrowLeft", middle],
    ["ArrowDown", middle - 1],
    ["ArrowUp", middle],
    ["End", last],
    ["Home", 0],
  ] as const) {
    await figure.page().keyboard.press(key);
    assert.equal(Number(await slider.inputValue()), value, key);
    assert.ok(await slider.evaluate((element) => element === document.activeElement), `${key} keeps the focus`);
  }
  const button = figure.locator(".em-controls button");
  await button.focus();
  await figure.page().keyboard.press("ArrowLeft");
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  await figure.page().keyboard.press("Space");
  assert.match((await button.textContent()) ?? "", /Pause/);
  await figure.page().keyboard.press("Space");
  assert.match((await button.textContent()) ?? "", /Play/);
  const list = figure.locator("select").first();
  await list.focus();
  await figure.page().keyboard.press("ArrowDown");
  assert.equal(await list.evaluate((element) => (element as HTMLSelectElement).selectedIndex), 1);
}

/** The plot's text has the colour of the text around it, also after a change of theme. */
async function assertInkFollows(figure: Locator): Promise<void> {
  await figure.evaluate(async (element) => {
    const same = () => {
      const text = element.querySelector(".xtick text, .legendtext");
      return text === null || getComputedStyle(text).fill === getComputedStyle(element).color;
    };
    // The theme's style sheet, and then the plot, change some time after the command.
    for (let tries = 0; !same(); tries++) {
      if (tries === 100) throw new Error("the plot's text has not the colour of the page's");
      await new Promise((later) => setTimeout(later, 50));
    }
  });
}

/** Title, alternative text, axis, legend and slider show the malicious text, letter by letter. */
async function assertEvilIsText(figure: Locator): Promise<void> {
  // plotly.js and the browser turn the line separator into white space.
  const plain = (text: string | null) => text?.replace(/\s+/g, " ");
  assert.equal(await figure.locator("figcaption").textContent(), evil);
  assert.equal(await figure.locator("img").getAttribute("alt"), evil);
  assert.equal(plain(await figure.locator("output").textContent()), plain(`t = 0 ${evil}`));
  assert.equal(plain(await figure.locator(".legendtext").first().textContent()), plain(evil));
  assert.equal(plain(await figure.locator(".ytitle").textContent()), plain(evil));
}
