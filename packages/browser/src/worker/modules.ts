// What cells import: the packages of the lesson, and of Node's modules the reading of the lesson's data.
import packed from "virtual:packed";
import { globalEval } from "./global-eval.js";
import * as util from "./instead/util.js";
import * as loops from "./loops.js";

const { packages, data } = packed;
const basename = (file: string): string => file.slice(file.lastIndexOf("/") + 1);

const files = {
  readFileSync(file: string, encoding?: unknown): unknown {
    const text = data[basename(String(file))];
    if (text === undefined)
      throw new Error(
        `${file} cannot be read: a page has no files but those of the lesson, ${Object.keys(data).join(", ")}.`,
      );
    return encoding === undefined ? new TextEncoder().encode(text) : text;
  },
};

/** What is there for the packages themselves. */
const forPackages: Readonly<Record<string, unknown>> = {
  "em-browser:loops": loops,
  "node:util": util,
  "node:fs": files,
  "node:zlib": {},
};

/** A word on a module that cells cannot have. */
export const cannotImport = (specifier: string): string =>
  `Cannot import "${specifier}": cells in a page import ${Object.keys(packages).join(", ")}, and readFileSync of node:fs for the lesson's data.`;

const loaded = new Map<string, { exports: unknown }>();

function load(name: string): unknown {
  const known = loaded.get(name);
  if (known) return known.exports;
  if (!Object.hasOwn(packages, name)) throw new Error(cannotImport(name));
  const module = { exports: {} as unknown };
  loaded.set(name, module);
  const text = `(function (module, exports, require) {${packages[name]}\n})\n//# sourceURL=/lesson/node_modules/${name}/index.js`;
  try {
    // A module is a text here, as on a page from disk nothing else can be loaded.
    globalEval(text)(module, module.exports, (wanted: string) => forPackages[wanted] ?? load(wanted));
  } catch (error) {
    loaded.delete(name);
    throw error;
  }
  return module.exports;
}

/** @throws Error where cells cannot have it */
export const requireModule = (specifier: string): unknown =>
  specifier === "node:fs" || specifier === "fs" ? files : load(specifier);
