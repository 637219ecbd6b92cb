// The only place that reaches into tslab/dist: its converter (types, completion, hover, JavaScript) and its executor are
// used as they are, around a copy of the compiler in which four things differ: cells are checked with the project's
// own options, they keep source maps, their awaits can be interrupted, and names of earlier cells are found where they
// stand, and only there. What a throwing cell has declared is kept.
// The package is pinned; test/kernel-tslab.test.ts fails when another version comes.
import { dirname } from "node:path";
import type * as TS from "@tslab/typescript-for-tslab";
import type { Converter, Diagnostic } from "tslab/dist/converter.js";
import { bundleOf, encodeBytes, type MimeBundle } from "./bundle.js";
import { compileFailure, type Failure, thrownFailure } from "./errors.js";
import { InterruptedError, interruptible, interruptibleAwaits, uninterrupted } from "./interruptible.js";
import type { Request } from "./message.js";
import { forgetHalfLoaded, forgetRebuilt, rememberLoaded, watchByLooking } from "./rebuilt.js";
import { registerCell } from "./traces.js";

const compilerFile = require.resolve("@tslab/typescript-for-tslab");
export const ts: typeof TS = require(compilerFile);
watchByLooking(ts);

/** A finding of the compiler; lines and columns count from 0, `fileName` is undefined for the cell itself. */
export type Finding = Diagnostic;

/** What the compiler saw of the newest cell: source maps, and the names of the values that the cell declares. */
let transpiled = { toModule: "", toCommonJs: "", names: [] as readonly string[] };

/** Names of earlier cells in `{ name }`, which tslab overlooks in this form: as `{ name: exports.name }`. */
const longhand: TS.TransformerFactory<TS.SourceFile> = (context) => (file) => {
  const { factory, getEmitResolver } = context as TS.TransformationContext & {
    getEmitResolver(): { getReferencedValueDeclaration(name: TS.Identifier): object | undefined };
  };
  const isEarlier = (name: TS.Identifier): boolean =>
    name.text in tslabGlobal().exports && !getEmitResolver().getReferencedValueDeclaration(name);
  const visit = (node: TS.Node): TS.Node => {
    const seen = ts.visitEachChild(node, visit, context);
    if (!ts.isShorthandPropertyAssignment(seen) || !isEarlier(seen.name)) return seen;
    const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), seen.name);
    const { objectAssignmentInitializer: otherwise } = seen;
    return factory.createPropertyAssignment(seen.name, otherwise ? factory.createAssignment(value, otherwise) : value);
  };
  return visit(file) as TS.SourceFile;
};

/**
 * As TypeScript's, but names of properties are left alone, as `params` in `{ params: mine }`: tslab takes them for names
 * of earlier cells where such a cell declares the property.
 */
const visitEachChild = <T extends TS.Node>(node: T, visitor: TS.Visitor, context: TS.TransformationContext): T => {
  const property = ts.isBindingElement(node)
    ? node.propertyName
    : ts.isPropertyAssignment(node)
      ? node.name
      : undefined;
  const visit: TS.Visitor = (child) => (child === property && ts.isIdentifier(child) ? child : visitor(child));
  return ts.visitEachChild(node, visit, context);
};

/** As TypeScript's, with source map and interruptible awaits. `js` is a cell (or a module of the project) as ES module. */
function transpileModule(js: string, options: TS.TranspileOptions): TS.TranspileOutput {
  const [code = "", toModule = ""] = js.split(/\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/);
  const output = ts.transpileModule(code, {
    ...options,
    compilerOptions: { ...options.compilerOptions, sourceMap: true },
    transformers: { before: [longhand, interruptibleAwaits(ts)] },
  });
  // tslab ends each cell with one list of all that it exports.
  const names = /\nexport \{([^}]*)\};\s*$/.exec(code)?.[1]?.match(/[^\s,]+/g) ?? [];
  transpiled = {
    toModule: Buffer.from(toModule, "base64").toString(),
    toCommonJs: output.sourceMapText ?? "",
    names,
  };
  return { ...output, outputText: output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "") };
}

/**
 * The options of the tsconfig.json nearest to the notebook; the kernel's own project's where there is none. tslab's win
 * where it depends on them (modules, target, output).
 */
function cellOptions(tslabs: TS.CompilerOptions): TS.CompilerOptions {
  const [file = ""] = [process.cwd(), __dirname].flatMap(
    (folder) => ts.findConfigFile(folder, ts.sys.fileExists) ?? [],
  );
  const { config = { compilerOptions: { strict: true } } } = ts.readConfigFile(file, ts.sys.readFile);
  // Options that this TypeScript does not know yet are left out by it. The list of source files is of no interest.
  const host = { ...ts.sys, readDirectory: () => [] };
  return {
    ...ts.parseJsonConfigFileContent(config, host, dirname(file)).options,
    ...tslabs,
    // tslab ends each cell with `export { … }` of all its names, types too, which these two forbid.
    verbatimModuleSyntax: false,
    isolatedModules: false,
    noEmit: false,
    inlineSourceMap: true,
  };
}

const createWatchCompilerHost = (files: string[], options: TS.CompilerOptions, ...rest: never[]): unknown =>
  (ts.createWatchCompilerHost as (...args: unknown[]) => unknown)(files, cellOptions(options), ...rest);

