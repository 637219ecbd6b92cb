import assert from "node:assert/strict";
import { test } from "node:test";
import {
  figuresOf,
  imageOf,
  plotOf,
  withImage,
  withImagesOf,
  withJoinedStreams,
  withoutImage,
  withoutLibrary,
} from "../packages/book/notebook.mjs";
import { figureHtml, libraryHtml } from "../packages/figures/src/html.js";

const figure = figureHtml({ title: "T", alt: 'a "b" >', data: [{ x: [1] }], layout: {} });
const shown = (html: string) => ({ output_type: "display_data", data: { "text/html": html } });
const printed = (text: string, name = "stdout") => ({ output_type: "stream", name, text });
const notebookOf = (...outputs: { output_type: string }[]) => ({
  cells: [{ cell_type: "code", id: "a", metadata: {}, source: "", outputs }],
  metadata: {},
});
const svg = `data:image/svg+xml;base64,${Buffer.from("<svg/>").toString("base64")}`;

test("withoutLibrary drops the packed library and keeps the rest", () => {
  const notebook = notebookOf(shown(libraryHtml("H4sI", "run()")), shown(figure), printed("x"));
  assert.deepEqual(withoutLibrary(notebook), notebookOf(shown(figure), printed("x")));
});

test("withJoinedStreams joins what is printed in a row to the same stream", () => {
  const notebook = notebookOf(printed("a\n"), printed("b"), printed("c\n", "stderr"), shown(figure), printed("d"));
  const [first, ...others] = withJoinedStreams(notebook).cells[0].outputs ?? [];
  assert.deepEqual(first.text, ["a\n", "b"]);
  assert.deepEqual(others, [printed("c\n", "stderr"), shown(figure), printed("d")]);
});

test("withImage and withoutImage put a static image in and out; imageOf and plotOf read the figure", () => {
  const drawn = withImage(figure, svg);
  assert.match(drawn, /<img alt="a &quot;b&quot; &gt;" src="data:image/);
  assert.equal(withoutImage(drawn), figure);
  assert.equal(withImage(drawn, svg), drawn);
  assert.equal(imageOf(drawn)?.toString(), "<svg/>");
  assert.deepEqual(plotOf(drawn), { data: [{ x: [1] }], layout: {} });
});

test("withImagesOf gives a figure the image of the same figure elsewhere, and only of the same", () => {
  const other = figure.replace("[1]", "[2]");
  const known = notebookOf(shown(withImage(figure, svg)));
  const result = withImagesOf(notebookOf(shown(figure), shown(other)), known);
  assert.deepEqual(result.cells.flatMap(figuresOf), [withImage(figure, svg), other]);
});
