// npm run save [-- NAME …]: runs the notebooks and puts them with their outputs back where they stand, as they are
// committed: each figure with a static image, and without the packed plotly.js. The figure of the cell tagged
// `cover` is also written to notebooks/mixture.svg, for the README. Needs Chromium or Chrome.
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  digestOfCode,
  figuresOf,
  imageOf,
  isCover,
  mapFigures,
  readNotebook,
  withoutLibrary,
  writeNotebook,
} from "../packages/book/notebook.mjs";
import { stillsIn } from "../packages/book/stills.mjs";
import { setUpNode } from "./set-up/index.mjs";
import { path, root, run, runMain } from "./set-up/project.mjs";

await runMain(async () => {
  setUpNode();
  // Imported late: a fresh clone has its packages only now.
  const { openBrowser } = await import("./browser.mjs");
  const browser = await openBrowser();
  try {
    const output = path("build", "save");
    rmSync(output, { recursive: true, force: true });
    const code = run(process.execPath, [
      path("scripts", "lesson.mjs"),
      "--output",
      "build/save",
      ...process.argv.slice(2),
    ]);
    if (code !== 0) return code;
    const still = await stillsIn(browser);
    for (const name of readdirSync(join(output, "notebooks"))) {
      const target = [path("notebooks", name), path("examples", name)].find((file) => existsSync(file));
      if (target === undefined) continue;
      const notebook = withoutLibrary(readNotebook(join(output, "notebooks", name)));
      // By which a test tells that a notebook was changed after it was saved.
      notebook.metadata.saved = digestOfCode(notebook);
      /** @type {Map<string, string>} */
      const drawn = new Map();
      for (const figure of notebook.cells.flatMap(figuresOf)) drawn.set(figure, await still(figure));
      writeNotebook(
        target,
        mapFigures(notebook, (figure) => drawn.get(figure) ?? figure),
      );
      const [cover] = notebook.cells.filter(isCover).flatMap(figuresOf);
      const image = cover && imageOf(drawn.get(cover) ?? "");
      if (image) writeFileSync(path("notebooks", "mixture.svg"), image);
      console.log(`${relative(root, target)}: ${drawn.size} figures`);
    }
    return 0;
  } finally {
    await browser.close();
  }
});
