// What the engine is given by the platform that it runs on: it uses nothing of Node's or a browser's by itself.
import type ts from "typescript-6";

/** The files that types and modules are found in. */
export interface Files
  extends Pick<
    ts.System,
    | "readFile"
    | "fileExists"
    | "directoryExists"
    | "getDirectories"
    | "readDirectory"
    | "realpath"
    | "useCaseSensitiveFileNames"
  > {
  /** Changes when the file does; "" for one that never does. */
  version(file: string): string;
  /** The folder of TypeScript's own `lib.*.d.ts`. */
  readonly libFolder: string;
  /** A folder from which packages are looked for that cannot be found from the notebook's. */
  readonly otherPackages?: string;
}

/** How code is run and modules are loaded. */
export interface Runtime {
  /** A function from the text of its body, which may await; `cell` is its name in traces. */
  evaluate(parameters: readonly string[], body: string, cell: string): (...values: unknown[]) => Promise<void>;
  require(specifier: string): unknown;
  import(specifier: string): Promise<unknown>;
  /** Whether `require` has failed only because the module is asynchronous. */
  needsImport(error: unknown): boolean;
  /** `import.meta` of a cell. */
  readonly meta: object;
  /** What stands around each `await` of a cell, so that it can be interrupted; `each` around what `for await` goes through. */
  readonly awaited: ((value: unknown) => Promise<unknown>) & { each(source: unknown): AsyncIterable<unknown> };
}
