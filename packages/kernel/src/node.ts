// The engine on Node: files, compiler options, modules, and how the code of a cell is run.
import { existsSync, readFileSync, statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, isAbsolute, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import ts from "typescript-6";
import { interruptible } from "./engine/awaits.js";
import { Converter, isPackage } from "./engine/converter.js";
import type { Files, Runtime } from "./engine/host.js";
import { Notebook } from "./engine/notebook.js";

const files: Files = {
  ...ts.sys,
  libFolder: dirname(require.resolve("typescript-6")),
  // A notebook somewhere else on the disk still finds what the kernel was installed with.
  otherPackages: __dirname.split(sep).join("/"),
  // Packages stay as they are, but for those of the project, which are links to its folders.
  version: (file) =>
    file.includes(`${sep}node_modules${sep}`) || file.includes("/node_modules/")
      ? ""
      : `${statSync(file, { throwIfNoEntry: false })?.mtimeMs}`,
};

/** The newest library of the language that this Node has. */
const newestLib =
  Number(process.versions.node.split(".")[0]) >= 22
    ? ["lib.es2024.d.ts", "lib.esnext.collection.d.ts", "lib.esnext.iterator.d.ts", "lib.esnext.disposable.d.ts"]
    : ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"];

const parents = (folder: string): string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...parents(dirname(folder))];

/** The options of the tsconfig.json nearest to the notebook. Without one: strict, but nobody has to write types. */
function cellOptions(folder: string): ts.CompilerOptions {
  const file = ts.findConfigFile(folder, ts.sys.fileExists);
  const { config = {} } = file ? ts.readConfigFile(file, ts.sys.readFile) : {};
  // The list of source files is of no interest.
  const host = { ...ts.sys, readDirectory: () => [] };
  const options: ts.CompilerOptions = file
    ? ts.parseJsonConfigFileContent(config, host, dirname(file)).options
    : { strict: true, noImplicitAny: false };
  // Where the notebook's folder has no types for Node, the kernel's own serve.
  const roots = options.typeRoots ?? parents(folder).map((parent) => join(parent, "node_modules", "@types"));
  const own = dirname(dirname(require.resolve("@types/node/package.json")));
  const typeRoots = roots.some((root) => existsSync(join(root, "node"))) ? roots : [...roots, own];
  return { lib: newestLib, ...options, typeRoots };
}

/** Whether a module is found by a `require`. */
function finds(require: NodeJS.Require, specifier: string): boolean {
  try {
    return require.resolve(specifier) !== "";
  } catch {
    return false;
  }
}

/** Whether a package is found only where the kernel is. */
const isElsewhere = (specifier: string, near: NodeJS.Require): boolean =>
  isPackage(specifier) && !finds(near, specifier) && finds(require, specifier);

/**
 * The files that a project has its packages loaded from in place of their usual one: `"em-kernel": { "loads": { … } }` in
 * the package.json nearest to a folder that says so. mathjs, say, has one that takes a tenth of the time.
 */
function namedFiles(folder: string): Map<string, string> {
  for (const parent of parents(folder)) {
    const file = join(parent, "package.json");
    if (!existsSync(file)) continue;
    try {
      const loads: unknown = JSON.parse(readFileSync(file, "utf8"))["em-kernel"].loads;
      return new Map(Object.entries(loads as Record<string, string>));
    } catch {
      // It says nothing of this.
    }
  }
  return new Map();
}

/** `require` of a notebook in a folder. */
function requireFrom(folder: string): NodeJS.Require {
  const near = createRequire(join(folder, "cell.js"));
  const named = namedFiles(folder);
  const load = (specifier: string) => {
    const file = named.get(specifier);
    if (file !== undefined && finds(near, file)) return near(file);
    return (isElsewhere(specifier, near) ? require : near)(specifier);
  };
  return Object.assign(load, near);
}

interface OwnModule extends Module {
  _compile(js: string, file: string): void;
}

/** Loads modules as if from a cell: the project's own TypeScript modules are compiled on the way. */
function loaderFor(
  folder: string,
  converter: Converter,
  modules: Readonly<Record<string, unknown>>,
): (specifier: string) => unknown {
  const own = new Map<string, { readonly js: string; readonly module: OwnModule }>();
  const from = (file: string, otherwise: NodeJS.Require): ((specifier: string) => unknown) => {
    return (specifier) => {
      const found = converter.moduleOf(specifier, file);
      if (!found) return otherwise(specifier);
      const known = own.get(found.file);
      if (known?.js === found.js) return known.module.exports;
      const module = new Module(found.file) as OwnModule;
      const require = requireFrom(dirname(found.file));
      Object.assign(module, {
        filename: found.file,
        paths: require.resolve.paths("package"),
        require: from(found.file, require),
      });
      own.set(found.file, { js: found.js, module });
      try {
        module._compile(found.js, found.file);
      } catch (error) {
        own.delete(found.file);
        throw error;
      }
      return module.exports;
    };
  };
  const load = from(join(folder, "cell.ts"), requireFrom(folder));
  return (specifier) => modules[specifier] ?? load(specifier);
}

// The way to `import()` that has no other name yet: nothing for a reader to be warned of.
const { emitWarning } = process;
process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
  if (!String(warning).includes("USE_MAIN_CONTEXT_DEFAULT_LOADER")) emitWarning.call(process, warning, ...rest);
}) as typeof process.emitWarning;

/**
 * A notebook whose cells run in this process, as if they stood in its folder.
 *
 * @param modules those that cells get from the kernel itself, by name
 */
export function nodeNotebook(folder: string, modules: Readonly<Record<string, unknown>> = {}): Notebook {
  const converter = new Converter(folder.split(sep).join("/"), files, cellOptions(folder));
  const load = loaderFor(folder, converter, modules);
  const filename = join(folder, "cell.js");
  const base = requireFrom(folder);
  // `import()` in a cell, and in what a cell evaluates, is that of a module in the notebook's folder.
  const context = { filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER } as const;
  const nodeImport = new vm.Script("(specifier) => import(specifier)", context).runInThisContext() as Runtime["import"];

  const runtime: Runtime = {
    evaluate(parameters, body, cell) {
      // No line before the body: its lines are those of the source map.
      const text = `(async function (${parameters.join(", ")}) { ${body}\n})\n//# sourceURL=${cell}`;
      return new vm.Script(text, context).runInThisContext();
    },
    require: load,
    async import(specifier) {
      if (converter.moduleOf(specifier, join(folder, "cell.ts"))) return load(specifier);
      const file = isElsewhere(specifier, base) ? require.resolve(specifier) : specifier;
      return nodeImport(isAbsolute(file) ? pathToFileURL(file).href : file);
    },
    needsImport: (error) =>
      ["ERR_REQUIRE_ASYNC_MODULE", "ERR_REQUIRE_ESM"].includes((error as NodeJS.ErrnoException | null)?.code ?? ""),
    meta: {
      url: pathToFileURL(filename).href,
      dirname: folder,
      filename,
      resolve: (specifier: string) => pathToFileURL(base.resolve(specifier)).href,
    },
    awaited: interruptible as Runtime["awaited"],
  };
  return new Notebook(converter, runtime);
}
