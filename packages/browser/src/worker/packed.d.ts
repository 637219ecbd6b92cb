// What the build puts into the worker's program.
declare module "virtual:packed" {
  const packed: {
    /** CommonJS of the packages that cells may import, by name. */
    readonly packages: Readonly<Record<string, string>>;
    /** Types of these packages and of the language, by path. */
    readonly types: Readonly<Record<string, string>>;
    /** The lesson's data files, by name. */
    readonly data: Readonly<Record<string, string>>;
    /** The compiler's options for cells. */
    readonly options: import("typescript-6").CompilerOptions;
  };
  export default packed;
}
