import assert from "node:assert/strict";
import { test } from "node:test";
import { ParameterError, parameterValue, withParameters } from "../packages/book/parameters.mjs";

const cell = (id: string, source: string, cell_type = "code") => ({ cell_type, id, metadata: {}, source });
const notebook = {
  cells: [
    cell("text", "const raw = 1;", "markdown"),
    cell("data", "const raw = [1, 2];\nlet rate: number = 0.5;"),
    cell("use", "  const raw = 2;\nconst start: Start = {\n  mean: 0,\n};"),
  ],
  metadata: {},
};
const sources = (parameters: object) =>
  withParameters(notebook, { ...parameters }).cells.map(({ id, source }) => [id, source]);

test("a parameter is declared anew after the first cell that declares it, with the type it has there", () => {
  assert.deepEqual(sources({ start: { mean: 1 }, raw: [3], rate: 1 }), [
    ["text", notebook.cells[0].source],
    ["data", notebook.cells[1].source],
    ["parameters-data", "// Parameters\nlet raw = [3];\nlet rate: number = 1;"],
    ["use", notebook.cells[2].source],
    ["parameters-use", '// Parameters\nlet start: Start = {"mean":1};'],
  ]);
  assert.deepEqual(withParameters(notebook, {}), notebook);
});

test("a name that no cell declares is an error that lists those there are", () => {
  assert.throws(
    () => sources({ mean: 1 }),
    new ParameterError('No cell declares "mean" by const or let. This notebook declares raw, rate, start.'),
  );
});

test("values are JSON, or text that does not look like it", () => {
  assert.deepEqual(parameterValue("a", "[1, 2]"), [1, 2]);
  assert.equal(parameterValue("a", "-1.5"), -1.5);
  assert.equal(parameterValue("a", "old-faithful.csv"), "old-faithful.csv");
  assert.throws(() => parameterValue("a", "[1, 2"), /^ParameterError: The value of "a" is no JSON/);
});
