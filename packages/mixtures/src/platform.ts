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
  setImmediate?(callback: () => void): unknown;
  MessageChannel: new () => { readonly port1: Port; readonly port2: Port };
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
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

/** Lets the event loop turn once. A timer of 0 would do as well, but browsers delay it by 4 ms. */
export const turnOfEvents = (): Promise<void> =>
  new Promise((resolve) => {
    if (platform.setImmediate) platform.setImmediate(resolve);
    else {
      const { port1, port2 } = new platform.MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    }
  });
