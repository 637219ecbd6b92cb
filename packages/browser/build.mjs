// Makes of this package what a page loads: the program of its cells, and the worker's, into which packages and types are put.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ts from "typescript-6";

const { resolve } = createRequire(import.meta.url);
const here = (/** @type {string[]} */ ...parts) => join(dirname(fileURLToPath(import.meta.url)), ...parts);

/** The packages that cells may import. */
const packages = ["em-lesson", "em-mixtures", "em-figures", "em-kernel", "em-exercises", "mathjs"];

/** @type {import("esbuild").BuildOptions & { write: false }} */
const common = {
  bundle: true,
  platform: "browser",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "error",
  write: false,
};

/** What stands in the place of Node's. @type {import("esbuild").Plugin} */
const instead = {
  name: "instead",
  setup({ onResolve }) {
    onResolve({ filter: /^node:(util|module)$/ }, ({ path }) => ({
      path: here("src", "worker", "instead", `${path.slice("node:".length)}.ts`),
    }));
  },
};

/** The same for packages, which find it in the worker. @type {import("esbuild").Plugin} */
const insteadForPackages = {
  name: "instead-for-packages",
  setup({ onResolve }) {
    onResolve({ filter: /\/within-time\.js$/ }, () => ({ path: here("src", "worker", "instead", "within-time.ts") }));
    onResolve({ filter: /\/loops\.js$/ }, () => ({ path: "em-browser:loops", external: true }));
  },
};

/** The text of a package as one CommonJS module, which requires the others. @param {string} name */
async function packed(name) {
  const others = packages.filter((other) => other !== name);
  const { outputFiles } = await build({
    ...common,
    entryPoints: [resolve(name)],
    format: "cjs",
    // Names of classes and functions are seen by readers, in values and in traces.
    keepNames: true,
    external: [...others, "node:*", "tslab", "tslab/*", "plotly.js-dist-min", "em-figures/browser/live.js"],
    plugins: [insteadForPackages],
  });
  return outputFiles[0]?.text ?? "";
}

/** The compiler's options for cells: the project's, but with the types of a worker. */
function cellOptions() {
  const file = here("..", "..", "tsconfig.json");
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, ts.sys.readFile).config,
    host,
    dirname(file),
  );
  const { configFilePath: _, ...kept } = options;
  const lib = ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.webworker.d.ts"];
  return { ...kept, lib, types: ["page"], typeRoots: ["/lesson/node_modules/@types"] };
}

/** What the types of a page add to those of a worker. */
const pageTypes = `declare module "node:fs" {
  /** Reads one of the lesson's data files: a page has no others. */
  export function readFileSync(file: string, encoding: "utf8" | "utf-8"): string;
}
declare module "fs" {
  export * from "node:fs";
}
`;

/** All files that the compiler reads for cells which import these packages, by where it finds them in the worker. */
function typeFiles() {
  const root = here("all.ts");
  const text = packages.map((name) => `import ${JSON.stringify(name)};`).join("\n");
  const options = {
    ...cellOptions(),
    types: [],
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === root || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === root ? ts.createSourceFile(file, text, ts.ScriptTarget.Latest) : getSourceFile(file, ...rest);
  /** @type {Record<string, string>} */
  const files = { "/lesson/node_modules/@types/page/index.d.ts": pageTypes };
  for (const { fileName, text } of ts.createProgram([root], options, host).getSourceFiles()) {
    if (fileName === root || /plotly/.test(fileName)) continue; // figures are shown, and not looked into
    if (fileName.includes("/typescript-6/lib/")) {
      // Half of what a worker's types are is their descriptions.
      const isPlatform = fileName.endsWith("lib.webworker.d.ts");
      files[`/lib/${fileName.split("/").at(-1)}`] = isPlatform ? text.replace(/\/\*[\s\S]*?\*\//g, "") : text;
      continue;
    }
    const manifest = ts.findConfigFile(fileName, ts.sys.fileExists, "package.json") ?? "";
    const owner = ownerOf(manifest);
    const { name } = JSON.parse(readFileSync(owner, "utf8"));
    const place = (/** @type {string} */ file) =>
      `/lesson/node_modules/${name}/${relative(dirname(owner), file).split(sep).join("/")}`;
    files[place(fileName)] = text;
    files[place(owner)] = readFileSync(owner, "utf8");
    if (manifest !== owner) files[place(manifest)] = readFileSync(manifest, "utf8");
  }
  return files;
}

/** The package.json with a name: some folders of packages have one without. @param {string} manifest @returns {string} */
function ownerOf(manifest) {
  if (JSON.parse(readFileSync(manifest, "utf8")).name) return manifest;
  return ownerOf(ts.findConfigFile(dirname(dirname(manifest)), ts.sys.fileExists, "package.json") ?? "");
}

/**
 * Writes `live-cells.js`, `live-cells.css`, `editor.js` and `kernel.js` for pages.
 * @param {string} folder
 * @param {readonly string[]} data files that cells may read
 */
export async function buildBrowser(folder, data) {
  mkdirSync(folder, { recursive: true });
  const texts = await Promise.all(packages.map(async (name) => /** @type {const} */ ([name, await packed(name)])));
  const contents = JSON.stringify({
    packages: Object.fromEntries(texts),
    types: typeFiles(),
    data: Object.fromEntries(data.map((file) => [file.split(sep).at(-1), readFileSync(file, "utf8")])),
    options: cellOptions(),
  });
  const worker = await build({
    ...common,
    entryPoints: [here("src", "worker", "main.ts")],
    format: "iife",
    plugins: [
      instead,
      {
        name: "packed",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^virtual:packed$/ }, ({ path }) => ({ path, namespace: "packed" }));
          onLoad({ filter: /.*/, namespace: "packed" }, () => ({ contents, loader: "json" }));
        },
      },
    ],
  });
  // The worker's program as a text: from a text a page on disk can start it, too.
  const text = JSON.stringify(worker.outputFiles[0]?.text);
  writeFileSync(join(folder, "kernel.js"), `globalThis.emKernel=${text};\n`);
  copyFileSync(here("src", "page", "live.css"), join(folder, "live-cells.css"));
  for (const [name, entry] of /** @type {const} */ ([
    ["live-cells.js", "live.ts"],
    ["editor.js", "editor.ts"],
  ])) {
    const { outputFiles } = await build({ ...common, entryPoints: [here("src", "page", entry)], format: "iife" });
    writeFileSync(join(folder, name), outputFiles[0]?.text ?? "");
  }
}
