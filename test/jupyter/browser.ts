// A real browser for tests, and a JupyterLab for it to open.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findBrowser } from "../../scripts/browser.mjs";

export const root = resolve(dirnameOf(import.meta.url), "../..");

/** For tests that need the browser: they are reported as skipped where there is none. */
export const needsBrowser = { skip: findBrowser() === undefined && "no Chromium or Chrome on this machine" };

/** A page, and everything that went wrong in it: errors on the console, failed requests, requests beyond `home`. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
}

export async function watchedPage(
  browser: Browser,
  home: string,
  options?: BrowserContextOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  // tsx marks the names of functions for stack traces, also of those that are sent to the page.
  await context.addInitScript("globalThis.__name = (f) => f");
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`status ${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(home) && !url.startsWith("data:") && !url.startsWith("blob:"))
      complaints.push(`outgoing: ${url}`);
  });
  return { page, complaints };
}

/** JupyterLab as `npm start` opens it, on a folder. */
export class Lab {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(folder: string): Promise<Lab> {
    const port = await freePort();
    const options = [folder, `--port=${port}`, "--ServerApp.port_retries=0"];
    const more = ["--no-browser", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", "--allow-root"];
    const child = spawn(process.execPath, [join(root, "scripts/start.mjs"), ...options, ...more], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const url = `http://localhost:${port}/`;
    await new Promise<void>((ready, failed) => {
      const listen = (text: string) => {
        said += text;
        if (said.includes(`${port}/lab`)) ready();
      };
      child.stdout.setEncoding("utf8").on("data", listen);
      child.stderr.setEncoding("utf8").on("data", listen);
      child.on("exit", () => failed(new Error(`JupyterLab did not start:\n${said}`)));
    });
    return new Lab(url, child);
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.on("exit", done));
    this.process.kill("SIGTERM");
    await ended;
  }

  /** Opens a notebook, its cells as they are in the file. */
  async open(page: Page, notebook: string): Promise<void> {
    await page.goto(`${this.url}lab/tree/${notebook}?reset`);
    await page.locator(".jp-Notebook .jp-Cell").first().waitFor();
  }

  /** Runs all cells of the open notebook and waits for the last. */
  async runAll(page: Page): Promise<void> {
    await this.command(page, "notebook:run-all-cells");
  }

  /** Runs one cell of the open notebook and waits for its end. */
  async run(page: Page, cell: number): Promise<void> {
    await this.command(page, "notebook:run-cell", cell);
  }

  private command(page: Page, command: string, cell = 0): Promise<void> {
    return page.evaluate(
      async ([command, cell]) => {
        // biome-ignore lint/suspicious/noExplicitAny: JupyterLab's application, shown to tests by an option of its server
        const app = (globalThis as any).jupyterapp;
        const { content, sessionContext } = app.shell.currentWidget;
        await sessionContext.ready;
        await sessionContext.session.kernel.info;
        content.activeCellIndex = cell;
        await app.commands.execute(command);
      },
      [command, cell] as const,
    );
  }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function dirnameOf(url: string): string {
  return fileURLToPath(new URL(".", url));
}
