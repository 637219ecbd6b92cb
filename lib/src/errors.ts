/** Where in the caller's input a value stands: the argument's name, and the row and column where it has them. */
export interface Place {
  readonly name: string;
  readonly row?: number;
  readonly column?: number;
}

/** An argument that breaks a rule. The message gives place, rule, value and remedy in words; the fields give them to a program. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly place: Place;
  /** What must hold, such as "must be a finite number". */
  readonly rule: string;
  /** What was found instead. */
  readonly value: unknown;
  /** What to do about it. */
  readonly remedy: string;

  constructor(place: Place | string, rule: string, value: unknown, remedy: string) {
    const where = typeof place === "string" ? { name: place } : place;
    const { name, row, column } = where;
    const indices = [row, column].filter((index) => index !== undefined).map((index) => `[${index}]`);
    super(`${name}${indices.join("")} ${rule}, but is ${show(value)}. ${remedy}`);
    this.place = where;
    this.rule = rule;
    this.value = value;
    this.remedy = remedy;
  }
}

/** A component that shrank onto a single point: the likelihood grows without bound there, and EM cannot go on. */
export class CollapseError extends Error {
  override readonly name = "CollapseError";
  /** The component's index from 0. */
  readonly component: number;

  constructor(component: number) {
    super(
      `Component ${component} has collapsed: its deviation is 0. ` +
        "Try another start, fewer components, or a floor for the deviations: minDeviation.",
    );
    this.component = component;
  }
}

/** A value as a message shows it: short, and strings apart from numbers. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value);
  if (entries.length > 5 || entries.some(([, entry]) => typeof entry !== "number")) return "an object";
  return `{ ${entries.map(([name, entry]) => `${name}: ${entry}`).join(", ")} }`;
}
