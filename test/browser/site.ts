// The site for tests, as `npm run test:browser` makes it, served from a folder below a server's root, as GitHub Pages does.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(new URL(".", import.meta.url)), "../..");
export const site = join(root, "build/test-site");

assert.ok(existsSync(site), "there is no site to test: npm run test:browser makes one");

/** A page of the site's form with these code cells, which no notebook has; returns its name. */
export function pageWith(name: string, codes: readonly string[]): string {
  const text = (code: string) => code.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const cells = codes.map(
    (code, at) =>
      `<div class="cell code_cell" id="cell-id=${at + 1}"><div class="input"><div class="input_area"><div class="highlight"><pre tabindex="0">${text(code)}</pre></div></div></div></div>`,
  );
  const notebook = { cells: codes.map((source, at) => ({ cell_type: "code", id: `${at + 1}`, source })), metadata: {} };
  const json = JSON.stringify(notebook).replaceAll("<", "\\u003c");
  const [head = "", rest = ""] = readFileSync(join(site, "09-referee.html"), "utf8").split("<main>");
  const tail = rest.slice(rest.indexOf("</main>"));
  const data = `<script type="application/json" id="notebook">${json}</script>`;
  writeFileSync(join(site, `${name}.html`), `${head}<main><h1>${name}</h1>${cells.join("\n")}${data}${tail}`);
  return name;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".woff2": "font/woff2",
};

/** A static server with no headers of its own. */
export async function serve(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = join(site, pathname.replace(/^\/some\/folder\//, ""));
    if (!pathname.startsWith("/some/folder/") || !existsSync(file)) {
      response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
      return;
    }
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/some/folder/`, stop: () => server.close() };
}
