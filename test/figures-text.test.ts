import assert from "node:assert/strict";
import { test } from "node:test";
import { htmlText, plotlyText, scriptJson, shortNumber } from "../packages/figures/src/text.js";

const malicious = `</script><img src=x onerror="alert('1')"><!--\u2028&amp;`;

test("htmlText leaves nothing that could open a tag, an entity or end an attribute", () => {
  assert.equal(
    htmlText(malicious),
    "&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&lt;!--\u2028&amp;amp;",
  );
});

test("plotlyText leaves nothing that plotly.js reads as a tag or an entity", () => {
  assert.equal(plotlyText("a < b & <b>c</b>"), "a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;");
});

test("scriptJson cannot end its script element and parses back to the same value", () => {
  const json = scriptJson({ text: malicious });
  assert.doesNotMatch(json, /[<>\u2028\u2029]/);
  assert.deepEqual(JSON.parse(json), { text: malicious });
});

test("shortNumber has four decimals and a true minus sign", () => {
  assert.equal(shortNumber(-6.730116670092565), "−6.7301");
});
