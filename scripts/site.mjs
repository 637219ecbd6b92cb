// npm run site: the lesson as a folder for any web server, build/site/, whose cells run in the reader's browser; its pages
// work from disk, too. It is made of the notebooks as they are committed. With --output DIR, into another folder.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { setUp } from "./set-up/index.mjs";
import { path, root, run, runMain, SetUpError } from "./set-up/project.mjs";

const { values } = parseArgs({ options: { output: { type: "string", default: "build/site" } } });

await runMain(async () => {
  const jupyter = setUp();
  // Imported late: a fresh clone has its packages only now.
  const { makePages } = await import("../packages/book/pages.mjs");
  const { buildBrowser } = await import("../packages/browser/build.mjs");
  const notebooks = (/** @type {RegExp} */ pattern) =>
    readdirSync(path("notebooks"))
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => path("notebooks", name));
  const lesson = notebooks(/^\d.*\.ipynb$/);

  const site = path(values.output);
  const fresh = `${site}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const convert = (/** @type {readonly string[]} */ files) => {
    const args = ["nbconvert", "--to", "html", "--template", "basic", "--log-level=ERROR", ...files];
    if (run(jupyter.command, [...jupyter.args, ...args], { env: jupyter.env }) !== 0)
      throw new SetUpError("nbconvert could not make the pages: see its message above.");
  };
  makePages(convert, [...lesson, ...notebooks(/^appendix-.*\.ipynb$/)], lesson, fresh, "live-cells");
  await buildBrowser(`${fresh}/assets`, notebooks(/\.csv$/));
  // GitHub Pages would leave out files that begin with an underscore.
  writeFileSync(`${fresh}/.nojekyll`, "");
  rmSync(site, { recursive: true, force: true });
  renameSync(fresh, site);
  console.log(`The site: ${relative(root, site)}/index.html`);
  return 0;
});
