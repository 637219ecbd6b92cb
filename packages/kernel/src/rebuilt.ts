// Sees that a package of the project was rebuilt while the kernel runs, so that the next import loads the new code with
// its new types. Looks before each cell instead of watching.
import { statSync } from "node:fs";
import { relative, sep } from "node:path";

/** When a file was written; 0 where there is none. */
const written = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const ofProject = (file: string): boolean =>
  !file.includes(`${sep}node_modules${sep}`) && !file.includes("/node_modules/") && !file.startsWith(__dirname);

/** Files of the project that cells have loaded, and when they were written. */
const seen = new Map<string, number>();
function remember(file: string): void {
  if (!seen.has(file)) seen.set(file, written(file));
}

const loaded = (): string[] => Object.keys(require.cache).filter(ofProject);

/** Rebuilt code that no cell has imported since. */
let outdated: readonly string[] = [];

/** To be called after each cell: takes note of the code that it has loaded; returns what to tell the reader. */
export function rememberLoaded(): string {
  loaded().forEach(remember);
  outdated = outdated.filter((file) => !(file in require.cache) && written(file) > 0);
  if (outdated.length === 0) return "";
  return `${relative(process.cwd(), outdated[0])} was rebuilt. Run the cells again from the one that imports it, to use the new code.\n`;
}

/** To be called before each cell: forgets what was rebuilt, so that an import loads it again. */
export function forgetRebuilt(): void {
  const changed = [...seen.keys()].filter((file) => written(file) !== seen.get(file));
  for (const file of changed) {
    seen.set(file, written(file));
  }
  const code = changed.filter((file) => file in require.cache);
  if (code.length === 0) return;
  outdated = [...outdated, ...code];
  for (const file of loaded()) delete require.cache[file]; // all of them: they hold on to each other
}

/** Forgets code whose loading was cut short by an interrupt. */
export function forgetHalfLoaded(): void {
  for (const [file, module] of Object.entries(require.cache)) if (module?.loaded === false) delete require.cache[file];
}
