import { checkLength, checkObject, checkOptions } from "./checks.js";
import { componentFamily, type Wording } from "./component-family.js";
import { type Data, type DataOptions, dataOptions, readData, type Samples } from "./data.js";
import { type Family, mStep, readResponsibilities } from "./family.js";
import { componentsOf, type FitOptions, fitMixture, fitOptions } from "./fit.js";
import type { CalledComponent } from "./guarded.js";
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
  /** What messages call the observations; "X" unless given. */
  readonly dataName?: string;
  /** The names of the options in `O`. */
  readonly options?: readonly string[];
  /** The component and its wording, by the options of a fit or by the parameters of a model. */
  of(options: O): { readonly component: CalledComponent<C>; readonly wording: Wording<C, P> };
  /** The family with faster passes over the data. */
  faster?(family: Family<P>, options: O): Family<P>;
  /** @throws InputError for observations of a fit that are not as they must be together, or options that do not suit */
  check?(data: Data, options: FitOptions<P> & O): void;
}

/** The models of a kind of mixture. */
export function modelsOf<C, P extends O & { readonly weights: readonly number[] }, O>(
  spec: ModelSpec<C, P, O>,
): MixtureModel<P, O> {
  const { name, dataName = "X", options: ownOptions = [] } = spec;

  function read(X: Samples, options: DataOptions & O): Data {
    const { component, wording } = spec.of(options);
    const { columns = 1, values, takesMissing = false } = component;
    return readData(X, {
      ...options,
      name: dataName,
      columns: typeof columns === "number" ? columns : undefined,
      valueRule: values,
      takesMissing,
      shapeRemedy: wording.columnsRemedy,
    });
  }

  function readForFit(X: Samples, options: FitOptions<P> & O): Data {
    const data = read(X, options);
    spec.check?.(data, options);
    return data;
  }

  function familyOf(components: number, columns: number, options: O, data?: Data): Family<P> {
    const { component, wording } = spec.of(options);
    const family = componentFamily(component, wording, components, columns, data);
    return spec.faster?.(family, options) ?? family;
  }

  function make(params: P, report?: FitReport): Mixture<P> {
    checkObject(params, "params", "Give all that the model has.");
    const K = checkLength(params.weights, undefined, "weights");
    const { component, wording } = spec.of(params);
    const { columns = 1, values: valueRule, takesMissing = false } = component;
    const [first] = wording.componentsOf(params);
    const family = familyOf(K, typeof columns === "number" ? columns : columns(first), params);
    return new Mixture({ name, valueRule, takesMissing, family }, params, report);
  }

  function* fitting(X: Samples, options: FitOptions<P> & O): Work<Fitted<Mixture<P>>> {
    checkOptions(options, [...fitOptions, ...ownOptions]);
    const data = readForFit(X, options);
    const family = familyOf(componentsOf(options, data), data.columns, options, data);
    const { params, report } = yield* fitMixture(family, data, options);
    return make(params, report) as Fitted<Mixture<P>>;
  }

  return {
    fit: (X, options) => finish(fitting(X, options)),
    fitAsync: async (X, options) => finishAsync(fitting(X, options), options?.signal),
    from: (params) => make(params),
    fromJSON: (json) => make(checkJson<P>(json, name).params),
    eStep: (params, X, options = {}) => make(params).predictProba(X, options),
    mStep(X, responsibilities, options = {} as DataOptions & O) {
      checkOptions(options, [...dataOptions, ...ownOptions]);
      const data = readForFit(X, options);
      const rows = readResponsibilities(responsibilities, data.rows);
      const family = familyOf(responsibilities[0].length, data.columns, options, data);
      return family.unpack(mStep(family, data, rows));
    },
  };
}
