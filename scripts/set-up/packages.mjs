// The node side: installs the packages and compiles the TypeScript workspaces, each only where something changed.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { digest, isWindows, onceFor, path, run, SetUpError } from "./project.mjs";

/** Installs the node packages that package-lock.json names. */
export function installPackages() {
  const manifests = [
    "package-lock.json",
    "package.json",
    "lib/package.json",
    "figures/package.json",
    "kernel/package.json",
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
  { folder: "figures", formats: ["esm", "cjs"], uses: ["lib"] },
  { folder: "kernel", formats: ["cjs"], uses: [] },
];

/** Builds what is stale. The old dist/ stays in place until the new one is whole. */
export function build() {
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
      mkdirSync(path(folder), { recursive: true });
      rmSync(path(folder, "dist"), { recursive: true, force: true });
      renameSync(fresh, path(folder, "dist"));
    });
  }
}
