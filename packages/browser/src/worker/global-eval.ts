/** What the text of an expression is, outside of any function: by another name `eval` sees no one's variables. */
// biome-ignore lint/security/noGlobalEval: to run the reader's code is what this worker is for
export const globalEval: (text: string) => ReturnType<typeof eval> = eval;
