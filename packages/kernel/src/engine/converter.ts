// Cells as TypeScript modules, which exist in memory only, beside the notebook: each takes the earlier names that it uses
// from the cells that declare them. One language service checks them all, and makes JavaScript of them.
import ts from "typescript-6";
import { augments, declaredNames, type NameKind, parse, usedNames, withoutExports } from "./cell.js";
import { type Finding, findingsOf } from "./findings.js";
import { kernelGlobals, lightGlobals, lightOptions, needsPlatformTypes } from "./globals.js";
import type { Files } from "./host.js";
import { forRunning } from "./transform.js";

/** A cell that may run. */
export interface Converted {
  /** The file that it is for the compiler. */
  readonly module: string;
  readonly js: string;
  /** From the JavaScript to the cell, as JSON. */
  readonly map: string;
  /** The modules that it imports, by specifier. */
  readonly imports: readonly string[];
  readonly names: ReadonlyMap<string, NameKind>;
}

export class Converter {
  readonly service: ts.LanguageService;
  /** The text of each cell that still matters, by file. */
  private readonly texts = new Map<string, string>();
  private readonly versions = new Map<string, number>();
  /** The newest cell that declares a name. */
  private readonly owners = new Map<string, { readonly file: string; readonly kind: NameKind }>();
  /** Cells that change types everywhere. */
  private readonly augmenting = new Set<string>();
  private readonly snapshots = new Map<string, { readonly version: string; readonly snapshot: ts.IScriptSnapshot }>();
  private resolutions = newResolutions();
  /** The files of packages that cells have imported. */
  private readonly imported = new Set<string>();
  /** The cell that is being converted or written. */
  private current: string | undefined;
  private change = 0;
  /** Whether the types of the platform (Node's, the DOM's) are left out: they cost half a second and 50 MB. */
  private light = true;
  private options: ts.CompilerOptions;

  constructor(
    /** The notebook's folder. */
    readonly folder: string,
    private readonly files: Files,
    /** Those of the nearest tsconfig.json. */
    private readonly given: ts.CompilerOptions,
    /** What else is done to a cell that is to run, once it is checked. */
    private readonly transformers: readonly ts.TransformerFactory<ts.SourceFile>[] = [],
  ) {
    this.options = lightOptions(forCells(given));
    this.texts.set(this.globalsFile, lightGlobals);
    const { readDirectory, directoryExists, getDirectories, realpath } = files;
    this.service = ts.createLanguageService({
      getCompilationSettings: () => this.options,
      getProjectVersion: () => `${this.change}`,
      getScriptFileNames: () => this.roots(),
      getScriptVersion: (file) => this.versionOf(file),
      getScriptSnapshot: (file) => this.snapshotOf(file),
      resolveModuleNameLiterals: (literals, from) => literals.map(({ text }) => this.resolve(text, from)),
      useCaseSensitiveFileNames: () => files.useCaseSensitiveFileNames,
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: (options) => `${files.libFolder}/${ts.getDefaultLibFileName(options)}`,
      fileExists: (file) => this.texts.has(file) || files.fileExists(file),
      readFile: (file) => this.texts.get(file) ?? files.readFile(file),
      readDirectory,
      directoryExists: directoryExists.bind(files),
      getDirectories,
      ...(realpath && { realpath }),
    });
  }

  /** Checks a cell and makes it runnable; nothing of it is kept before `keep`. */
  convert(cell: string, code: string): Converted | { readonly findings: readonly Finding[] } {
    const file = parse(code);
    const names = declaredNames(file);
    const header = this.header([...usedNames(file)].filter((name) => !names.has(name)));
    const path = this.write(cell, `${header}${withoutExports(file)}\nexport { ${[...names.keys()].join(", ")} };`);
    let findings = this.check(path, header, code);
    if (findings.length > 0 && this.light) {
      this.loadPlatformTypes();
      findings = this.check(path, header, code);
    }
    if (findings.length > 0) return { findings };
    if (augments(file)) this.augmenting.add(path);
    return { module: path, names, ...this.emit(path, header, names) };
  }

