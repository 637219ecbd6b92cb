// Sees that a package of the project was rebuilt while the kernel runs, so that the next import loads the new code with
// its new types. Looks before each cell instead of watching: stock tslab watches some 150 files for their types, and
// keeps the old code.
import { statSync } from "node:fs";
import { basename, relative, sep } from "node:path";
import type * as TS from "@tslab/typescript-for-tslab";

/** When a file was written; 0 where there is none. */
const written = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const ofProject = (file: string): boolean =>
  !file.includes(`${sep}node_modules${sep}`) && !file.includes("/node_modules/") && !file.startsWith(__dirname);

interface Watched {
  written: number;
  readonly changed: (() => void)[];
}
/** Files of the project that the compiler has read or looked for, and the code that cells have loaded. */
const types = new Map<string, Watched>();
const loaded = new Map<string, number>();

/** Puts our looking in the place of the compiler's watching. */
export function watchByLooking(ts: typeof TS): void {
  ts.sys.watchFile = (file, changed) => {
    // tslab has one timer, for changed sources; a package.json needs a second.
    if (!ofProject(file) || basename(file) === "package.json") return { close: () => {} };
    const watched = types.get(file) ?? { written: written(file), changed: [] };
    types.set(file, watched);
    watched.changed.push(() => changed(file, ts.FileWatcherEventKind.Changed));
    return { close: () => types.delete(file) };
  };

  ts.sys.watchDirectory = () => ({ close: () => {} });
}

/** To be called after each cell: takes note of the code that it has loaded. */
export function rememberLoaded(): void {
  for (const file of Object.keys(require.cache))
    if (ofProject(file) && !loaded.has(file)) loaded.set(file, written(file));
}

/** To be called before each cell: forgets what was rebuilt; returns what to tell the reader, if anything. */
export function forgetRebuilt(): string | undefined {
  for (const [file, watched] of types) {
    const now = written(file);
    if (now === watched.written) continue;
    watched.written = now;
    for (const changed of [...watched.changed]) changed();
  }
  const changed = [...loaded].filter(([file, time]) => written(file) !== time).map(([file]) => file);
  if (changed.length === 0) return undefined;
  for (const file of loaded.keys()) delete require.cache[file]; // all of them: they hold on to each other
  loaded.clear();
  return `Rebuilt since it was imported: ${relative(process.cwd(), changed[0] ?? "")}${changed.length > 1 ? " and others" : ""}. Import again to use the new code; restart the kernel to be rid of the old.\n`;
}

/** Forgets code whose loading was cut short by an interrupt. */
export function forgetHalfLoaded(): void {
  for (const [file, module] of Object.entries(require.cache)) if (module?.loaded === false) delete require.cache[file];
}
