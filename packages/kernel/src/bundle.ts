// What a value looks like in a notebook: a MIME bundle.
import { inspect } from "node:util";

/** One output by MIME type: text, JSON, or bytes, which are sent as base64. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Deno's protocol: an object with this method says itself how it is displayed. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display");

/** The bundle that the value gives of itself; else what Node would print. */
export function bundleOf(value: unknown): MimeBundle | PromiseLike<MimeBundle> {
  const own = (value as { [displaySymbol]?: unknown } | null | undefined)?.[displaySymbol];
  return typeof own === "function" ? own.call(value) : { "text/plain": inspect(value) };
}

/** The bundle with its bytes as base64. */
export function encodeBytes(bundle: MimeBundle): MimeBundle {
  const encode = (data: unknown): unknown => (data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data);
  return Object.fromEntries(Object.entries(bundle).map(([type, data]) => [type, encode(data)]));
}
