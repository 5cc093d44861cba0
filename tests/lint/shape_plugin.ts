/**
 * Reports every named function with its name, for the shape report; nothing is refused.
 * It counts and judges nothing. tests/meta/shape.ts runs it through `deno lint --json`.
 *
 * @module
 */

/** Functions with a name of their own or of what they are assigned to; callbacks are part of those. */
const NAMED_PARENTS: ReadonlySet<string> = new Set([
  "MethodDefinition",
  "Property",
  "PropertyDefinition",
  "VariableDeclarator",
]);

const namedFunction: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    function report(node: Deno.lint.Node): void {
      const lines = context.sourceCode.getText(node).split("\n").length;
      context.report({ node, message: String(lines) });
    }
    function reportNamed(
      node: Deno.lint.FunctionExpression | Deno.lint.ArrowFunctionExpression,
    ): void {
      if (NAMED_PARENTS.has(node.parent.type)) report(node);
    }
    return {
      FunctionDeclaration: report,
      FunctionExpression: reportNamed,
      ArrowFunctionExpression: reportNamed,
    };
  },
};

const shapePlugin: Deno.lint.Plugin = {
  name: "shape",
  rules: { "named-function": namedFunction },
};

export default shapePlugin;
