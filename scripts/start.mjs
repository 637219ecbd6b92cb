// npm start [-- FILE.ipynb]: JupyterLab on notebooks/, at the first of them, or on the folder of another, with the TypeScript
// kernel chosen. Further arguments go to JupyterLab.
import { spawn } from "node:child_process";
import { setUp } from "./set-up/index.mjs";
import { path, root, runMain } from "./set-up/project.mjs";

await runMain(() => {
  const { command, args, env } = setUp();
  const given = process.argv.slice(2);
  // Where a reader gives one of these, that counts.
  const lesson = {
    "ServerApp.root_dir": [path("notebooks")],
    "LabApp.default_url": ["/lab/tree/01-three-coins.ipynb"],
  };
  const ours = {
    // A notebook of the reader's own brings its folder.
    ...(given.some((argument) => /^[^-].*\.ipynb$/.test(argument)) ? {} : lesson),
    "MultiKernelManager.default_kernel_name": ["tslab"],
    "KernelSpecManager.allowed_kernelspecs": ["tslab", "tslab-stock"],
    "KernelSpecManager.ensure_native_kernel": ["False"],
  };
  const options = Object.entries(ours)
    .filter(([name]) => !given.some((argument) => argument.startsWith(`--${name}`)))
    .flatMap(([name, values]) => values.map((value) => `--${name}=${value}`));
  const lab = [...args, "lab", ...options, ...given];
  const child = spawn(command, lab, { cwd: root, env, stdio: "inherit" });
  // Ctrl-C reaches JupyterLab too, which asks whether to stop; this process only waits for its answer.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((done) => child.on("exit", (code) => done(code ?? 1)));
});
