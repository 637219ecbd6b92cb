// The only place that reaches into tslab/dist: its converter (types, completion, hover, JavaScript) and its executor are
// used as they are, around a copy of the compiler in which three things differ: cells are checked with the project's
// own options, they keep source maps, and their awaits can be interrupted. What a throwing cell has declared is kept.
// The package is pinned; test/kernel-tslab.test.ts fails when another version comes.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as TS from "@tslab/typescript-for-tslab";
import type { CompletionInfo, Converter } from "tslab/dist/converter.js";
import { bundleOf, type MimeBundle } from "./bundle.js";
import type { Finding } from "./errors.js";
import { interruptible, interruptibleAwaits } from "./interruptible.js";
import { forgetHalfLoaded, forgetRebuilt, rememberLoaded, watchByLooking } from "./rebuilt.js";
import { registerCell } from "./traces.js";

const tslabRequire = createRequire(require.resolve("tslab/package.json"));
const compilerFile = tslabRequire.resolve("@tslab/typescript-for-tslab");
export const ts: typeof TS = tslabRequire(compilerFile);
watchByLooking(ts);

/** What the compiler saw of the newest cell. */
interface Transpiled {
  readonly toModule: string;
  readonly toCommonJs: string;
  /** Names of the values that the cell declares. */
  readonly names: readonly string[];
  readonly hasForAwait: boolean;
}
let transpiled: Transpiled | undefined;

const inlineMap = /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;

/** As TypeScript's, with source map and interruptible awaits. `js` is a cell (or a module of the project) as ES module. */
function transpileModule(js: string, options: TS.TranspileOptions): TS.TranspileOutput {
  let hasForAwait = false;
  const [code = "", toModule = ""] = js.split(inlineMap);
  const awaits = interruptibleAwaits(ts, () => {
    hasForAwait = true;
  });
  const output = ts.transpileModule(code, {
    ...options,
    compilerOptions: { ...options.compilerOptions, sourceMap: true },
    transformers: { before: [awaits] },
  });
  // tslab ends each cell with one list of all that it exports.
  const names = /\nexport \{([^}]*)\};\s*$/.exec(code)?.[1] ?? "";
  transpiled = {
    toModule: Buffer.from(toModule, "base64").toString(),
    toCommonJs: output.sourceMapText ?? "",
    names: names.match(/[^\s,]+/g) ?? [],
    hasForAwait,
  };
  return { ...output, outputText: output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "") };
}

/** The options of the tsconfig.json nearest to the notebook; the kernel's own project's where there is none. */
function projectOptions(folder: string): TS.CompilerOptions {
  const file = ts.findConfigFile(folder, ts.sys.fileExists) ?? ts.findConfigFile(__dirname, ts.sys.fileExists);
  if (file === undefined) return { strict: true };
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  // Options that this TypeScript does not know yet are left out by it. The list of source files is of no interest.
  const host = { ...ts.sys, readDirectory: () => [] };
  return ts.parseJsonConfigFileContent(config ?? {}, host, dirname(file)).options;
}

