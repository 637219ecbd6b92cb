// The node side: installs the packages and compiles the TypeScript workspaces, each only where something changed.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { digest, isWindows, onceFor, path, run, SetUpError } from "./project.mjs";

/** Installs the node packages that package-lock.json names. */
export function installPackages() {
  const manifests = [
    "package-lock.json",
    "package.json",
    "lib/package.json",
    "packages/mixtures/package.json",
    "packages/sql/package.json",
    "packages/figures/package.json",
    "packages/kernel/package.json",
    "packages/exercises/package.json",
    "packages/browser/package.json",
  ].map((name) => path(name));
  onceFor(path("node_modules", ".installed-from"), digest(manifests, process.platform + process.arch), () => {
    console.log("Installing node packages");
    const cache = path("build", "npm-cache");
    // No install scripts: every package used ships ready-made. The cache is our own so that nothing is left outside the project.
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--cache", cache];
    const code = run(isWindows ? "npm.cmd" : "npm", args, { shell: isWindows });
    rmSync(cache, { recursive: true, force: true });
    if (code !== 0)
      throw new SetUpError(
        "The node packages could not be installed: see npm's message above. Is the package registry reachable?",
      );
  });
}

// tslab's compiler also installs a `tsc` command, so ours is named by its file.
const tsc = path("node_modules", "typescript", "bin", "tsc");

const formats = {
  esm: [],
  cjs: ["--module", "commonjs", "--moduleResolution", "bundler", "--verbatimModuleSyntax", "false"],
};

/** @type {readonly { folder: string, formats: readonly (keyof typeof formats)[], uses: readonly string[] }[]} */
const packages = [
  { folder: "lib", formats: ["esm", "cjs"], uses: [] },
  { folder: "packages/mixtures", formats: ["esm", "cjs"], uses: [] },
  { folder: "packages/sql", formats: ["esm", "cjs"], uses: ["packages/mixtures"] },
  { folder: "packages/kernel", formats: ["cjs"], uses: [] },
  { folder: "packages/exercises", formats: ["cjs"], uses: ["lib"] },
  { folder: "packages/figures", formats: ["esm", "cjs"], uses: ["lib", "packages/kernel"] },
];

/**
 * Compiles packages/mixtures/assembly to WebAssembly and bundles the worker, and writes both as texts into a module of em-mixtures, so
 * that they are found in every form of it: ES module, CommonJS, a browser's bundle.
 */
function embedWasm() {
  const target = path("packages", "mixtures", "src", "gaussian", "embedded.ts");
  const assembly = path("packages", "mixtures", "assembly", "index.ts");
  const worker = path("packages", "mixtures", "src", "gaussian", "worker.ts");
  const sources = [
    path("packages", "mixtures", "assembly"),
    ...["worker", "shared-state", "wasm"].map((name) => path("packages", "mixtures", "src", "gaussian", `${name}.ts`)),
  ];
  const key = digest([...sources, path("package-lock.json"), path("scripts", "set-up", "packages.mjs")]);
  const stamp = path("build", "embedded.stamp");
  if (!existsSync(target)) rmSync(stamp, { force: true });
  onceFor(stamp, key, () => {
    console.log("Compiling the WebAssembly module");
    const wasm = path("build", "passes.wasm");
    const bundle = path("build", "worker.js");
    mkdirSync(path("build"), { recursive: true });
    const asc = [path("node_modules", "assemblyscript", "bin", "asc.js"), assembly, "--outFile", wasm];
    const optimised = [
      "--enable",
      "simd",
      "--runtime",
      "stub",
      "-O3",
      "--noAssert",
      "--use",
      "abort=",
      "--disableWarning",
      "112",
    ];
    const esbuild = [path("node_modules", "esbuild", "bin", "esbuild"), worker, `--outfile=${bundle}`];
    const bundled = ["--bundle", "--minify", "--platform=node", "--log-level=error"];
    const compiled = run(process.execPath, [...asc, ...optimised]) || run(process.execPath, [...esbuild, ...bundled]);
    if (compiled !== 0) throw new SetUpError("The WebAssembly module does not compile: see the errors above.");
    const texts = { wasmBase64: readFileSync(wasm).toString("base64"), workerSource: readFileSync(bundle, "utf8") };
    const lines = Object.entries(texts).map(
      ([name, text]) => `export const ${name}: string = ${JSON.stringify(text)};\n`,
    );
    writeFileSync(target, `// Written by the build, from packages/mixtures/assembly and worker.ts.\n${lines.join("")}`);
  });
}

/** Builds what is stale. The old dist/ stays in place until the new one is whole. */
export function build() {
  embedWasm();
  for (const { folder, formats: wanted, uses } of packages) {
    const sources = [folder, ...uses].flatMap((name) => [
      path(name, "src"),
      path(name, "package.json"),
      path(name, "tsconfig.json"),
    ]);
    const key = digest([...sources, path("tsconfig.json"), path("scripts", "set-up", "packages.mjs")]);
    onceFor(path(folder, "dist", ".built-from"), key, () => {
      console.log(`Building ${folder}`);
      const fresh = path("build", "dist", folder);
      rmSync(fresh, { recursive: true, force: true });
      for (const format of wanted) {
        const code = run(process.execPath, [
          tsc,
          "-p",
          path(folder, "tsconfig.json"),
          "--outDir",
          `${fresh}/${format}`,
          ...formats[format],
        ]);
        if (code !== 0) throw new SetUpError(`${folder} does not compile: see the errors above.`);
        const type = format === "cjs" ? "commonjs" : "module";
        writeFileSync(`${fresh}/${format}/package.json`, `${JSON.stringify({ type })}\n`);
      }
      rmSync(path(folder, "dist"), { recursive: true, force: true });
      renameSync(fresh, path(folder, "dist"));
    });
  }
}