  /** From now on these names are those of this cell. */
  keep(module: string, names: Iterable<readonly [string, NameKind]>): void {
    for (const [name, kind] of names) this.owners.set(name, { file: module, kind });
    this.current = undefined;
    this.change++;
    const needed = new Set(this.roots());
    for (const file of this.snapshots.keys())
      if (file.startsWith(`${this.folder}/In[`) && !needed.has(file)) this.snapshots.delete(file);
  }

  /** An own TypeScript module that a cell imports, as CommonJS; undefined where the specifier leads to none. */
  moduleOf(specifier: string, from: string): { readonly file: string; readonly js: string } | undefined {
    const found = ts.resolveModuleName(specifier, from, this.options, this.files).resolvedModule?.resolvedFileName;
    if (found === undefined || !/(?<!\.d)\.[mc]?tsx?$/.test(found) || found.includes("/node_modules/"))
      return undefined;
    const { outputFiles } = this.service.getEmitOutput(found);
    const js = outputFiles.find(({ name }) => /\.[mc]?js$/.test(name))?.text;
    return js === undefined ? undefined : { file: found, js };
  }

  /** Puts a cell that is being written into the service, with all earlier names; returns its file and the place there. */
  place(code: string, offset: number): [file: string, offset: number] {
    const declared = declaredNames(parse(code));
    const header = this.header([...this.owners.keys()].filter((name) => !declared.has(name)));
    return [this.write("draft", `${header}${code}\nexport {};`), header.length + offset];
  }

  /** Takes the platform's types in; returns false where they are there already. */
  loadPlatformTypes(): boolean {
    if (!this.light) return false;
    this.light = false;
    this.options = forCells(this.given);
    this.texts.set(this.globalsFile, kernelGlobals);
    this.versions.set(this.globalsFile, ++this.change);
    return true;
  }

  private get globalsFile(): string {
    return `${this.folder}/__globals.d.ts`;
  }

  private roots(): string[] {
    const cells = [...[...this.owners.values()].map((owner) => owner.file), ...this.augmenting];
    return [...new Set([this.globalsFile, ...(this.current ? [this.current] : []), ...cells])];
  }

  private versionOf(file: string): string {
    return `${this.versions.get(file) ?? (file === this.globalsFile ? "" : this.files.version(file))}`;
  }

  private snapshotOf(file: string): ts.IScriptSnapshot | undefined {
    const version = this.versionOf(file);
    const known = this.snapshots.get(file);
    if (known?.version === version) return known.snapshot;
    const text = this.texts.get(file) ?? this.files.readFile(file);
    if (text === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    this.snapshots.set(file, { version, snapshot });
    return snapshot;
  }

  private resolve(specifier: string, from: string): ts.ResolvedModuleWithFailedLookupLocations {
    const cell = `${this.folder}/${specifier.slice(2)}.ts`;
    if (this.texts.has(cell))
      return { resolvedModule: { resolvedFileName: cell, extension: ts.Extension.Ts, isExternalLibraryImport: false } };
    // Where packages are found is looked up once; own files come and go.
    const own = !from.includes("/node_modules/");
    const cache = own && specifier.startsWith(".") ? undefined : this.resolutions;
    const { otherPackages } = this.files;
    let found = ts.resolveModuleName(specifier, from, this.options, this.files, cache);
    if (own && !found.resolvedModule && otherPackages && isPackage(specifier))
      found = ts.resolveModuleName(specifier, `${otherPackages}/cell.ts`, this.options, this.files, cache);
    if (found.resolvedModule && this.texts.has(from)) this.imported.add(found.resolvedModule.resolvedFileName);
    if (own && !found.resolvedModule) this.resolutions = newResolutions(); // it may be installed in the meantime
    return found;
  }

  private write(cell: string, text: string): string {
    const path = `${this.folder}/${cell}.ts`;
    this.texts.set(path, text);
    this.versions.set(path, ++this.change);
    this.current = path;
    return path;
  }

  /**
   * One line that declares names of earlier cells. Variables are no imports there, so that they can be assigned, with the
   * type they have, and are narrowed as any others.
   */
  private header(names: readonly string[]): string {
    const imports = new Map<string, string[]>();
    const parts: string[] = [];
    for (const name of names) {
      const owner = this.owners.get(name);
      if (owner === undefined) continue;
      const module = JSON.stringify(`./${owner.file.slice(this.folder.length + 1, -".ts".length)}`);
      if (owner.kind === "variable") parts.push(`declare let ${name}: typeof import(${module}).${name};`);
      else imports.set(module, [...(imports.get(module) ?? []), name]);
    }
    for (const [module, list] of imports) parts.push(`import { ${list.join(", ")} } from ${module};`);
    return `${parts.join(" ")}\n`;
  }

  private check(path: string, header: string, code: string): Finding[] {
    const program = this.program();
    if (this.light && needsPlatformTypes(program, this.imported)) {
      this.loadPlatformTypes();
      return this.check(path, header, code);
    }
    this.inferInOrder(program, path);
    const isOwn = ({ fileName, isDeclarationFile }: ts.SourceFile) =>
      fileName === path ||
      (!isDeclarationFile &&
        !this.texts.has(fileName) &&
        !fileName.includes("/node_modules/") &&
        /\.[mc]?tsx?$/.test(fileName));
    return findingsOf(program, program.getSourceFiles().filter(isOwn), {
      path,
      header: header.length,
      code,
      names: new Set(this.owners.keys()),
    });
  }

  private emit(path: string, header: string, names: ReadonlyMap<string, NameKind>) {
    const program = this.program();
    const source = program.getSourceFile(path) as ts.SourceFile;
    let [js, map] = ["", ""];
    const write = (file: string, text: string): void => {
      if (file.endsWith(".map")) map = text;
      else js = text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "");
    };
    program.emit(source, write, undefined, false, {
      before: [forRunning(program.getTypeChecker(), header.length, names), ...this.transformers],
    });
    const imports = source.statements.flatMap((node) =>
      ts.isImportDeclaration(node) && node.end > header.length && !node.importClause?.isTypeOnly
        ? [(node.moduleSpecifier as ts.StringLiteral).text]
        : [],
    );
    // An import of types alone is left out of the JavaScript, and is not to be loaded.
    return { js, map, imports: imports.filter((specifier) => js.includes(`require(${JSON.stringify(specifier)})`)) };
  }

