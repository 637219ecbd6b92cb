// The browser that draws static images and runs the browser tests: Chromium or Chrome as the machine has it.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { SetUpError } from "./set-up/project.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  join(process.env["PROGRAMFILES"] ?? "", "Google", "Chrome", "Application", "chrome.exe"),
];

/** The browser's program: what the variable CHROMIUM names, else a usual place; undefined where there is none. */
export function findBrowser() {
  const named = process.env["CHROMIUM"];
  if (named !== undefined) return named;
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...elsewhere].find((file) => existsSync(file));
}

/** Starts the browser without a window and without a network beyond this machine. */
export function openBrowser() {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new SetUpError(`No Chromium or Chrome was found. Install one, or name its program in the variable CHROMIUM:
  Debian, Ubuntu   sudo apt-get install chromium
  macOS            brew install --cask chromium
  Windows          winget install Google.Chrome`);
  // Chromium's sandbox does not work for root, which is who runs in most containers. SwiftShader draws WebGL without a GPU.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({
    executablePath,
    args: [...sandbox, "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
}