// The compiler's exports cannot be assigned, so tslab gets a copy.
Object.assign(require.cache[compilerFile] ?? {}, {
  exports: { ...ts, createWatchCompilerHost, transpileModule, visitEachChild },
});
const { createConverter } = require("tslab/dist/converter.js") as typeof import("tslab/dist/converter.js");
const { createExecutor } = require("tslab/dist/executor.js") as typeof import("tslab/dist/executor.js");
export const { printQuickInfo } = require("tslab/dist/inspect.js") as typeof import("tslab/dist/inspect.js");
/** `lastWriteDisplayData` is where tslab's own `display` writes to. */
export const jupyter = require("tslab/dist/jupyter.js") as {
  lastWriteDisplayData: (content: object, update: boolean) => void;
};

/** What tslab lets the code of cells reach. */
const tslabGlobal = (): { readonly exports: object } =>
  (globalThis as unknown as { __tslab__: { exports: object } }).__tslab__;

/** A cell and what it has come to. */
export interface Cell {
  readonly name: string;
  readonly request: Request;
  /** What it has failed of first. */
  failure?: Failure;
  /** The last expression, and as it is to be shown. */
  value?: unknown;
  result?: MimeBundle;
  succeeded: boolean;
  /** What it declares when it succeeds, and the earlier values of the names that it declares. */
  declares?: { readonly declarations: string; readonly before: ReadonlyMap<string, unknown> };
}

/** tslab's converter and executor as one thing that runs cells. */
export class Engine {
  /** Declarations of all that the cells have defined. The executor keeps its own, which lack those of failed cells. */
  private declarations = "";
  /** The running cell. */
  cell: Cell | undefined;
  private readonly converter: Converter = createConverter({ isJS: false, isBrowser: false });
  readonly executor;

  /** `interrupt` is what the wire thread calls, by its name in tslab's global object, until it has returned true. */
  constructor(interrupt: (times: number) => boolean) {
    const node: Converter = {
      convert: (_, code) => uninterrupted(() => this.convert(code)),
      addModule: (...module) => this.noted(this.converter.addModule(...module)),
      inspect: (_, code, position) => this.converter.inspect(this.declarations, code, position),
      complete: (_, code, position) => this.converter.complete(this.declarations, code, position),
      close: () => {},
    };
    const console = {
      log: (value: unknown) => Object.assign(this.cell ?? {}, { value }),
      // With more than one value it is a finding of the compiler, which we have already.
      error: (...values: unknown[]) => values.length === 1 && this.fail(values[0]),
    };
    // tslab does nothing with cells for the browser; they need no second converter.
    this.executor = createExecutor(process.cwd(), { node, browser: node, close: () => {} }, console);
    Object.assign(tslabGlobal(), { interruptible, interrupt });
  }

  /** Runs a cell; where its code is ended by an interrupt, the promise stays pending. */
  async run(cell: Cell): Promise<void> {
    this.cell = cell;
    try {
      forgetRebuilt();
      cell.succeeded = await this.executor.execute(cell.request.content.code);
      // tslab leaves out null and undefined.
      if (cell.value !== undefined) cell.result = encodeBytes(await bundleOf(cell.value));
    } catch (error) {
      cell.failure ??= thrownFailure(error);
    }
  }

  /** Makes the running cell a failed one; what it fails of first counts. */
  fail(error: unknown): void {
    if (this.cell) this.cell.failure ??= thrownFailure(error);
  }

  private noted(findings: Diagnostic[]): Diagnostic[] {
    const { name, request } = this.cell as Cell;
    if (findings.length > 0) (this.cell as Cell).failure ??= compileFailure(name, request.content.code, findings);
    return findings;
  }

  /** Ends the running cell, returned or not, and keeps what it has declared. */
  end({ declares, succeeded }: Cell): void {
    this.cell = undefined;
    process.stderr.write(rememberLoaded());
    if (declares) this.declarations = succeeded ? declares.declarations : this.keepAssigned(declares);
  }

  /** Stops waiting for the cell. */
  interrupt(): void {
    forgetHalfLoaded();
    this.executor.interrupt();
  }

  private convert(code: string): ReturnType<Converter["convert"]> {
    const cell = this.cell as Cell;
    const converted = this.converter.convert(this.declarations, code);
    if (cell.failure) throw new InterruptedError(); // in the meantime
    this.noted(converted.diagnostics);
    if (converted.output === undefined) return converted;
    registerCell(cell.name, code, converted.output, transpiled.toCommonJs, transpiled.toModule);
    const before = new Map(transpiled.names.map((name) => [name, this.executor.locals[name]]));
    cell.declares = { declarations: converted.declOutput ?? "", before };
    // Every cell runs as an async function: tslab does not see a top-level `for await`.
    return { ...converted, output: `${converted.output}\n//# sourceURL=${cell.name}`, hasToplevelAwait: true };
  }

  /** A cell that failed: the names it has assigned are its own, the others are what they were before. */
  private keepAssigned({ declarations, before }: NonNullable<Cell["declares"]>): string {
    const { locals } = this.executor;
    const names = [...before.keys()];
    const lost = names.filter((name) => locals[name] === undefined);
    for (const name of lost) locals[name] = before.get(name);
    const ours = this.without(declarations, lost);
    const earlier = this.without(
      this.declarations,
      names.filter((name) => !lost.includes(name)),
    );
    // As if the earlier ones were declared again.
    return this.converter.convert(ours, earlier).declOutput ?? ours;
  }

  /** The declarations without these names: tslab drops those that a cell declares anew, and puts the cell's first. */
  private without(declarations: string, names: readonly string[]): string {
    if (names.length === 0) return declarations;
    const { declOutput = "" } = this.converter.convert(declarations, `let ${names.map((name) => `${name}: any`)};`);
    return declOutput.slice(declOutput.indexOf("\n") + 1);
  }
}
