// What cells show, on a page and in a committed notebook, in one form; and whether two of these are the same but for rounding.
import assert from "node:assert/strict";
import { joined, type readNotebook } from "../../packages/book/notebook.mjs";

type Notebook = ReturnType<typeof readNotebook>;

/** The texts and plots that a cell shows, in order. */
export type Shown = readonly (string | { readonly plot: unknown })[];

const plotOf = (html: string): unknown =>
  JSON.parse(/<script type="application\/json">(.*)<\/script>/.exec(html)?.[1] ?? "null");

/** Of each code cell, by its id. */
export function committedOutputs({ cells }: Notebook): Map<string, Shown> {
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  return new Map(
    code.map(({ id, outputs = [] }) => [
      id,
      outputs.map(({ text, data }) => {
        const html = joined(data?.["text/html"]);
        return html === "" ? joined(text ?? data?.["text/plain"]).trimEnd() : { plot: plotOf(html) };
      }),
    ]),
  );
}

/** Of each code cell of a page, by its id. @param evaluate runs a text in the page, as drivers of browsers do */
export async function pageOutputs(evaluate: (script: string) => Promise<unknown>): Promise<Map<string, Shown>> {
  const cells = (await evaluate(script)) as readonly { id: string; shown: readonly (string | { json: string })[] }[];
  const parsed = (part: string | { json: string }) =>
    typeof part === "string" ? part : { plot: JSON.parse(part.json) };
  return new Map(cells.map(({ id, shown }) => [id, shown.map(parsed)]));
}

const script = `[...document.querySelectorAll(".code_cell")].map((cell) => ({
  id: cell.id.replace(/^cell-id=/, ""),
  shown: [...cell.querySelectorAll(".output_area")].map((area) => {
    const plot = area.querySelector("figure.em-figure script[type='application/json']")?.textContent;
    return plot ? { json: plot } : (area.querySelector("pre")?.textContent ?? area.innerHTML).trimEnd();
  }),
}))`;

/** What a figure's numbers are rounded to may lie just between two: they differ by one in the last of few digits then. */
const isRoundedOtherwise = (one: number, other: number): boolean => {
  const decimals = Math.max(...[one, other].map((value) => `${value}`.split(".")[1]?.length ?? 0));
  return decimals < 8 && Math.abs(one - other) < 1.001 * 10 ** -decimals;
};

/** Browsers round the last digits of exp and log otherwise than Node does; a fit adds such differences up. */
const tolerance = 1e-12;
/** Figures show slopes, too, which are differences that are all rounding divided by the small steps of a run near its end. */
const toleranceInFigures = 1e-5;

export function assertSame(actual: unknown, expected: unknown, where: string): void {
  if (typeof actual === "number" && typeof expected === "number") {
    const difference = Math.abs(actual - expected);
    const inFigure = where.includes(".plot.");
    const allowed = (inFigure ? toleranceInFigures : tolerance) * Math.max(1, Math.abs(expected));
    const isSame =
      Object.is(actual, expected) || difference <= allowed || (inFigure && isRoundedOtherwise(actual, expected));
    assert.ok(isSame, `${where}: ${actual}, and committed is ${expected}`);
  } else if (typeof actual === "string" && typeof expected === "string") assertSameText(actual, expected, where);
  else if (typeof actual === "object" && typeof expected === "object" && actual !== null && expected !== null) {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), where);
    for (const [key, value] of Object.entries(expected))
      assertSame((actual as Record<string, unknown>)[key], value, `${where}.${key}`);
  } else assert.equal(actual, expected, where);
}

const number = /(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/;

/** The same words, and the same numbers in them. */
function assertSameText(actual: string, expected: string, where: string): void {
  if (actual === expected) return;
  const [found, wanted] = [actual.split(number), expected.split(number)];
  assert.deepEqual(
    found.filter((_, at) => at % 2 === 0),
    wanted.filter((_, at) => at % 2 === 0),
    where,
  );
  for (const [at, text] of wanted.entries()) if (at % 2 === 1) assertSame(Number(found[at]), Number(text), where);
}
