// npm run screenshots: runs the lesson and takes a PNG of every figure of its pages, as readers see it, into
// build/screenshots/. Figures with a slider are taken at its start and its end.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { path, run, runMain } from "./set-up/project.mjs";

const views = /** @type {const} */ ([
  { name: "light", width: 1280, colorScheme: "light" },
  { name: "dark", width: 1280, colorScheme: "dark" },
  { name: "600", width: 600, colorScheme: "light" },
  { name: "phone", width: 390, colorScheme: "dark" },
]);

await runMain(async () => {
  const code = run(process.execPath, [path("scripts", "lesson.mjs")]);
  if (code !== 0) return code;
  const pages = readdirSync(path("build", "html")).filter((name) => /^\d.*\.html$/.test(name));
  const folder = path("build", "screenshots");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Imported late: a fresh clone has its packages only after the lesson has run.
  const { openBrowser } = await import("./browser.mjs");
  const browser = await openBrowser();
  for (const { name, width, colorScheme } of views) {
    // On a touch screen plotly.js always shows its buttons.
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, hasTouch: name === "phone" });
    for (const file of pages) {
      await page.goto(pathToFileURL(path("build", "html", file)).href);
      for (const answer of await page.locator("details.answer > summary").all()) await answer.click();
      for (const [i, figure] of (await page.locator("figure.em-figure").all()).entries()) {
        await figure.scrollIntoViewIfNeeded(); // it is drawn only when it comes near the view
        await figure.and(page.locator("[data-live=drawn]")).waitFor();
        const shot = (/** @type {string} */ moment) =>
          figure.screenshot({ path: `${folder}/${basename(file, ".html")}-${i + 1}-${name}${moment}.png` });
        await shot("");
        const slider = figure.locator("input[type=range]");
        if ((await slider.count()) === 0) continue;
        await slider.press("End");
        await shot("-end");
      }
    }
    await page.close();
  }
  await browser.close();
  console.log(`${readdirSync(folder).length} pictures in build/screenshots/`);
  return 0;
});
