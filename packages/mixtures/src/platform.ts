// What the engine uses of the platform it runs on, beside the language: it is compiled against no browser's or Node's types.

/** A compiled WebAssembly module. */
export interface WasmModule {
  readonly wasmModule: never;
}

interface Platform {
  readonly WebAssembly?: {
    Module: new (bytes: Uint8Array) => WasmModule;
    Instance: new (module: WasmModule) => { readonly exports: unknown };
  };
  atob(text: string): string;
  readonly performance: { now(): number };
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

export const platform = globalThis as unknown as Platform;

/** One of Node's own modules; undefined elsewhere, and before Node 20.16. */
export const builtIn = (name: string): unknown =>
  typeof platform.process === "object" ? platform.process.getBuiltinModule?.(name) : undefined;

/** Milliseconds of a clock that never goes back. */
export const now = (): number => platform.performance.now();

/** Bytes of memory in the machine; 4 GiB where it does not say. */
export function machineMemory(): number {
  const system = builtIn("node:os") as { totalmem(): number } | undefined;
  return system?.totalmem() ?? 2 ** 32;
}
