// From a checked cell to what runs: the body of an async function with the parameters below.
import ts from "typescript-6";
import type { NameKind } from "./cell.js";

/**
 * __notebook  the names of all cells: to read and assign one goes to the newest cell that declares it
 * __cell      takes the value of the last expression, and accessors of each name that the cell declares
 * __import    import(…)     __meta  import.meta     __awaited  stands around what the cell awaits
 */
export const parameters = ["exports", "require", "__notebook", "__cell", "__import", "__meta", "__awaited"] as const;

/**
 * @param headerLength the length of what stands before the cell: the declarations of the earlier names that it uses
 * @param names what the cell declares; the list of them is its last statement, `export { … }`
 */
export function forRunning(
  checker: ts.TypeChecker,
  headerLength: number,
  names: ReadonlyMap<string, NameKind>,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const { factory } = context;
    const id = (text: string) => factory.createIdentifier(text);

    /** Whether a symbol is a name of an earlier cell: those are declared in the header. */
    const isEarlier = (symbol: ts.Symbol | undefined): boolean =>
      symbol?.declarations?.some((node) => node.getSourceFile() === file && node.end <= headerLength) ?? false;
    const slot = (node: ts.Identifier): ts.Expression =>
      ts.setTextRange(factory.createPropertyAccessExpression(id("__notebook"), node.text), node);

    /** `(0, __notebook.f)`: called as a plain function, and not as a method of the notebook. */
    const detached = (callee: ts.Expression, original: ts.Expression): ts.Expression => {
      if (!ts.isIdentifier(original) || callee === original) return callee;
      const pair = factory.createParenthesizedExpression(factory.createComma(factory.createNumericLiteral(0), callee));
      // A trace's place of the call is where the name begins, not behind it.
      const start = original.getStart(file);
      return ts.setSourceMapRange(ts.setTextRange(pair, original), { pos: start, end: start });
    };
    const call = (name: string, argument: ts.Expression, ...more: string[]): ts.Expression => {
      const callee = more.reduce<ts.Expression>(
        (of, member) => factory.createPropertyAccessExpression(of, member),
        id(name),
      );
      return factory.createCallExpression(callee, undefined, [argument]);
    };

    function visitShorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
      if (!isEarlier(checker.getShorthandAssignmentValueSymbol(node))) return ts.visitEachChild(node, visit, context);
      const { objectAssignmentInitializer: otherwise } = node;
      const value = slot(node.name);
      const inside = otherwise && (ts.visitNode(otherwise, visit) as ts.Expression);
      return factory.createPropertyAssignment(node.name.text, inside ? factory.createAssignment(value, inside) : value);
    }

    function visit(node: ts.Node): ts.Node {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      if (ts.isIdentifier(node)) return isEarlier(checker.getSymbolAtLocation(node)) ? slot(node) : node;
      if (ts.isShorthandPropertyAssignment(node)) return visitShorthand(node);
      const seen = ts.visitEachChild(node, visit, context);
      if (ts.isCallExpression(seen)) {
        const { expression, typeArguments, arguments: values } = seen;
        if (expression.kind === ts.SyntaxKind.ImportKeyword)
          return factory.updateCallExpression(seen, id("__import"), undefined, values);
        const callee = detached(expression, (node as ts.CallExpression).expression);
        return factory.updateCallExpression(seen, callee, typeArguments, values);
      }
      if (ts.isTaggedTemplateExpression(seen)) {
        const tag = detached(seen.tag, (node as ts.TaggedTemplateExpression).tag);
        return factory.updateTaggedTemplateExpression(seen, tag, seen.typeArguments, seen.template);
      }
      if (ts.isMetaProperty(seen) && seen.keywordToken === ts.SyntaxKind.ImportKeyword) return id("__meta");
      if (ts.isAwaitExpression(seen)) return factory.updateAwaitExpression(seen, call("__awaited", seen.expression));
      if (ts.isForOfStatement(seen) && seen.awaitModifier) {
        const items = call("__awaited", seen.expression, "each");
        return factory.updateForOfStatement(seen, seen.awaitModifier, seen.initializer, items, seen.statement);
      }
      return seen;
    }

    const arrow = (parameter: string | undefined, body: ts.Expression) => {
      const given =
        parameter === undefined ? [] : [factory.createParameterDeclaration(undefined, undefined, parameter)];
      return factory.createArrowFunction(undefined, undefined, given, undefined, undefined, body);
    };

    /** `{ name: { get: () => name, set: __value => name = __value } }` for each name that has a value. */
    function accessors(list: ts.NamedExports): ts.Expression {
      const properties = list.elements.flatMap((element) => {
        if (!hasValue(checker, element)) return [];
        const name = element.name as ts.Identifier;
        const pair = [factory.createPropertyAssignment("get", arrow(undefined, name))];
        if (names.get(name.text) === "variable") {
          const assignment = factory.createAssignment(id(name.text), id("__value"));
          pair.push(factory.createPropertyAssignment("set", arrow("__value", assignment)));
        }
        // What another module exports may change there.
        if (isImported(checker, element)) pair.push(factory.createPropertyAssignment("live", factory.createTrue()));
        return factory.createPropertyAssignment(name.text, factory.createObjectLiteralExpression(pair));
      });
      return factory.createObjectLiteralExpression(properties);
    }

    const ofCell = (member: string, value: ts.Expression): ts.Expression =>
      factory.createAssignment(factory.createPropertyAccessExpression(id("__cell"), member), value);

    const statements = file.statements.filter((statement) => statement.end > headerLength);
    const list = statements.pop() as ts.ExportDeclaration;
    const code = statements.map((statement, at) => {
      const seen = visit(statement) as ts.Statement;
      if (at < statements.length - 1 || !ts.isExpressionStatement(seen)) return seen;
      const { expression } = seen;
      const kept = ts.setTextRange(ofCell("value", expression), expression);
      return ts.setTextRange(factory.createExpressionStatement(kept), seen);
    });
    const published = ofCell("names", accessors(list.exportClause as ts.NamedExports));
    return factory.updateSourceFile(file, [factory.createExpressionStatement(published), ...code]);
  };
}

const isImported = (checker: ts.TypeChecker, element: ts.ExportSpecifier): boolean =>
  ((checker.getExportSpecifierLocalTargetSymbol(element)?.flags ?? 0) & ts.SymbolFlags.Alias) !== 0;

/** Whether a name stands for a value, not for a type alone. */
function hasValue(checker: ts.TypeChecker, element: ts.ExportSpecifier): boolean {
  let symbol = checker.getExportSpecifierLocalTargetSymbol(element);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  return !symbol || checker.isUnknownSymbol(symbol) || (symbol.flags & ts.SymbolFlags.Value) !== 0;
}
