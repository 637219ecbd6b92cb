/** Where in the caller's input a value stands: the argument's name, and the row and column where it has them. */
export interface Place {
  readonly name: string;
  readonly row?: number;
  readonly column?: number;
}

/** Everything this library throws on purpose. */
export class EmError extends Error {
  override readonly name: string = "EmError";
}

/** An argument that breaks a rule. The message says place, rule, value and remedy; the fields say them to a program. */
export class InputError extends EmError {
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
    super(`${describe(where)} ${rule}, but is ${show(value)}. ${remedy}`);
    this.place = where;
    this.rule = rule;
    this.value = value;
    this.remedy = remedy;
  }
}

/** A component whose variance fell to zero: the likelihood has no maximum there, and EM cannot go on. */
export class CollapseError extends EmError {
  override readonly name = "CollapseError";
  /** The component's index from 0. */
  readonly component: number;

  constructor(component: number, remedy: string) {
    super(`Component ${component} has collapsed: its variance is zero in some direction. ${remedy}`);
    this.component = component;
  }
}

/** What went wrong in a step. */
export interface StepFault {
  /** Whose step it is and which, as the message's first words: "The step after 3 updates". */
  readonly step: string;
  /** What it did: "returned NaN, but must …". */
  readonly found: string;
  readonly remedy: string;
  readonly iteration?: number | undefined;
  readonly component?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A step that fails: one handed to `em` whose log-likelihood is no finite number, or a component's log-density, fit or
 * draw that throws, or returns something else than it must. What it threw is the error's `cause`.
 */
export class StepError extends EmError {
  override readonly name = "StepError";
  /** Which step: "The step after 3 updates", "ExponentialMixture: logDensity of component 1". */
  readonly step: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The number of updates made before the step handed to `em`. */
  readonly iteration: number | undefined;
  /** The index, from 0, of the component whose step it is. */
  readonly component: number | undefined;

  constructor({ step, found, remedy, iteration, component, cause }: StepFault) {
    super(`${step} ${found}. ${remedy}`, cause === undefined ? undefined : { cause });
    this.step = step;
    this.remedy = remedy;
    this.iteration = iteration;
    this.component = component;
  }
}

function describe({ name, row, column }: Place): string {
  return name + (row === undefined ? "" : `[${row}]`) + (column === undefined ? "" : `[${column}]`);
}

/** A value as a message shows it: short, and strings apart from numbers. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (value?.constructor === Object && Object.values(value).every((entry) => typeof entry === "number")) {
    const entries = Object.entries(value).map(([name, entry]) => `${name}: ${entry}`);
    return `{ ${entries.join(", ")} }`;
  }
  if (typeof value === "object" && value !== null) return `an object (${value.constructor?.name ?? "no class"})`;
  return String(value);
}
