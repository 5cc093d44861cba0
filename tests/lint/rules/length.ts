/**
 * Budgets of length: a file that is too long holds two things, a function that is too long does.
 * Lines are counted as they stand, comments included.
 * Part of the house rules.
 *
 * @module
 */
import { sourceFile } from "../source_file.ts";

/** Most lines of a file; typical is half of it. */
export const MAX_FILE_LINES: number = 300;

/** Most lines of a function, its signature included; typical is 20. */
export const MAX_FUNCTION_LINES: number = 70;

function countLines(text: string): number {
  return text.replace(/\n$/, "").split("\n").length;
}

/** Refuses files with more lines than {@linkcode MAX_FILE_LINES}. */
export const fileLength: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    if (sourceFile(context.filename).kind === "exempt") return {};
    return {
      Program(): void {
        const lines = countLines(context.sourceCode.text);
        if (lines <= MAX_FILE_LINES) return;
        context.report({
          range: [0, 1],
          message: `File has ${lines} lines: most allowed are ${MAX_FILE_LINES}`,
          hint: "Move one of its nouns to a file of its own",
        });
      },
    };
  },
};

/** Refuses functions with more lines than {@linkcode MAX_FUNCTION_LINES}. */
export const functionLength: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    if (sourceFile(context.filename).kind === "exempt") return {};
    function check(node: Deno.lint.Node): void {
      const lines = countLines(context.sourceCode.getText(node));
      if (lines <= MAX_FUNCTION_LINES) return;
      context.report({
        node,
        message: `Function has ${lines} lines: most allowed are ${MAX_FUNCTION_LINES}`,
        hint: "Give its steps names",
      });
    }
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
    };
  },
};
