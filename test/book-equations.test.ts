import assert from "node:assert/strict";
import { test } from "node:test";
import { Equations } from "../packages/book/equations.mjs";

test("Equations takes inline and displayed equations, and leaves the dollars of code", () => {
  const equations = new Equations();
  const text = 'Cost \\$5, `$x$` and\n```ts\nconst a = "$b$";\n```\nbut $x_1$ and\n\n$$y_2 \\tag{3}$$\n';
  const marked = equations.take(text);
  assert.equal(
    marked,
    'Cost \\$5, `$x$` and\n```ts\nconst a = "$b$";\n```\n' +
      'but <span data-equation="0"></span> and\n\n<span data-equation="1"></span>\n',
  );
  const html = equations.put(marked);
  assert.match(html, /but <span class="katex">.*x_1.*<\/span> and/);
  assert.match(html, /<span class="katex-display">.*y_2/);
});

test("Equations numbers on over the cells of a notebook", () => {
  const equations = new Equations();
  equations.take("$a$");
  assert.equal(equations.take("$b$"), '<span data-equation="1"></span>');
});

test("Equations refuses what KaTeX cannot typeset", () => {
  assert.throws(() => new Equations().take("$\\nosuchcommand$"), /nosuchcommand/);
});
