// What the text of a cell says by itself, before any type is known: the names that it declares and uses.
import ts from "typescript-6";

/** How later cells may treat a name: assign it, or only read it. */
export type NameKind = "variable" | "constant";

/** A cell's text as a syntax tree. */
export const parse = (code: string): ts.SourceFile =>
  ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);

/** The names that a cell declares for the notebook. A `var` counts wherever it stands outside of functions. */
export function declaredNames(file: ts.SourceFile): Map<string, NameKind> {
  const names = new Map<string, NameKind>();

  function add(name: ts.BindingName | undefined, kind: NameKind): void {
    if (name === undefined) return;
    if (ts.isIdentifier(name)) {
      // A name that is declared twice, as a function and a namespace say, is a variable if it is one of the times.
      if (name.text !== "" && names.get(name.text) !== "variable") names.set(name.text, kind);
    } else for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name, kind);
  }

  function addList(list: ts.VariableDeclarationList): void {
    const scope = list.flags & ts.NodeFlags.BlockScoped;
    const assignable = scope === ts.NodeFlags.None || scope === ts.NodeFlags.Let;
    for (const { name } of list.declarations) add(name, assignable ? "variable" : "constant");
  }

  function addVars(node: ts.Node): void {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) addList(node);
    ts.forEachChild(node, addVars);
  }

  function addImport({ importClause }: ts.ImportDeclaration): void {
    add(importClause?.name, "constant");
    const bindings = importClause?.namedBindings;
    if (bindings === undefined) return;
    if (ts.isNamespaceImport(bindings)) add(bindings.name, "constant");
    else for (const element of bindings.elements) add(element.name, "constant");
  }

  for (const node of file.statements) {
    if (ts.isVariableStatement(node)) addList(node.declarationList);
    else if (ts.isImportDeclaration(node)) addImport(node);
    else if (ts.isModuleDeclaration(node)) {
      if (ts.isIdentifier(node.name) && node.name.text !== "global") add(node.name, "constant");
    } else if (isNamed(node)) add(node.name, "constant");
    else addVars(node);
  }
  return names;
}

const isNamed = (node: ts.Statement): node is ts.Statement & { readonly name?: ts.Identifier } =>
  ts.isFunctionDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isEnumDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportEqualsDeclaration(node);

/** All identifiers of a cell: the names that it takes from earlier cells are among them. */
export function usedNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** The cell with blanks for its `export`s: all its names are the notebook's anyway. Lines and columns stay. */
export function withoutExports(file: ts.SourceFile): string {
  let { text } = file;
  const blank = (from: number, to: number): void => {
    text = text.slice(0, from) + text.slice(from, to).replace(/\S/g, " ") + text.slice(to);
  };
  for (const node of file.statements) {
    if (ts.isExportDeclaration(node) && !node.moduleSpecifier) blank(node.getStart(file), node.end);
    else if (ts.isExportAssignment(node) && !node.isExportEquals)
      blank(node.getStart(file), node.expression.getStart(file));
    else if (ts.canHaveModifiers(node) && isNamedOrList(node))
      for (const modifier of node.modifiers ?? [])
        if (modifier.kind === ts.SyntaxKind.ExportKeyword || modifier.kind === ts.SyntaxKind.DefaultKeyword)
          blank(modifier.getStart(file), modifier.end);
  }
  return text;
}

/** Without a name, a function or class needs its `export default`. */
const isNamedOrList = (node: ts.Statement): boolean => !("name" in node) || node.name !== undefined;

/** Whether a cell changes types everywhere, by `declare global` or `declare module "m"`. */
export const augments = (file: ts.SourceFile): boolean =>
  file.statements.some(
    (node) => ts.isModuleDeclaration(node) && (ts.isStringLiteral(node.name) || node.name.text === "global"),
  );
