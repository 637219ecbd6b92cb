// Of `node:util`, in the worker: Node's own code for showing values, extracted.
export { format, formatWithOptions, inspect } from "node-inspect-extracted";
