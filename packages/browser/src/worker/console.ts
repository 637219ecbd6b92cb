// The console of cells: what Node's prints, in the same words.
import { formatWithOptions, inspect } from "./instead/util.js";

type Print = (name: "stdout" | "stderr", text: string) => void;

export function installConsole(print: Print): void {
  let indent = "";
  const timers = new Map<string, number>();
  const counts = new Map<string, number>();
  const line = (name: "stdout" | "stderr", text: string): void =>
    print(name, `${indent}${indent === "" ? text : text.replaceAll("\n", `\n${indent}`)}\n`);
  const out = (...values: unknown[]): void => line("stdout", formatWithOptions({}, ...values));
  const error = (...values: unknown[]): void => line("stderr", formatWithOptions({}, ...values));
  const group = (...label: unknown[]): void => {
    if (label.length > 0) out(...label);
    indent += "  ";
  };
  const elapsed = (label: string): string | undefined => {
    const start = timers.get(label);
    if (start !== undefined) return `${label}: ${duration(performance.now() - start)}`;
    error(`Warning: No such label '${label}' for console.timeEnd()`);
    return undefined;
  };

  Object.assign(console, {
    log: out,
    info: out,
    debug: out,
    error,
    warn: error,
    trace: (...values: unknown[]) => error(`Trace: ${formatWithOptions({}, ...values)}`),
    dir: (value: unknown, options?: object) => out(inspect(value, { customInspect: false, ...options })),
    table: (data: unknown, columns?: readonly string[]) => out(tableOf(data, columns) ?? data),
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2);
    },
    time: (label = "default") => timers.set(`${label}`, performance.now()),
    timeLog: (label = "default", ...values: unknown[]) => {
      const text = elapsed(`${label}`);
      if (text !== undefined) out(text, ...values);
    },
    timeEnd: (label = "default") => {
      const text = elapsed(`${label}`);
      timers.delete(`${label}`);
      if (text !== undefined) out(text);
    },
    count: (label = "default") => {
      counts.set(`${label}`, (counts.get(`${label}`) ?? 0) + 1);
      out(`${label}: ${counts.get(`${label}`)}`);
    },
    countReset: (label = "default") => counts.delete(`${label}`),
    assert: (condition?: unknown, ...values: unknown[]) => {
      if (condition) return;
      const [first, ...rest] = values;
      if (typeof first === "string") error(`Assertion failed: ${first}`, ...rest);
      else error(...(values.length === 0 ? ["Assertion failed"] : ["Assertion failed:", ...values]));
    },
  });
}

const duration = (milliseconds: number): string =>
  milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(3)}s` : `${Number(milliseconds.toFixed(3))}ms`;

/** A table of rows, as Node draws it; undefined for what has no rows. */
function tableOf(data: unknown, columns?: readonly string[]): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const rows: [string, unknown][] =
    data instanceof Map || data instanceof Set
      ? [...data.values()].map((value, at) => [`${at}`, value])
      : Object.entries(data);
  const isRow = (value: unknown): value is object => typeof value === "object" && value !== null;
  const names = columns ?? [...new Set(rows.flatMap(([, value]) => (isRow(value) ? Object.keys(value) : [])))];
  const hasValues = rows.some(([, value]) => !isRow(value));
  const shown = (value: unknown): string => inspect(value, { depth: 0, maxArrayLength: 3, breakLength: Infinity });
  const heads = ["(index)", ...names, ...(hasValues ? ["Values"] : [])];
  const body = rows.map(([index, value]) => [
    index,
    ...names.map((name) =>
      isRow(value) && Object.hasOwn(value, name) ? shown((value as Record<string, unknown>)[name]) : "",
    ),
    ...(hasValues ? [isRow(value) ? "" : shown(value)] : []),
  ]);
  const widths = heads.map((head, at) => Math.max(...[head, ...body.map((row) => row[at] ?? "")].map((t) => t.length)));
  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const row = (texts: readonly string[]): string =>
    `│ ${texts.map((text, at) => text.padEnd(widths[at] ?? 0)).join(" │ ")} │`;
  return [rule("┌", "┬", "┐"), row(heads), rule("├", "┼", "┤"), ...body.map(row), rule("└", "┴", "┘")].join("\n");
}
