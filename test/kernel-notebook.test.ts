import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { afterEach, beforeEach, mock, test } from "node:test";
import { barLine, clearOutput, display, mime, progress, updateDisplay } from "../packages/kernel/src/notebook.js";

const require = createRequire(import.meta.url);

interface Sent {
  readonly type: string;
  readonly content: { readonly data?: Readonly<Record<string, unknown>>; readonly transient?: object };
}
const broadcast = Symbol.for("Jupyter.broadcast");
const place = globalThis as { [broadcast]?: unknown };
let sent: Sent[];
const texts = () => sent.map(({ content }) => content.data?.["text/plain"]);

beforeEach(() => {
  sent = [];
  place[broadcast] = (type: string, content: Sent["content"]) => sent.push({ type, content });
});
afterEach(() => {
  delete place[broadcast];
});

test("display and updateDisplay send a value's own bundle, or its text, under one id", () => {
  display(mime({ "text/html": "<b>b</b>" }), "one");
  updateDisplay("one", [1, 2]);
  assert.deepEqual(sent, [
    {
      type: "display_data",
      content: { data: { "text/html": "<b>b</b>" }, metadata: {}, transient: { display_id: "one" } },
    },
    {
      type: "update_display_data",
      content: { data: { "text/plain": "[ 1, 2 ]" }, metadata: {}, transient: { display_id: "one" } },
    },
  ]);
});

test("on stock tslab, which shows one form of a value, it is the richest, whatever their order", () => {
  delete place[broadcast];
  const raw = mock.method(require("tslab").display, "raw", () => {});
  const stock = require("em-kernel") as { display: typeof display; mime: typeof mime };
  stock.display(stock.mime({ "text/plain": "b", "image/png": "iVBORw==", "text/html": "<b>b</b>" }));
  assert.deepEqual(raw.mock.calls[0]?.arguments, ["text/html", "<b>b</b>"]);
});

test("clearOutput passes on whether to wait", () => {
  clearOutput(true);
  assert.deepEqual(sent, [{ type: "clear_output", content: { wait: true } }]);
});

test("progress yields every item and leaves one line without times", () => {
  assert.deepEqual([...progress(["a", "b", "c"], "letters")], ["a", "b", "c"]);
  assert.equal(texts().at(-1), "letters: 3 of 3");
  assert.equal(new Set(sent.map(({ content }) => JSON.stringify(content.transient))).size, 1);
});

test("progress counts up to a number", () => assert.deepEqual([...progress(3)], [0, 1, 2]));

test("progress takes items one by one, and counts those without a length", () => {
  let made = 0;
  function* steps() {
    while (made < 3) yield ++made;
  }
  for (const step of progress(steps(), "steps")) assert.equal(made, step);
  assert.equal(texts().at(-1), "steps: 3");
  assert.deepEqual([...progress(new Set(["a"]), "set")], ["a"]);
  assert.equal(texts().at(-1), "set: 1 of 1");
});

test("progress says where a loop has stopped", () => {
  for (const item of progress(5, "steps")) if (item === 2) break;
  assert.equal(texts().at(-1), "steps: 2 of 5, stopped");
});

test("barLine shows share, count and the time left at this speed", () => {
  assert.equal(barLine("steps", 5, 20, 1000), "steps  █████░░░░░░░░░░░░░░░  25%  5 of 20, 3 s left");
  assert.equal(barLine("steps", 0, 20, 0), "steps  ░░░░░░░░░░░░░░░░░░░░  0%  0 of 20");
  assert.equal(barLine("none", 0, 0, 0), "none  ████████████████████  100%  0 of 0");
});
