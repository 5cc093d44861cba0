/**
 * Keeps the language small: nothing that is not erased, nothing that silences the type checker.
 * It says nothing about names or structure.
 * Part of the house rules.
 *
 * @module
 */
import { sourceFile } from "../source_file.ts";

/** The one file that turns plain values into branded ones. */
const BRAND_FILE = "src/base/brand.ts";

/** Deno loads lint plugins by their default export, and node:assert/strict has one as well. */
const DEFAULT_EXPORT_FILES = /^tests\/(?:lint\/[a-z_]+|support\/assert_strict)\.ts$/;

/** Refuses default exports: a symbol has one name everywhere. */
export const noDefaultExport: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const { kind, path } = sourceFile(context.filename);
    if (kind === "exempt" || DEFAULT_EXPORT_FILES.test(path)) return {};
    const message = "Default export: export by name";
    return {
      ExportDefaultDeclaration(node): void {
        context.report({ node, message });
      },
      ExportSpecifier(node): void {
        if (context.sourceCode.getText(node.exported) === "default") {
          context.report({ node, message });
        }
      },
    };
  },
};

/** Refuses `enum` and `namespace`, which are code that types cannot be erased from. */
export const noEnumOrNamespace: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    if (sourceFile(context.filename).kind === "exempt") return {};
    return {
      TSEnumDeclaration(node): void {
        context.report({ node, message: "Enum: use a union of string literals" });
      },
      TSModuleDeclaration(node): void {
        context.report({ node, message: "Namespace: use a module" });
      },
    };
  },
};

function isConst(type: Deno.lint.TypeNode): boolean {
  return type.type === "TSTypeReference" && type.typeName.type === "Identifier" &&
    type.typeName.name === "const";
}

/** Refuses `any`, non-null `!` and assertions other than `as const`. */
export const noTypeEscape: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const { kind, path } = sourceFile(context.filename);
    if (kind === "exempt") return {};
    const mayAssert = path === BRAND_FILE;
    return {
      TSAnyKeyword(node): void {
        context.report({ node, message: "Type any: use unknown and narrow it" });
      },
      TSNonNullExpression(node): void {
        context.report({ node, message: "Non-null assertion: handle the missing value" });
      },
      TSTypeAssertion(node): void {
        if (!mayAssert) context.report({ node, message: "Type assertion: narrow with a guard" });
      },
      TSAsExpression(node): void {
        if (mayAssert || isConst(node.typeAnnotation)) return;
        context.report({ node, message: "Type assertion: narrow with a guard" });
      },
    };
  },
};
