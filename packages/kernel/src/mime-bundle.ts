// What a value looks like in a notebook: a MIME bundle.
import { inspect } from "node:util";

/** One output by MIME type: text, JSON, or bytes, which are sent as base64. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Deno's protocol: an object with this method says itself how it is displayed. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display");

/** How many entries of an object are shown: as many as of an array. */
const mostEntries = 100;

/** The bundle that the value gives of itself; else what Node would print. */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = ownBundle(value);
  return own instanceof Promise ? own.then((bundle) => checked(bundle, value)) : checked(own, value);
}

/** What the value's own method says. A proxy may answer anything to anything, or throw. */
function ownBundle(value: unknown): unknown {
  let display: unknown;
  try {
    display = (value as { [displaySymbol]?: unknown } | null | undefined)?.[displaySymbol];
  } catch {
    return undefined;
  }
  return typeof display === "function" ? display.call(value) : undefined;
}

/** The bundle, if it is one. */
function checked(bundle: unknown, value: unknown): MimeBundle {
  const isBundle =
    typeof bundle === "object" &&
    bundle !== null &&
    Object.keys(bundle).some((type) => /^[\w-]+\/[\w.+-]+$/.test(type));
  return isBundle ? (bundle as MimeBundle) : { "text/plain": textOf(value) };
}

function textOf(value: unknown): string {
  try {
    return inspect(isLarge(value) ? firstEntries(value) : value);
  } catch {
    return "a value that cannot be shown, as looking at it throws";
  }
}

function isLarge(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.keys(value).length > mostEntries;
}

/** As Node cuts arrays, which it does not do with objects. */
function firstEntries(value: Record<string, unknown>): unknown {
  const keys = Object.keys(value);
  const first = Object.fromEntries(keys.slice(0, mostEntries).map((key) => [key, value[key]]));
  const more = keys.length - mostEntries;
  return {
    [inspect.custom]: (_: number, options: object) =>
      inspect(first, options).replace(/\s*\}$/, `,\n  ... ${more} more ${more === 1 ? "entry" : "entries"}\n}`),
  };
}

/** The bundle with its bytes as base64. */
export function encodeBytes(bundle: MimeBundle): MimeBundle {
  const letters = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const encode = (data: unknown): unknown => (data instanceof Uint8Array ? btoa(letters(data)) : data);
  return Object.fromEntries(Object.entries(bundle).map(([type, data]) => [type, encode(data)]));
}