  private program(): ts.Program {
    return this.service.getProgram() as ts.Program;
  }

  /**
   * Each program infers the types of earlier names anew when it needs them. Where each of some hundred cells needs the one
   * before it, that goes too deep for the stack; from the oldest on, each finds the types before it known.
   */
  private inferInOrder(program: ts.Program, path: string): void {
    const needed = new Set([path]);
    for (const file of needed)
      for (const [, cell] of (this.texts.get(file) ?? "").split("\n", 1)[0].matchAll(/"\.\/(In\[[^"]*\])"/g))
        needed.add(`${this.folder}/${cell}.ts`);
    if (needed.size < deepChain) return;
    const checker = program.getTypeChecker();
    for (const file of this.texts.keys()) {
      const source = file !== path && needed.has(file) ? program.getSourceFile(file) : undefined;
      const symbol = source && checker.getSymbolAtLocation(source);
      for (const name of symbol ? checker.getExportsOfModule(symbol) : []) checker.getTypeOfSymbol(name);
    }
  }
}

/** Whether an import names a package, and not a file by its path. */
export const isPackage = (specifier: string): boolean => !/^(\.|\/|[a-z]:)/i.test(specifier);

/** So many cells that need one another are far from too deep. */
const deepChain = 100;

const newResolutions = () => ts.createModuleResolutionCache("/", (file) => file);

/** The options of a tsconfig.json, changed where cells have to be as they are: modules in memory, which run as CommonJS. */
function forCells(given: ts.CompilerOptions): ts.CompilerOptions {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    types: ["node"],
    ...given,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    esModuleInterop: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    allowJs: true,
    checkJs: false,
    skipLibCheck: true,
    preserveConstEnums: true,
    sourceMap: true,
    inlineSourceMap: false,
    noEmit: false,
    declaration: false,
    composite: false,
    incremental: false,
    verbatimModuleSyntax: false,
    isolatedModules: false,
    noUnusedLocals: false,
    newLine: ts.NewLineKind.LineFeed,
  };
  for (const key of ["outDir", "rootDir", "configFilePath", "tsBuildInfoFile", "declarationMap"]) delete options[key];
  return options;
}
