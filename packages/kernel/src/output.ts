// What cells print goes to `print`, write by write: through the process's streams, through the descriptors behind them, and
// from child processes that inherit those. What native code writes to a descriptor itself is not seen here.
import childProcess, { type ChildProcess } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { StringDecoder } from "node:string_decoder";
import type { Printed } from "./message.js";

type Print = (name: Printed["name"], text: string) => void;
const names = { 1: "stdout", 2: "stderr" } as const;
const streamOf = (descriptor: unknown) => (descriptor === 1 || descriptor === 2 ? names[descriptor] : undefined);

const { writeSync } = fs;

/** Writes past the notebook, to where the server or nbconvert has its own messages. */
export const writeToTerminal = (text: string): void => void writeSync(2, text);

/** Takes over all ways to print that JavaScript has. */
export function captureOutput(print: Print): void {
  captureStreams(print);
  captureDescriptors(print);
  captureChildren();
  syncBuiltinESMExports();
}

function captureStreams(print: Print): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder(); // a letter may come in two writes
    const stream = process[name];
    stream.write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const isText = typeof chunk === "string" && (typeof encoding !== "string" || /^utf-?8$/i.test(encoding));
      const bytes = () =>
        typeof chunk === "string" ? Buffer.from(chunk, encoding as BufferEncoding) : Buffer.from(chunk);
      const text = isText ? chunk : decoder.write(bytes());
      if (text !== "") print(name, text);
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") process.nextTick(done as () => void);
      return true;
    };
    // The notebook's output never ends.
    stream.end = ((chunk?: unknown, ...rest: unknown[]) => {
      const end = [chunk, ...rest].find((value) => typeof value === "function") as (() => void) | undefined;
      if (typeof chunk === "string" || chunk instanceof Uint8Array) stream.write(chunk as string, ...(rest as []));
      if (end) process.nextTick(end);
      return stream;
    }) as typeof stream.end;
  }
}

/** `fs.writeSync(1, …)`, `fs.write(1, …)` and `fs.writeFileSync(1, …)`. */
function captureDescriptors(print: Print): void {
  const { write, writeFileSync } = fs;
  const textOf = (data: unknown, offset?: unknown, length?: unknown): string => {
    if (typeof data === "string") return data;
    const { buffer, byteOffset, byteLength } = data as Uint8Array;
    const start = typeof offset === "number" ? offset : 0;
    return Buffer.from(buffer, byteOffset + start, typeof length === "number" ? length : byteLength - start).toString();
  };
  fs.writeSync = ((descriptor: number, data: unknown, ...rest: unknown[]): number => {
    const name = streamOf(descriptor);
    if (name === undefined) return writeSync(descriptor, data as string, ...(rest as []));
    const text = textOf(data, ...(rest as []));
    print(name, text);
    return Buffer.byteLength(text);
  }) as typeof fs.writeSync;
  fs.write = ((descriptor: number, data: unknown, ...rest: unknown[]): void => {
    const name = streamOf(descriptor);
    if (name === undefined) {
      (write as (...values: unknown[]) => void)(descriptor, data, ...rest);
      return;
    }
    const text = textOf(data, ...(rest as []));
    print(name, text);
    const done = rest.at(-1) as (error: null, written: number, data: unknown) => void;
    process.nextTick(() => done(null, Buffer.byteLength(text), data));
  }) as typeof fs.write;
  fs.writeFileSync = ((file: number, data: unknown, ...rest: unknown[]): void => {
    const name = streamOf(file);
    if (name === undefined) writeFileSync(file, data as string, ...(rest as []));
    else print(name, textOf(data));
  }) as typeof fs.writeFileSync;
}

/** What a child process would inherit it writes to pipes, from which it goes to the streams. */
function captureChildren(): void {
  const { spawn, spawnSync } = childProcess;
  childProcess.spawn = ((command: string, ...rest: unknown[]): ChildProcess => {
    const [options, inherited] = withPipes(rest);
    const child = spawn(command, ...(options as []));
    for (const name of inherited) {
      child[name]?.on("data", (data: Uint8Array) => process[name].write(data));
      Object.assign(child, { [name]: null });
    }
    return child;
  }) as typeof childProcess.spawn;

  const runSync = ((command: string, ...rest: unknown[]) => {
    const [options, inherited] = withPipes(rest);
    const result = spawnSync(command, ...(options as []));
    for (const name of inherited) {
      process[name].write(result[name] ?? "");
      Object.assign(result, { [name]: null });
    }
    return result;
  }) as typeof childProcess.spawnSync;
  childProcess.spawnSync = runSync;

  // Node's own execSync and execFileSync do not go through the functions above where something is inherited.
  const { execSync, execFileSync } = childProcess;
  childProcess.execSync = ((command: string, options?: childProcess.ExecSyncOptions) =>
    inherits(options)
      ? runInherited(runSync(command, [], { ...options, shell: options?.shell ?? true }), command)
      : execSync(command, options)) as typeof execSync;
  childProcess.execFileSync = ((file: string, ...rest: unknown[]) => {
    const [values, options] = Array.isArray(rest[0]) ? [rest[0], rest[1]] : [[], rest[0]];
    return inherits(options)
      ? runInherited(runSync(file, values, options as object), file)
      : execFileSync(file, ...(rest as []));
  }) as typeof execFileSync;
}

function runInherited(result: childProcess.SpawnSyncReturns<string | Buffer>, command: string): string | Buffer {
  if (result.error) throw result.error;
  if (result.status === 0) return result.stdout;
  throw Object.assign(new Error(`Command failed: ${command}`), result);
}

const stdioOf = (options: unknown): unknown => (options as { stdio?: unknown } | undefined)?.stdio;

/** The three entries of `stdio`. */
const entries = (stdio: unknown): unknown[] => (Array.isArray(stdio) ? [...stdio] : [stdio, stdio, stdio]);

const isInherited = (entry: unknown, at: 1 | 2): boolean =>
  entry === "inherit" || entry === at || entry === process[names[at]];

const inherits = (options: unknown): boolean => {
  const [, out, error] = entries(stdioOf(options));
  return isInherited(out, 1) || isInherited(error, 2);
};

/** The arguments of a spawn with pipes in the place of what is inherited, and the names of those. */
function withPipes(values: readonly unknown[]): [unknown[], Printed["name"][]] {
  const at = values.findIndex((value) => typeof value === "object" && value !== null && !Array.isArray(value));
  if (at < 0 || !inherits(values[at])) return [[...values], []];
  const stdio = entries(stdioOf(values[at]));
  const inherited = ([1, 2] as const).filter((descriptor) => isInherited(stdio[descriptor], descriptor));
  for (const descriptor of inherited) stdio[descriptor] = "pipe";
  const changed = [...values];
  changed[at] = { ...(values[at] as object), stdio };
  return [changed, inherited.map((descriptor) => names[descriptor])];
}