/** tslab's options win where it depends on them (modules, target, output); the rest is the project's. */
function cellOptions(tslabs: TS.CompilerOptions): TS.CompilerOptions {
  return {
    ...projectOptions(process.cwd()),
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
Object.assign(require.cache[compilerFile] ?? {}, { exports: { ...ts, createWatchCompilerHost, transpileModule } });
const { createConverter } = tslabRequire("./dist/converter.js") as typeof import("tslab/dist/converter.js");
const { createExecutor } = tslabRequire("./dist/executor.js") as typeof import("tslab/dist/executor.js");
const { printQuickInfo } = tslabRequire("./dist/inspect.js") as typeof import("tslab/dist/inspect.js");
const jupyter = tslabRequire("./dist/jupyter.js") as { lastWriteDisplayData: DisplayWriter };

type DisplayWriter = (data: { data: object; metadata: object; transient: object }, update: boolean) => void;

/** Where tslab's own `display` writes to. */
export function onTslabDisplay(write: DisplayWriter): void {
  jupyter.lastWriteDisplayData = write;
}

/** Does work of the kernel's own so that no interrupt cuts it short. */
export type Uninterrupted = <T>(work: () => T) => T;

/** What a cell came to. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly thrown: { readonly error: unknown } | undefined;
  /** The last expression, as it is to be shown. */
  readonly result: MimeBundle | undefined;
}

interface RunningCell {
  readonly name: string;
  findings: readonly Finding[];
  thrown?: { readonly error: unknown };
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
  private cell: RunningCell | undefined;
  private readonly converter: Converter;
  private readonly executor;

  constructor(private readonly uninterrupted: Uninterrupted) {
    this.converter = uninterrupted(() => createConverter({ isJS: false, isBrowser: false }));
    const node: Converter = {
      convert: (_, code) => this.convert(code),
      addModule: (...module) => {
        const findings = uninterrupted(() => this.converter.addModule(...module));
        if (this.cell) this.cell.findings = findings;
        return findings;
      },
      inspect: (_, code, position) => uninterrupted(() => this.converter.inspect(this.declarations, code, position)),
      complete: (_, code, position) => uninterrupted(() => this.converter.complete(this.declarations, code, position)),
      close: () => this.converter.close(),
    };
    // tslab does nothing with cells for the browser; they need no second converter.
    this.executor = createExecutor(
      process.cwd(),
      { node, browser: node, close: () => {} },
      {
        log: (value: unknown) => {
          if (this.cell) this.cell.value = value;
        },
        error: (...values: unknown[]) => {
          // With more than one value it is a finding of the compiler, which we have already.
          if (values.length === 1) this.fail(values[0]);
        },
      },
    );
    Object.assign((globalThis as { __tslab__?: object }).__tslab__ ?? {}, { interruptible });
  }

  /** Starts a cell; `done` is called when its code has returned, which it may never do. */
  start(code: string, name: string, done: () => void): void {
    const cell: RunningCell = { name, findings: [], succeeded: false };
    this.cell = cell;
    const run = async (): Promise<void> => {
      const rebuilt = forgetRebuilt();
      if (rebuilt) process.stderr.write(rebuilt);
      cell.succeeded = await this.executor.execute(code);
      // tslab leaves out null and undefined.
      if (cell.value !== undefined) cell.result = (await interruptible(bundleOf(cell.value))) as MimeBundle;
    };
    run()
      .catch((error) => {
        cell.thrown ??= { error };
      })
      .then(done);
  }

  /** Makes the running cell a failed one; what it fails of first counts. */
  fail(error: unknown): void {
    if (this.cell) this.cell.thrown ??= { error };
  }

  /** Ends the cell, returned or not, and keeps what it has declared. */
  end(): Outcome {
    const { findings, thrown, result, succeeded, declares } = this.cell as RunningCell;
    this.cell = undefined;
    rememberLoaded();
    if (declares) this.declarations = succeeded ? declares.declarations : this.keepAssigned(declares);
    return { findings, thrown, result };
  }

  /** Stops waiting for the cell. */
  interrupt(): void {
    forgetHalfLoaded();
    this.executor.interrupt();
  }

  inspect(code: string, position: number): { signature: string; documentation: string } | undefined {
    const info = this.executor.inspect(code, position);
    if (!info) return undefined;
    const { displayParts = [], documentation = [], tags = [], ...rest } = info;
    return {
      signature: printQuickInfo({ ...rest, displayParts }).trim(),
      documentation: printQuickInfo({ ...rest, documentation, tags }).trim(),
    };
  }

  complete(code: string, position: number): CompletionInfo {
    return this.executor.complete(code, position);
  }

  private convert(code: string): ReturnType<Converter["convert"]> {
    const cell = this.cell as RunningCell;
    const converted = this.uninterrupted(() => this.converter.convert(this.declarations, code));
    cell.findings = converted.diagnostics;
    if (converted.output === undefined || !transpiled) return converted;
    const { names, toModule, toCommonJs, hasForAwait } = transpiled;
    registerCell(cell.name, converted.output, toCommonJs, toModule);
    const before = new Map(names.map((name) => [name, this.executor.locals[name]]));
    cell.declares = { declarations: converted.declOutput ?? "", before };
    return {
      ...converted,
      output: `${converted.output}\n//# sourceURL=${cell.name}`,
      hasToplevelAwait: converted.hasToplevelAwait === true || hasForAwait,
    };
  }

  /** A cell that failed: the names it has assigned are its own, the others are what they were before. */
  private keepAssigned({ declarations, before }: NonNullable<RunningCell["declares"]>): string {
    const { locals } = this.executor;
    const lost = new Set([...before.keys()].filter((name) => locals[name] === undefined));
    for (const name of lost) if (before.get(name) !== undefined) locals[name] = before.get(name);
    return (
      selectDeclarations(declarations, (name) => !lost.has(name)) +
      selectDeclarations(this.declarations, (name) => lost.has(name))
    );
  }
}

/** Those statements of a declaration file that declare a name to keep. */
function selectDeclarations(text: string, keep: (name: string) => boolean): string {
  const file = ts.createSourceFile("cell.d.ts", text, ts.ScriptTarget.Latest, true);
  const kept = file.statements.map((statement) => {
    if (ts.isVariableStatement(statement)) {
      const { declarations } = statement.declarationList;
      const wanted = declarations.filter((declaration) => keep(declaration.name.getText()));
      const start = text.slice(statement.getStart(), declarations[0]?.getStart());
      return wanted.length > 0 ? `${start}${wanted.map((declaration) => declaration.getText()).join(", ")};` : "";
    }
    return declaredNames(statement).some(keep) ? statement.getText() : "";
  });
  return `${kept.filter((statement) => statement !== "").join("\n")}\n`;
}

function declaredNames(statement: TS.Statement): readonly string[] {
  if (!ts.isImportDeclaration(statement)) return [(statement as TS.DeclarationStatement).name?.getText() ?? ""];
  const { name, namedBindings } = statement.importClause ?? {};
  const bound = namedBindings && (ts.isNamespaceImport(namedBindings) ? [namedBindings] : namedBindings.elements);
  return [name, ...(bound ?? []).map((binding) => binding.name)].flatMap((each) => each?.getText() ?? []);
}
