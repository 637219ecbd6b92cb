import { test } from "node:test";
import { checkEngine } from "./checks.js";
import { openSpark } from "./engine.js";
import { assertExample } from "./example.js";

const port = process.env.EM_SPARK_PORT;
const missing = port === undefined ? "npm run engines starts one" : undefined;

checkEngine("Spark", missing ?? (() => openSpark(Number(port))), 1200);

test("Spark: the example runs", { skip: missing ?? false }, async () => {
  if (port !== undefined) await assertExample("spark", { SPARK_PORT: port });
});
