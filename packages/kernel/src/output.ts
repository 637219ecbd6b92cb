// What cells print goes to `print`, write by write.
import { StringDecoder } from "node:string_decoder";
import type { Printed } from "./message.js";

/** Takes over the process's own streams. */
export function captureOutput(print: (name: Printed["name"], text: string) => void): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder(); // a letter may come in two writes
    process[name].write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
      if (text !== "") print(name, text);
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") process.nextTick(done as () => void);
      return true;
    };
  }
}
