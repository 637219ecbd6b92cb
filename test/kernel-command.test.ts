// `em-kernel install` and `uninstall`, as the packed package has them: what they write, refuse and leave behind.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { installPacked, packKernel } from "./packed-kernel.js";

const isWindows = process.platform === "win32";
const folder = mkdtempSync(join(tmpdir(), "em-kernel-"));
after(() => rmSync(folder, { recursive: true }));

const tarball = packKernel(folder);
const home = join(folder, "home");
const installed = installPacked(tarball, join(home, "project"));

const { userDataFolder } = createRequire(import.meta.url)(
  "../packages/kernel/dist/cjs/kernelspec.js",
) as typeof import("../packages/kernel/src/kernelspec.js");

/** A `jupyter` that says of itself what a test needs; no other is on the PATH. */
function jupyterLike(version: string, dataFolder: string, seen = "{}"): string {
  const bin = mkdtempSync(join(folder, "bin-"));
  const answers = `case "$*" in "kernelspec --version") echo ${version};; --data-dir) echo "${dataFolder}";; *) echo '{"kernelspecs":${seen}}';; esac`;
  writeFileSync(join(bin, "jupyter"), `#!/bin/sh\n${answers}\n`);
  chmodSync(join(bin, "jupyter"), 0o755);
  return bin;
}

function emKernel(args: readonly string[], env: NodeJS.ProcessEnv = {}, command = installed) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: home,
    env: { PATH: "", ...env },
    encoding: "utf8",
  });
  return { status, text: stdout + stderr };
}

test("npm pack holds the build, its command, README and licence, and nothing else", () => {
  const names = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split(/\r?\n/);
  const known =
    /^package\/(package\.json|README\.md|LICENSE|papermill\/(pyproject\.toml|\w+\.py)|dist\/cjs\/(package\.json|.*\.(js|d\.ts)))$/;
  assert.deepEqual(
    names.filter((name) => !known.test(name)),
    [],
  );
  for (const name of ["LICENSE", "dist/cjs/main.js", "dist/cjs/wire.js", "dist/cjs/command.js"])
    assert.ok(names.includes(`package/${name}`), name);
});

test("installs for the user and leaves no trace when taken out again", { skip: isWindows && "a shell script" }, () => {
  const data = join(home, "data");
  const kernel = join(data, "kernels", "em-tslab");
  const PATH = jupyterLike("8.10.0", data, `{"em-tslab":{"resource_dir":"${kernel}"}}`);
  for (let times = 0; times < 2; times++) {
    const { status, text } = emKernel(["install"], { PATH });
    assert.equal(status, 0, text);
    assert.match(text, /^The kernel em-tslab is installed in [^\n]*em-tslab\n/);
    assert.doesNotMatch(text, /^But/m);
  }
  const { argv, interrupt_mode } = JSON.parse(readFileSync(join(kernel, "kernel.json"), "utf8"));
  assert.equal(argv[0], process.execPath);
  assert.ok(existsSync(argv[1]), argv[1]);
  assert.equal(interrupt_mode, "message");
  assert.deepEqual(readdirSync(kernel), ["kernel.json"]);
  assert.equal(emKernel(["uninstall"], { PATH }).status, 0);
  assert.deepEqual(readdirSync(home), ["project"]);
});

test("says where Jupyter does not see it, or another first", { skip: isWindows && "a shell script" }, () => {
  const data = join(home, "data");
  const blind = emKernel(["install"], { PATH: jupyterLike("8.10.0", data) });
  assert.match(blind.text, /does not look there/);
  const other = emKernel(["install"], {
    PATH: jupyterLike("8.10.0", data, `{"em-tslab":{"resource_dir":"${folder}"}}`),
  });
  assert.match(other.text, /takes another kernel of that name first/);
  emKernel(["uninstall"], { JUPYTER_DATA_DIR: data });
});

test("refuses a Jupyter that is too old, and writes nothing", { skip: isWindows && "a shell script" }, () => {
  const { status, text } = emKernel(["install"], { PATH: jupyterLike("5.3.5", join(home, "data")) });
  assert.equal(status, 1);
  assert.match(text, /too old.*jupyter_client 5\.3\.5.*6 or newer\.\nRenew it/);
  assert.deepEqual(readdirSync(home), ["project"]);
});

