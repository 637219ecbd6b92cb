// npm start: JupyterLab on notebooks/, with the TypeScript kernel chosen. Further arguments go to JupyterLab.
import { spawn } from "node:child_process";
import { setUp } from "./set-up/index.mjs";
import { path, root, runMain } from "./set-up/project.mjs";

await runMain(() => {
  const { command, args, env } = setUp();
  const lab = [
    ...args,
    "lab",
    `--ServerApp.root_dir=${path("notebooks")}`,
    "--MultiKernelManager.default_kernel_name=tslab",
    "--KernelSpecManager.allowed_kernelspecs=tslab",
    "--KernelSpecManager.allowed_kernelspecs=tslab-stock",
    "--KernelSpecManager.ensure_native_kernel=False",
    ...process.argv.slice(2),
  ];
  const child = spawn(command, lab, { cwd: root, env, stdio: "inherit" });
  // Ctrl-C reaches JupyterLab too, which asks whether to stop; this process only waits for its answer.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((done) => child.on("exit", (code) => done(code ?? 1)));
});
