/**
 * Keeps calls readable where they are made: few positions, and no bare `true` among them.
 * It does not look into options objects.
 * Part of the house rules.
 *
 * @module
 */
import { sourceFile } from "../source_file.ts";

/** Most positional parameters of what a file exports; an options object may follow. */
export const MAX_EXPORTED_PARAMETERS: number = 2;

/** Most positional parameters inside a file, where caller and callee are read together. */
export const MAX_LOCAL_PARAMETERS: number = 3;

/** The parts that all function-like nodes share. */
interface FunctionLike {
  readonly params: readonly Deno.lint.Parameter[];
}

function isOptions(parameter: Deno.lint.Parameter): boolean {
  if (parameter.type === "AssignmentPattern") return isOptions(parameter.left);
  if (parameter.type === "Identifier") return parameter.name === "options";
  return parameter.type === "ObjectPattern";
}

function countPositions(params: readonly Deno.lint.Parameter[]): number {
  const positions = params.filter((parameter) =>
    parameter.type !== "RestElement" &&
    !(parameter.type === "Identifier" && parameter.name === "this")
  );
  const last = positions.at(-1);
  return last !== undefined && isOptions(last) ? positions.length - 1 : positions.length;
}

function isBoolean(parameter: Deno.lint.Parameter): boolean {
  switch (parameter.type) {
    case "Identifier":
      return parameter.typeAnnotation?.typeAnnotation.type === "TSBooleanKeyword";
    case "AssignmentPattern":
      return isBoolean(parameter.left) ||
        (parameter.right.type === "Literal" && typeof parameter.right.value === "boolean");
    case "TSParameterProperty":
      return isBoolean(parameter.parameter);
    default:
      return false;
  }
}

/** Refuses positional parameters of type boolean: `send(true)` does not say what is true. */
export const noBooleanParameter: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    if (sourceFile(context.filename).kind === "exempt") return {};
    function check({ params }: FunctionLike): void {
      for (const { range } of params.filter(isBoolean)) {
        context.report({ range, message: "Boolean parameter: use a kind or an options object" });
      }
    }
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
      TSDeclareFunction: check,
      TSEmptyBodyFunctionExpression: check,
      TSMethodSignature: check,
      TSFunctionType: check,
    };
  },
};

function isExportedClassMember(node: Deno.lint.FunctionExpression): boolean {
  if (node.parent.type !== "MethodDefinition") return false;
  if (node.parent.key.type === "PrivateIdentifier") return false;
  return node.parent.parent.parent.parent?.type === "ExportNamedDeclaration";
}

/** Refuses long lists of positional parameters. */
export const maxParameters: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    if (sourceFile(context.filename).kind === "exempt") return {};
    function check(node: Deno.lint.Node & FunctionLike, most: number): void {
      const count = countPositions(node.params);
      if (count <= most) return;
      context.report({
        node,
        message: `Function has ${count} positional parameters: most allowed are ${most}`,
        hint: "Pass what belongs together as one object",
      });
    }
    return {
      FunctionDeclaration(node): void {
        const isExported = node.parent.type === "ExportNamedDeclaration";
        check(node, isExported ? MAX_EXPORTED_PARAMETERS : MAX_LOCAL_PARAMETERS);
      },
      FunctionExpression(node): void {
        check(node, isExportedClassMember(node) ? MAX_EXPORTED_PARAMETERS : MAX_LOCAL_PARAMETERS);
      },
      ArrowFunctionExpression(node): void {
        check(node, MAX_LOCAL_PARAMETERS);
      },
    };
  },
};
