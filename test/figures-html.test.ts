import assert from "node:assert/strict";
import { test } from "node:test";
import { figureHtml, libraryHtml } from "../packages/figures/src/html.js";

const malicious = `</script><img src=x onerror="alert(1)">'"\u2028`;

test("figureHtml keeps malicious text as text, and the plot's data as it was", () => {
  const data = [{ type: "scatter" as const, x: [1], y: [2], name: malicious }];
  const html = figureHtml({ title: malicious, alt: malicious, data, layout: {} });
  assert.equal(html.match(/<img/g)?.length, 1);
  assert.equal(html.match(/<script/g)?.length, 2);
  assert.equal(html.match(/<\/script/g)?.length, 2);
  const json = /<script type="application\/json">(.*)<\/script>/.exec(html)?.[1];
  assert.deepEqual(JSON.parse(json ?? ""), { data, layout: {} });
});

test("libraryHtml carries the packed library as data, marked for the one who strips it", () => {
  assert.match(libraryHtml("H4sI", "run()"), /^<script type="text\/plain" class="em-plotly">H4sI<\/script>/);
});
