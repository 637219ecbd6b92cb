// Runs converted cells and keeps their names.
import type { Converted, Converter } from "./converter.js";
import type { Runtime } from "./host.js";
import { parameters } from "./transform.js";

/** How a name of a cell is read and assigned. */
interface Accessor {
  get(): unknown;
  /** Of variables only. */
  set?(value: unknown): void;
  /** Whether the value may change all the same: it is another module's. */
  readonly live?: true;
}

/**
 * The notebook's names: each has one value, that of the newest cell which declares it, whoever reads or assigns it.
 *
 * The names that a cell declares are real variables of the function that the cell runs as; other cells reach them through
 * accessors. Where a cell declares a name anew, functions of other cells see the new value from its declaration on; those
 * of the cell that had declared it before keep theirs.
 */
export class Notebook {
  /** All names, as properties. No `Object.create(null)`, which V8 reads 17 times slower. */
  readonly names: Record<string, unknown> = {};

  constructor(
    readonly converter: Converter,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Runs a cell; the value of its last expression comes in an object, as it may be anything that has a `then`.
   *
   * @param interrupted where it rejects, the names that the cell has assigned by then are kept, whatever it goes on to do
   */
  async run(
    cell: string,
    { js, module, imports, names }: Converted,
    interrupted: Promise<never>,
  ): Promise<{ readonly value: unknown }> {
    const { runtime } = this;
    const loaded = new Map<string, unknown>();
    const load = (specifier: string): unknown =>
      loaded.has(specifier) ? loaded.get(specifier) : runtime.require(specifier);
    const running = new RunningCell(this.names);
    let succeeded = false;
    try {
      for (const specifier of imports) loaded.set(specifier, await this.load(specifier));
      const body = runtime.evaluate(parameters, js, cell);
      const importer = (specifier: unknown) => runtime.import(String(specifier));
      const done = body({}, load, this.names, running, importer, runtime.meta, runtime.awaited);
      await Promise.race([done, interrupted]);
      succeeded = true;
      return { value: running.value };
    } finally {
      const lost = running.end(succeeded);
      const kept = [...names].filter(([name]) => !lost.has(name));
      // A cell that failed before its first line has declared nothing, no types either.
      this.converter.keep(module, succeeded || running.begun ? kept : []);
    }
  }

  /** A module that a cell imports, also one that only `import()` can load. */
  private async load(specifier: string): Promise<unknown> {
    try {
      return this.runtime.require(specifier);
    } catch (error) {
      if (!this.runtime.needsImport(error)) throw error;
      const namespace = (await this.runtime.import(specifier)) as object;
      // So that TypeScript's imports take its `default` as it is.
      return "__esModule" in namespace ? namespace : Object.assign({ __esModule: true }, namespace);
    }
  }
}

/** What a running cell is given as `__cell`. */
class RunningCell {
  /** The value of the last expression. */
  value: unknown;
  /** Whether the cell has come to its first line. */
  begun = false;
  private readonly own = new Map<string, Accessor>();
  private readonly earlier = new Map<string, PropertyDescriptor | undefined>();

  constructor(private readonly all: Record<string, unknown>) {}

  /** From now on these names are the cell's: as soon as each has a value; until then they are what they were. */
  set names(accessors: Record<string, Accessor>) {
    this.begun = true;
    for (const [name, accessor] of Object.entries(accessors)) {
      const earlier = Object.getOwnPropertyDescriptor(this.all, name);
      this.own.set(name, accessor);
      this.earlier.set(name, earlier);
      Object.defineProperty(this.all, name, {
        get: () => {
          const value = currentValue(accessor);
          return value === undefined && earlier ? valueIn(earlier) : value;
        },
        set: (value) => {
          if (isDeclared(accessor)) accessor.set?.(value);
          else earlier?.set?.(value);
        },
        enumerable: true,
        configurable: true,
      });
    }
  }

  /** Settles which names are the cell's: of one that failed, those that have got a value. Returns the others. */
  end(succeeded: boolean): Set<string> {
    const lost = new Set<string>();
    for (const [name, accessor] of this.own) {
      const { get, set, live } = accessor;
      const value = currentValue(accessor);
      const earlier = this.earlier.get(name);
      const shape = { enumerable: true, configurable: true };
      if (!succeeded && value === undefined) {
        lost.add(name);
        if (earlier) Object.defineProperty(this.all, name, earlier);
        else delete this.all[name];
      } else if (set) Object.defineProperty(this.all, name, { get, set, ...shape });
      // By value, as an accessor would hold all that its cell has declared.
      else if (!live && isDeclared(accessor))
        Object.defineProperty(this.all, name, { value, writable: false, ...shape });
      else Object.defineProperty(this.all, name, { get, ...shape });
    }
    return lost;
  }
}

/** The value of a name; undefined before its declaration. */
function currentValue({ get }: Accessor): unknown {
  try {
    return get();
  } catch {
    return undefined;
  }
}

function isDeclared({ get }: Accessor): boolean {
  try {
    get();
    return true;
  } catch {
    return false;
  }
}

const valueIn = (property: PropertyDescriptor): unknown => (property.get ? property.get() : property.value);
