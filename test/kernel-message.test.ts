import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { CorruptMessageError, decode, encode } from "../packages/kernel/src/message.js";

const header = { msg_id: "1", msg_type: "execute_request", username: "reader", session: "page" };
const parts = [header, {}, {}, { code: "1 + 1" }].map((part) => Buffer.from(JSON.stringify(part)));
const sign = (key: string, signed: readonly Buffer[]) => {
  const hash = createHmac("sha256", key);
  for (const part of signed) hash.update(part);
  return Buffer.from(hash.digest("hex"));
};
const framed = (signature: Buffer, rest: readonly Buffer[]) => [
  Buffer.from("client"),
  Buffer.from("<IDS|MSG>"),
  signature,
  ...rest,
];

test("decode reads a signed request, with and without buffers after it", () => {
  for (const all of [parts, [...parts, Buffer.from("buffer")]]) {
    const request = decode("shell", framed(sign("key", all), all), "key");
    assert.deepEqual(request.header, header);
    assert.deepEqual(request.content, { code: "1 + 1" });
    assert.deepEqual(request.identities, [Buffer.from("client")]);
  }
});

test("decode takes any signature where the connection has no key", () => {
  assert.equal(decode("shell", framed(Buffer.from(""), parts), "").header.msg_id, "1");
});

test("decode refuses what is corrupt", () => {
  const bad = ["{", "{}", "{}", "{}"].map((part) => Buffer.from(part));
  const noType = ["{}", "{}", "{}", "{}"].map((part) => Buffer.from(part));
  for (const [frames, why] of [
    [framed(sign("other", parts), parts), "signature"],
    [framed(Buffer.from(""), parts), "signature"],
    [framed(sign("key", parts), parts).slice(0, 5), "missing"],
    [parts, "missing"],
    [framed(sign("key", bad), bad), "JSON"],
    [framed(sign("key", noType), noType), "shape"],
  ] as const)
    assert.throws(() => decode("shell", frames, "key"), { name: CorruptMessageError.name, message: new RegExp(why) });
});

test("encode makes what decode reads, as the parent's answer", () => {
  const frames = encode("execute_reply", '{"status":"ok"}', header, ["client"], "key");
  const read = decode(
    "shell",
    frames.map((frame) => Buffer.from(frame)),
    "key",
  );
  assert.equal(read.header.msg_type, "execute_reply");
  assert.equal(read.header.username, "reader");
  assert.deepEqual(JSON.parse(String(frames[4])), header);
});
