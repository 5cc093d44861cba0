/**
 * Asks for the unit in the names of numbers that are spans of time: `timeoutMs`, `ageSeconds`.
 * It looks at numbers only, and leaves names in snake_case alone: they are words of file formats.
 * Part of the house rules.
 *
 * @module
 */
import { sourceFile } from "../source_file.ts";

const BARE_SPAN =
  /(?:^|[a-z0-9])(?:Timeout|Delay|Interval|Duration|Age|Period|Elapsed|Lifetime)$|^(?:timeout|delay|interval|duration|age|period|elapsed|lifetime)$/;

const BARE_SPAN_CONSTANT =
  /^(?:[A-Z0-9]+_)*(?:TIMEOUT|DELAY|INTERVAL|DURATION|AGE|PERIOD|ELAPSED|LIFETIME)$/;

function lacksUnit(name: string): boolean {
  return BARE_SPAN.test(name) || BARE_SPAN_CONSTANT.test(name);
}

function isNumberType(annotation: Deno.lint.TSTypeAnnotation | undefined): boolean {
  const type = annotation?.typeAnnotation;
  if (type?.type !== "TSUnionType") return type?.type === "TSNumberKeyword";
  return type.types.some((member) => member.type === "TSNumberKeyword");
}

/** Literals and arithmetic on literals; anything else may be a string or an object. */
function isNumberValue(value: Deno.lint.Node | null): boolean {
  if (value?.type === "BinaryExpression") {
    return isNumberValue(value.left) && isNumberValue(value.right);
  }
  return value?.type === "Literal" && typeof value.value === "number";
}

/** Refuses names of number variables, parameters and fields that end in a span without unit. */
export const unitInName: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    if (sourceFile(context.filename).kind === "exempt") return {};
    function refuse(node: Deno.lint.Node, name: string): void {
      if (!lacksUnit(name)) return;
      context.report({
        node,
        message: `Name "${name}" lacks its unit: end it in Ms or Seconds`,
      });
    }
    function checkField(node: Deno.lint.TSPropertySignature | Deno.lint.PropertyDefinition): void {
      if (node.computed) return;
      const value = node.type === "PropertyDefinition" ? node.value : null;
      if (!isNumberType(node.typeAnnotation) && !isNumberValue(value)) return;
      refuse(node.key, context.sourceCode.getText(node.key).replace(/^["'#]|["']$/g, ""));
    }
    return {
      Identifier(node): void {
        if (isNumberType(node.typeAnnotation)) refuse(node, node.name);
      },
      VariableDeclarator(node): void {
        if (node.id.type !== "Identifier" || node.id.typeAnnotation) return;
        if (isNumberValue(node.init)) refuse(node.id, node.id.name);
      },
      TSPropertySignature: checkField,
      PropertyDefinition: checkField,
    };
  },
};
