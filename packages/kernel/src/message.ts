// Jupyter's wire format: frames to messages and back, signed and verified. What the two threads say to each other
// (Request, Command) stands here too. Replaces ZmqMessage of tslab, which let a corrupt message end the kernel.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

export type Channel = "shell" | "control" | "stdin";
export type Frame = Uint8Array | string;

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly username: string;
  /** The client's, new for each page that is opened. */
  readonly session: string;
}

/** A request, and by channel and identities whom to answer. */
export interface Request {
  readonly channel: Channel;
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  // biome-ignore lint/suspicious/noExplicitAny: each kind of request has its own shape, read where it is answered.
  readonly content: any;
}

/** What a cell has printed. */
export interface Printed {
  readonly name: "stdout" | "stderr";
  readonly text: string;
  readonly parent: Header | undefined;
}

/** What the main thread asks of the wire thread. Contents travel as JSON text, which is copied fastest. */
export type Command =
  | { readonly do: "publish"; readonly type: string; readonly content: string; readonly parent: Header | undefined }
  | ({ readonly do: "print" } & Printed)
  | { readonly do: "begin"; readonly request: Request }
  | { readonly do: "finish"; readonly request: Request; readonly content: string | undefined }
  | { readonly do: "ask"; readonly request: Request; readonly prompt: string; readonly password: boolean }
  | { readonly do: "ready" };

export class CorruptMessageError extends Error {
  override name = "CorruptMessageError";
}

/** The version of the protocol that the kernel speaks: 5.4 brought `iopub_welcome`. */
export const protocolVersion = "5.4";

/**
 * JSON whose strings hold no half of a surrogate pair, which no notebook can be saved with: JSON.stringify writes halves,
 * and only these, as escapes.
 */
const wellFormed = (json: string): string => json.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, "$1\ufffd");

const delimiter = Buffer.from("<IDS|MSG>");
/** One kernel process is one session of its own; its replies carry the user's name back. */
const session = randomUUID();

const sign = (key: string, parts: readonly Frame[]): string => {
  if (key === "") return ""; // Jupyter's way to say: unsigned
  const hash = createHmac("sha256", key);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** Reads a request; throws CorruptMessageError where frames, signature or JSON are not as they must be. */
export function decode(channel: Channel, frames: readonly Uint8Array[], key: string): Request {
  const start = frames.findIndex((frame) => delimiter.equals(frame));
  if (start < 0 || frames.length < start + 6) throw new CorruptMessageError("frames are missing");
  const parts = frames.slice(start + 2, start + 6);
  const given = Buffer.from(frames[start + 1] ?? "");
  const wanted = Buffer.from(sign(key, frames.slice(start + 2)));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new CorruptMessageError("the signature is wrong");
  try {
    const [header, , , content] = parts.map((part) => JSON.parse(Buffer.from(part).toString()));
    if (typeof header?.msg_type !== "string" || typeof header.msg_id !== "string" || typeof content !== "object")
      throw new Error("header or content has the wrong shape");
    return { channel, identities: frames.slice(0, start), header, content: content ?? {} };
  } catch (error) {
    throw new CorruptMessageError((error as Error).message);
  }
}

/** The frames of a message of ours; `content` is JSON text. */
export function encode(
  type: string,
  content: string,
  parent: Header | undefined,
  to: readonly Frame[],
  key: string,
): Frame[] {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: parent?.username ?? "kernel",
    date: new Date().toISOString(),
    version: protocolVersion,
  };
  const parts = [JSON.stringify(header), JSON.stringify(parent ?? {}), "{}", content].map(wellFormed);
  return [...to, delimiter, sign(key, parts), ...parts];
}