test("installs below a prefix, by any name, and leaves what others have put there", () => {
  const kernels = join(home, "env", "share", "jupyter", "kernels");
  mkdirSync(join(kernels, "tslab"), { recursive: true });
  writeFileSync(join(kernels, "tslab", "kernel.json"), '{ "argv": ["tslab"] }');
  const taken = emKernel(["install", "--prefix", "env", "--name", "tslab"]);
  assert.equal(taken.status, 1);
  assert.match(taken.text, /Another kernel is called tslab .*--name/);
  assert.equal(emKernel(["install", "--prefix", "env", "--name", "ours"]).status, 0);
  assert.deepEqual(readdirSync(kernels).sort(), ["ours", "tslab"]);
  assert.equal(emKernel(["uninstall", "--prefix", "env", "--name", "ours"]).status, 0);
  assert.match(
    emKernel(["uninstall", "--prefix", "env", "--name", "tslab"]).text,
    /not installed by em-kernel: it stays/,
  );
  assert.deepEqual(readdirSync(kernels), ["tslab"]);
  rmSync(join(home, "env"), { recursive: true });
});

test("tells without a stack what cannot be done", () => {
  writeFileSync(join(folder, "file"), "");
  const wrong: readonly [readonly string[], RegExp][] = [
    [[], /^em-kernel install +registers/],
    [["remove"], /^em-kernel install/],
    [["install", "--global"], /--global/],
    [["install", "--name", "my kernel"], /is not "my kernel"/],
    [["install", "--user", "--prefix", "env"], /not both/],
    [
      ["install", "--prefix", join(folder, "file")],
      /cannot be written: ENOTDIR|cannot be written: EEXIST|cannot be written: ENOENT/,
    ],
    [["uninstall", "--prefix", "env"], /There is no kernel .*env/],
  ];
  for (const [args, message] of wrong) {
    const { status, text } = emKernel(args);
    assert.equal(status, 1, args.join(" "));
    assert.match(text, message);
    assert.doesNotMatch(text, /^ +at /m);
  }
  assert.deepEqual(readdirSync(home), ["project"]);
});

test("from npx, whose cache does not last, it is copied with its packages, and goes with them", () => {
  const cached = installPacked(tarball, join(folder, "_npx", "1234"));
  assert.equal(emKernel(["install", "--prefix", "env"], {}, cached).status, 0);
  rmSync(join(folder, "_npx"), { recursive: true });
  const kernel = join(home, "env", "share", "jupyter", "kernels", "em-tslab");
  const { argv } = JSON.parse(readFileSync(join(kernel, "kernel.json"), "utf8"));
  assert.ok(argv[1].startsWith(kernel) && existsSync(argv[1]), argv[1]);
  assert.ok(existsSync(join(kernel, "node_modules", "typescript-6", "package.json")));
  assert.equal(emKernel(["uninstall", "--prefix", "env"]).status, 0);
  assert.deepEqual(readdirSync(join(home, "env")), []);
  rmSync(join(home, "env"), { recursive: true });
});

test("a user's kernels are where Jupyter looks on each system", () => {
  assert.equal(userDataFolder({}, "/home/a", "linux"), "/home/a/.local/share/jupyter");
  assert.equal(userDataFolder({ XDG_DATA_HOME: "/data" }, "/home/a", "linux"), "/data/jupyter");
  assert.equal(userDataFolder({}, "/Users/a", "darwin"), "/Users/a/Library/Jupyter");
  assert.equal(userDataFolder({}, "C:\\Users\\a", "win32"), "C:\\Users\\a\\AppData\\Roaming\\jupyter");
  assert.equal(userDataFolder({ APPDATA: "D:\\Roaming" }, "C:\\Users\\a", "win32"), "D:\\Roaming\\jupyter");
  assert.equal(userDataFolder({ JUPYTER_DATA_DIR: "/own" }, "/home/a", "linux"), "/own");
});
