// npm run save [-- NAME …]: runs the notebooks and puts them with their outputs back where they stand, as they are
// committed: each figure with a static image, and without the packed plotly.js. The figures of cells with the tags
// below are also written to files, for READMEs. Needs Chromium or Chrome.
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import {
  digestOfCode,
  figuresOf,
  hasTag,
  imageOf,
  readNotebook,
  withoutLibrary,
  withStills,
  writeNotebook,
} from "../packages/book/notebook.mjs";
import { stillsIn } from "../packages/book/stills.mjs";
import { setUpNode } from "./set-up/index.mjs";
import { path, root, run, runMain } from "./set-up/project.mjs";

/** Notebooks that the command line names by their files. */
const named = process.argv
  .slice(2)
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => resolve(process.env["INIT_CWD"] ?? ".", name));

/** Figures by their cell's tag, and where their images go. */
const pictures = { cover: ["notebooks", "mixture.svg"], pairs: ["examples", "penguins.svg"] };

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
      const target = named.find((file) => basename(file) === name) ?? path("notebooks", name);
      if (!existsSync(target)) continue;
      const notebook = withoutLibrary(readNotebook(join(output, "notebooks", name)));
      // By which a test tells that a notebook was changed after it was saved.
      notebook.metadata.saved = digestOfCode(notebook);
      /** @type {Map<string, import("../packages/book/notebook.mjs").Still>} */
      const drawn = new Map();
      for (const figure of notebook.cells.flatMap(figuresOf)) drawn.set(figure, await still(figure));
      writeNotebook(target, withStills(notebook, drawn));
      for (const [tag, file] of Object.entries(pictures)) {
        const [figure] = notebook.cells.filter((cell) => hasTag(cell, tag)).flatMap(figuresOf);
        const image = figure && imageOf(drawn.get(figure)?.html ?? "");
        if (image) writeFileSync(path(...file), image);
      }
      console.log(`${relative(root, target)}: ${drawn.size} figures`);
    }
    return 0;
  } finally {
    await browser.close();
  }
});
