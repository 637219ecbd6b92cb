import { checkLength, checkObject, checkOptions } from "./checks.js";
import type { Component } from "./component.js";
import { componentFamily, type Wording } from "./component-family.js";
import { type Data, type DataOptions, dataOptions, readData, type Samples } from "./data.js";
import { InputError } from "./errors.js";
import { mStep, readResponsibilities } from "./family.js";
import { componentsOf, type FitOptions, fitMixture, fitOptions } from "./fit.js";
import { checkJson, type Fitted, Mixture } from "./mixture.js";
import type { FitReport } from "./report.js";
import { finish, finishAsync, type Work } from "./work.js";

/** What makes models of one kind. `P` are the parameters, `O` the options that the kind needs beside the common ones. */
export interface MixtureModel<P, O = unknown> {
  /**
   * Fits a mixture to observations by EM. Components come in ascending order, or in that of a start you give.
   *
   * @throws InputError for bad input, values that the kind does not take among it; StepError where a component's own code
   * fails
   */
  fit(X: Samples, options: FitOptions<P> & O): Fitted<Mixture<P>>;
  /** The same fit, with pauses in which timers, input and requests get their turn; errors reject its promise. */
  fitAsync(X: Samples, options: FitOptions<P> & O): Promise<Fitted<Mixture<P>>>;
  /** A model from known parameters. @throws InputError for parameters of a wrong shape or out of range */
  from(params: P): Mixture<P>;
  /** The model that `toJSON` wrote. @throws InputError for anything else, or another version's */
  fromJSON(json: unknown): Mixture<P>;
  /** The E-step on its own: the responsibilities, N × K, at given parameters. */
  eStep(params: P, X: Samples, options?: DataOptions): number[][];
  /**
   * The M-step on its own: the parameters that maximise the log-likelihood weighted by responsibilities, N × K.
   *
   * @throws InputError for shapes that do not match, rows that do not sum to 1, or an empty component
   */
  mStep(X: Samples, responsibilities: readonly ArrayLike<number>[], options?: DataOptions & O): P;
}

/** How a kind of mixture is made of its component. */
export interface ModelSpec<C, P, O> {
  readonly name: string;
  /** The component, by the options of a fit or by the parameters of a model. */
  component(options: O): Component<C>;
  /** What messages call the observations; "X" unless given. */
  readonly dataName?: string;
  /** The names of the options in `O`. */
  readonly options?: readonly string[];
  /** How the kind words parameters. @param options as `component` takes them */
  wording(options: O): Wording<C, P>;
}

/** The models of a kind of mixture. */
export function modelsOf<C, P extends O & { readonly weights: readonly number[] }, O>(
  spec: ModelSpec<C, P, O>,
): MixtureModel<P, O> {
  const ownOptions = spec.options ?? [];

  function read(X: Samples, options: DataOptions, { columns = 1, values, takesMissing }: Component<C>): Data {
    const { sampleWeight, allowMissing } = options;
    return readData(X, {
      ...(sampleWeight !== undefined && { sampleWeight }),
      ...(allowMissing !== undefined && { allowMissing }),
      name: spec.dataName ?? "X",
      columns: typeof columns === "number" ? columns : undefined,
      valueRule: values,
      takesMissing: takesMissing ?? false,
      shapeRemedy: "Check its shape; a component of several columns says so by its `columns`.",
    });
  }

  function familyOf(components: number, columns: number, options: O, data?: Data) {
    return componentFamily(spec.component(options), spec.wording(options), components, columns, data);
  }

  function make(params: P, report?: FitReport): Mixture<P> {
    checkObject(params, "params", "Give all that the model has.");
    const K = checkLength(params.weights, undefined, "weights");
    const component = spec.component(params);
    const { columns = 1, values: valueRule, takesMissing = false } = component;
    const parts = spec.wording(params).componentsOf(params);
    checkLength(parts, K, "components");
    const D = typeof columns === "number" ? columns : columns(parts[0]);
    return new Mixture({ name: spec.name, valueRule, takesMissing, family: familyOf(K, D, params) }, params, report);
  }

  function* fitting(X: Samples, options: FitOptions<P> & O): Work<Fitted<Mixture<P>>> {
    checkOptions(options, [...fitOptions, ...ownOptions]);
    const component = spec.component(options);
    if (options.acceleration === "anderson" && component.isValid === undefined) {
      const rule = `must be "none" for ${spec.name}`;
      throw new InputError("acceleration", rule, "anderson", "To accelerate, the component needs isValid(params).");
    }
    const data = read(X, options, component);
    const family = familyOf(componentsOf(options, data), data.columns, options, data);
    const { params, report } = yield* fitMixture(family, data, options);
    return make(params, report) as Fitted<Mixture<P>>;
  }

  return {
    fit: (X, options) => finish(fitting(X, options)),
    fitAsync: async (X, options) => finishAsync(fitting(X, options)),
    from: (params) => make(params),
    fromJSON: (json) => make(checkJson<P>(json, spec.name).params),
    eStep: (params, X, options = {}) => make(params).predictProba(X, options),
    mStep(X, responsibilities, options = {} as DataOptions & O) {
      checkOptions(options, [...dataOptions, ...ownOptions]);
      const data = read(X, options, spec.component(options));
      const rows = readResponsibilities(responsibilities, data.rows);
      const family = familyOf(responsibilities[0].length, data.columns, options, data);
      return family.unpack(mStep(family, data, rows));
    },
  };
}
