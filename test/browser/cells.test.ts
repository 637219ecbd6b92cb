// Cells in a page's worker: what they mean, what they show, how they fail, and that each can be stopped.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect, stripVTControlCharacters } from "node:util";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../scripts/browser.mjs";
// Cells, and the value of the last one, as on Node: see test/kernel-cells.test.ts.
import cases from "../fixtures/cells.json" with { type: "json" };
import { needsBrowser, watchedPage } from "../jupyter/browser.js";
import { pageWith, serve } from "./site.js";

/** What a page has not, Node's modules, and what the options of the lesson's notebooks refuse. */
const otherwise: Readonly<Record<string, RegExp>> = {
  "import() of Node's modules": /Cannot import "node:os": cells in a page import em-lesson/,
  "import() in evaluated code": /node:os/,
  "parameters without types": /Cannot find name 'plus'/,
  "import.meta": /'process' is Node's/,
  "undefined for an optional property": /exactOptionalPropertyTypes/,
};

describe("cells in a page", needsBrowser, () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;

  before(async () => {
    server = await serve();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    server?.stop();
  });

  const open = async (name: string, ...codes: string[]) => {
    const watched = await watchedPage(browser, server.url);
    await watched.page.goto(`${server.url}${pageWith(`test-${name}`, codes)}.html`);
    return watched;
  };
  const cell = (page: Page, number: number) => page.locator(".code_cell").nth(number - 1);
  const press = (page: Page, number: number, button = "Run") =>
    page.getByRole("button", { name: `${button} cell ${number}`, exact: true }).click();
  const ended = async (page: Page, number: number) => {
    await cell(page, number).and(page.locator("[data-state=done], [data-state=failed]")).waitFor();
    return shown(page, number);
  };
  const shown = async (page: Page, number: number) =>
    stripVTControlCharacters((await cell(page, number).locator(".output pre").allTextContents()).join("\n"));
  const run = async (page: Page, number: number) => {
    await press(page, number);
    return ended(page, number);
  };

  test("cells mean what they mean on Node", async () => {
    const codes = cases.flatMap(({ cells }) => cells);
    const { page } = await open("meaning", ...codes);
    const faults: string[] = [];
    let number = 0;
    for (const { name, cells, value } of cases) {
      let last = "";
      for (const _ of cells) last = await run(page, ++number);
      if (otherwise[name] ? !otherwise[name].test(last) : last !== inspect(value)) faults.push(`${name}: ${last}`);
    }
    assert.deepEqual(faults, []);
  });

  test("what a cell fails of is told with its line, and the next cell runs", async () => {
    const { page, complaints } = await open(
      "errors",
      "function inverse(x: number): number {\n  if (x === 0) throw new RangeError('zero has no inverse');\n  return 1 / x;\n}\n\ninverse(0);",
      "const half: number = '0.5';",
      "const = 1;",
      "throw { weight: -1 };",
      "await Promise.reject(new Error('awaited'));",
      "const weight = 0.25; const parse = (text: string): number => { throw new Error(text) }; const lost = parse('empty');",
      "console.log(weight)",
      "void (async () => { throw new Error('no convergence') })();",
      "setTimeout(() => { throw new Error('in a timer') }, 0);",
      "prompt('name?')",
      "import { chunk } from 'lodash'; chunk([])",
      "import { readFileSync } from 'node:fs'; readFileSync('/etc/passwd', 'utf8')",
      "process.exit()",
      "!ls",
      "'good'",
    );
    const first = await run(page, 1);
    assert.match(first, /In\[1\], line 2\n2 \| {3}if \(x === 0\) throw new RangeError/);
    assert.match(first, /RangeError: zero has no inverse\n {4}at inverse \(In\[1\]:2:\d+\)\n {4}at In\[1\]:6:1\n?$/);
    const wanted = [
      /TypeCheckError TS2322: .*In\[2\]:1:7\n1 \| const half/,
      /SyntaxError TS1134/,
      /Thrown: \{ weight: -1 \}/,
      /Error: awaited/,
      /Error: empty/,
      /^0\.25\n$/,
      /Error: no convergence/,
      /Error: in a timer/,
      /prompt: a cell in a page cannot ask/,
      /Cannot import "lodash": cells in a page import em-lesson, em-mixtures, .*mathjs/,
      /\/etc\/passwd cannot be read: a page has no files but those of the lesson, old-faithful\.csv/,
      /'process' is Node's, and a page has none/,
      /a page has no shell/,
      /^'good'$/,
    ];
    for (const [at, pattern] of wanted.entries()) assert.match(await run(page, at + 2), pattern);
    assert.deepEqual(complaints, []);
  });

  test("a cell that fails on the way keeps those after it from running, and says so", async () => {
    const { page } = await open("on-the-way", "1", "throw new Error('here')", "3", "4");
    await press(page, 4);
    assert.match(await ended(page, 2), /here/);
    await cell(page, 4).getByText("It did not run: cell 2 above failed.").waitFor();
    assert.equal(await run(page, 4), "4", "asked again it runs");
  });

  test("displays, updates, cleared output and progress stand below their cell; HTML runs no scripts", async () => {
    const { page, complaints } = await open(
      "displays",
      "import { clearOutput, display, mime, progress, updateDisplay } from 'em-kernel';\ndisplay(mime({ 'text/html': '<b>one</b>' }), 'place');",
      "updateDisplay('place', mime({ 'text/html': '<i>two</i>' }))",
      "for (const _ of progress(3, 'steps')) ;",
      "console.log('gone'); clearOutput(); console.log('stays')",
      "setTimeout(() => console.log('late'), 300); 0",
      "await new Promise((done) => setTimeout(done, 600)); 'later'",
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>bold</b>', 'text/plain': 'bold' }) })",
      "mime({ 'text/html': `<img src=x: onerror='document.title = 1'><script>document.title = 2</script><a href='javascript:0'>evil</a>` })",
      "for (let line = 0; line < 20000; line++) console.log(line);",
      "console.error('to stderr'); console.table([{ a: 1 }]); console.log('%d of %s', 1, 'x', { deep: { er: { and: { more: 1 } } } })",
    );
    for (let number = 1; number <= 10; number++) await run(page, number);
    assert.equal(await cell(page, 1).locator(".output_html").innerHTML(), "<i>two</i>");
    assert.equal(await shown(page, 3), "steps: 3 of 3");
    assert.equal(await shown(page, 4), "stays\n");
    assert.equal(await shown(page, 5), "0\nlate\n".replace("0\n", "0\n"));
    assert.equal(await shown(page, 6), "'later'");
    assert.equal(await cell(page, 7).locator(".output_html").innerHTML(), "<b>bold</b>");
    assert.match(await page.title(), /Referee/);
    assert.equal((await shown(page, 9)).split("\n").length, 20_001);
    assert.match(await shown(page, 10), /│ 0 {7}│ 1 │/);
    // Of what it has forbidden the browser tells, and of the image that there is not.
    for (const complaint of complaints) assert.match(complaint, /inline event handler violates|x:/);
  });

  const loops: Readonly<Record<string, string>> = {
    for: "for (;;) {}",
    while: "while (true) ;",
    do: "do steps++; while (true)",
    "for of": "for (const i of (function* () { for (;;) yield 1 })()) steps += i;",
    "for in": "for (;;) for (const key in { a: 1 }) steps += key.length;",
    "in a function": "const endless = () => { let n = 0; while (n >= 0) n++; }; endless();",
    "that catches": "for (;;) try { for (;;) steps++ } catch {}",
    "after an await": "await null; for (;;) {}",
    "that awaits": "for (;;) await null;",
    "a wait": "await new Promise(() => {})",
    "for await": "for await (const _ of (async function* () { for (;;) yield await null })()) ;",
    "that prints": "for (;;) console.log('again')",
  };
  test("loops and waits stop at once, and names stay", async () => {
    const { page } = await open("loops", "let steps = 7; let kept = 'kept'", ...Object.values(loops), "kept");
    const slow: string[] = [];
    for (const [at, name] of Object.keys(loops).entries()) {
      await press(page, at + 2);
      if (at === 0) await cell(page, 1).and(page.locator("[data-state=done]")).waitFor();
      await page.waitForTimeout(250);
      await press(page, at + 2, "Stop");
      const text = await ended(page, at + 2);
      assert.match(text, /InterruptedError: the cell was interrupted/, name);
      if (/with all that ran/.test(text)) slow.push(name);
    }
    assert.deepEqual(slow, [], "no worker was replaced");
    assert.equal(await run(page, Object.keys(loops).length + 2), "'kept'");
  });

  test("what has not begun can be stopped, too", async () => {
    const { page } = await open("early", "1", "2");
    await press(page, 2);
    await press(page, 2, "Stop");
    await cell(page, 1).and(page.locator("[data-state=fresh]")).waitFor();
    assert.equal(await run(page, 2), "2");
  });

  test("what does not listen is ended with its worker, and the cells above run again", async () => {
    const { page } = await open(
      "deaf",
      "const above = 40; console.log('above')",
      "/^(a+)+$/.test('a'.repeat(40) + '!')",
      "above + 2",
    );
    await press(page, 2);
    await cell(page, 1).and(page.locator("[data-state=done]")).waitFor();
    await page.waitForTimeout(300);
    await press(page, 2, "Stop");
    assert.match(await ended(page, 2), /it did not listen\. The cells above it run again/);
    assert.equal(await ended(page, 1), "above\n");
    assert.equal(await run(page, 3), "42");
  });
});
