// The kernel's engine in a worker: its files, its modules, and how the code of a cell is run.
import packed from "virtual:packed";
import { interruptible } from "em-kernel/engine/awaits";
import { Converter } from "em-kernel/engine/converter";
import type { Runtime } from "em-kernel/engine/host";
import { Notebook } from "em-kernel/engine/notebook";
import { memoryFiles } from "./files.js";
import { globalEval } from "./global-eval.js";
import { loops, watchedLoops } from "./loops.js";
import { requireModule } from "./modules.js";

/** A notebook whose cells run in this worker. */
export function pageNotebook(): Notebook {
  const converter = new Converter("/lesson", memoryFiles(packed.types), packed.options, [watchedLoops]);
  const runtime: Runtime = {
    evaluate(parameters, body, cell) {
      // No line before the body: its lines are those of the source map.
      const text = `(function (__loops) { return (async function (${parameters.join(", ")}) { ${body}\n}) })\n//# sourceURL=${cell}`;
      return globalEval(text)(loops);
    },
    require: requireModule,
    import: async (specifier) => requireModule(specifier),
    needsImport: () => false,
    meta: { url: "file:///lesson/cell.js", dirname: "/lesson", filename: "/lesson/cell.js" },
    awaited: interruptible as Runtime["awaited"],
  };
  return new Notebook(converter, runtime);
}
