import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import * as fromModule from "em-mixtures";
import { buildSync } from "esbuild";
import { randomFrom, standardNormal } from "../packages/mixtures/src/random.js";

const random = randomFrom(3);
const values = Float64Array.from({ length: 20_000 }, (_, at) => standardNormal(random) + (at % 4 < 2 ? 0 : 5));
const fit = { nComponents: 2, nInit: 1, maxIter: 5 };

/** What a fit large enough for WebAssembly finds. */
function paramsOf({ GaussianMixture }: typeof fromModule): fromModule.GaussianParams {
  const { params } = GaussianMixture.fit({ values, columns: 2 }, fit);
  // Arrays of another realm equal ours only as text.
  return JSON.parse(JSON.stringify(params));
}

test("the CommonJS form fits as the ES module does", () => {
  const require = createRequire(import.meta.url);
  assert.deepEqual(paramsOf(require("em-mixtures")), paramsOf(fromModule));
});

test("a browser's bundle fits as Node does, with WebAssembly and without", () => {
  const { outputFiles, warnings } = buildSync({
    stdin: { contents: 'export * from "em-mixtures";', resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "bundled",
    platform: "browser",
    write: false,
  });
  assert.deepEqual(warnings, []);
  const [{ text }] = outputFiles;
  // What a browser has of these: no `process`, no `require`, no module of Node's.
  const browser = { atob, performance, Float64Array, Uint8Array, Array };
  const inBrowser = (globals: object) => paramsOf(runInNewContext(`${text};bundled`, { ...browser, ...globals }));
  const expected = paramsOf(fromModule);
  assert.deepEqual(inBrowser({ WebAssembly }), expected);
  // Plain TypeScript adds up in another order.
  const plain = inBrowser({ WebAssembly: undefined });
  for (const [k, mean] of expected.means.flat().entries()) assert.ok(Math.abs(plain.means.flat()[k] - mean) < 1e-10);
});

test("a bundle holds what it imports, and that is little", () => {
  const kB = (...names: string[]) => {
    const stdin = {
      contents: `export { ${names} } from "em-mixtures";`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    };
    const { outputFiles } = buildSync({
      stdin,
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      write: false,
    });
    return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1024;
  };
  const families = ["Bernoulli", "Binomial", "Categorical", "NegativeBinomial", "Poisson", "Student"].map(
    (name) => `${name}Mixture`,
  );
  assert.ok(kB("em") < 3);
  const gaussian = kB("GaussianMixture");
  assert.ok(gaussian < 36, `${gaussian} kB`);
  for (const family of families) {
    const both = kB("GaussianMixture", family);
    assert.ok(both < 38, `${family}: ${both} kB`);
    // What families share comes with the first of them.
    const other = family === "PoissonMixture" ? "BinomialMixture" : "PoissonMixture";
    const further = kB("GaussianMixture", other, family) - kB("GaussianMixture", other);
    assert.ok(further < 2, `${family}: ${further} kB more`);
  }
});
