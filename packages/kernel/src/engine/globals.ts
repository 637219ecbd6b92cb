// Most cells of a lesson use nothing of the platform but the console and timers. Until one needs more, the platform's own
// types are left out: they take half a second and 50 MB.
import type ts from "typescript-6";

/** The options without the types of Node and the DOM. */
export function lightOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const lib = options.lib?.filter((name) => !/^lib\.(dom|webworker|scripthost)\b/.test(name));
  return { ...options, types: [], ...(lib && { lib }) };
}

/** What the kernel itself gives to cells. */
export const kernelGlobals = `
/** Asks the reader for a line. The second value is the answer where the line is left empty. */
declare function prompt(message?: string, otherwise?: string): string | null;
/** Asks the reader for a yes or a no. */
declare function confirm(message?: string): boolean;
/** Shows the reader a word, and waits until it is read. */
declare function alert(message?: any): void;
`;

/** Stands in for the platform's types meanwhile. What is not here is looked for in those. */
export const lightGlobals = `${kernelGlobals}
interface Console {
  log(...data: any[]): void;
  error(...data: any[]): void;
  warn(...data: any[]): void;
  info(...data: any[]): void;
  debug(...data: any[]): void;
  trace(...data: any[]): void;
  dir(item?: any, options?: any): void;
  table(data?: any, columns?: readonly string[]): void;
  group(...label: any[]): void;
  groupEnd(): void;
  time(label?: string): void;
  timeLog(label?: string, ...data: any[]): void;
  timeEnd(label?: string): void;
  count(label?: string): void;
  assert(condition?: any, ...data: any[]): void;
}
declare var console: Console;
`;

const platformType =
  /\b(HTML\w*Element|Document|Window|NodeJS\.|Buffer|EventEmitter|ReadableStream|AbortSignal|Blob|URL)\b/;
const known = new WeakMap<ts.SourceFile, boolean>();

/**
 * Whether types that cells import speak of the platform's, which would be taken for `any` without them.
 *
 * @param imported the files that cells import themselves
 */
export function needsPlatformTypes(program: ts.Program, imported: ReadonlySet<string>): boolean {
  return program.getSourceFiles().some((file) => {
    if (!file.isDeclarationFile || !imported.has(file.fileName)) return false;
    const needed = known.get(file) ?? platformType.test(file.text);
    known.set(file, needed);
    return needed;
  });
}
