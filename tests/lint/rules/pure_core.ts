/**
 * Keeps the core pure: no clock, no random source, no socket, no console, no await.
 * It knows names, not values; what reaches the core by injection is not its business.
 * Part of the house rules.
 *
 * @module
 */
import { sourceFile } from "../source_file.ts";

/** Globals that read or change the outside world. */
const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  "Date",
  "Deno",
  "EventSource",
  "Temporal",
  "WebSocket",
  "Worker",
  "alert",
  "caches",
  "clearInterval",
  "clearTimeout",
  "confirm",
  "console",
  "crypto",
  "fetch",
  "globalThis",
  "localStorage",
  "navigator",
  "performance",
  "process",
  "prompt",
  "queueMicrotask",
  "self",
  "sessionStorage",
  "setImmediate",
  "setInterval",
  "setTimeout",
]);

/** Node modules that only compute, and what may be taken from them. */
const PURE_NODE_IMPORTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["node:crypto", new Set(["createHash", "createHmac", "hash", "timingSafeEqual"])],
  ["node:net", new Set(["BlockList", "isIP", "isIPv4", "isIPv6"])],
]);

/** Where an identifier is only a name: `message.Date`, `{ Date: 1 }`. */
function isNameOnly(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "TSQualifiedName":
      return parent.right === node;
    case "Property":
      return parent.key === node && !parent.computed && !parent.shorthand;
    case "MethodDefinition":
    case "PropertyDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return parent.key === node && !parent.computed;
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "LabeledStatement":
      return true;
    default:
      return false;
  }
}

/** Whether an identifier makes a variable or parameter of its name. */
function isDeclaration(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "VariableDeclarator":
      return parent.id === node;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "TSFunctionType":
    case "TSMethodSignature":
    case "TSDeclareFunction":
      return parent.params.some((parameter) => parameter === node) ||
        ("id" in parent && parent.id === node);
    case "AssignmentPattern":
      return parent.left === node;
    case "Property":
      return parent.value === node && parent.parent.type === "ObjectPattern";
    case "ImportSpecifier":
      return parent.local === node;
    default:
      return false;
  }
}

function impureImports(node: Deno.lint.ImportDeclaration): string[] {
  const specifier = node.source.value;
  if (!specifier.startsWith("node:") || node.importKind === "type") return [];
  const allowed = PURE_NODE_IMPORTS.get(specifier);
  return node.specifiers
    .map((part) => {
      if (part.type !== "ImportSpecifier") return "*";
      return part.imported.type === "Identifier" ? part.imported.name : part.imported.value;
    })
    .filter((name) => !allowed?.has(name))
    .map((name) => `${name} of ${specifier}`);
}

/** Refuses everything impure outside of shell, cli, build, tests and mod.ts. */
export const pureCore: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const { kind } = sourceFile(context.filename);
    if (kind !== "core" && kind !== "plugin") return {};
    const uses: Deno.lint.Identifier[] = [];
    const declared = new Set<string>();
    function refuse(node: Deno.lint.Node, what: string): void {
      context.report({ node, message: `${what} in the core: take it from the caller` });
    }
    function refuseAsync(node: Deno.lint.Node & { readonly async: boolean }): void {
      if (node.async) refuse(node, "Async function");
    }
    return {
      Identifier(node): void {
        if (!IMPURE_GLOBALS.has(node.name) || isNameOnly(node)) return;
        if (isDeclaration(node)) declared.add(node.name);
        else uses.push(node);
      },
      MemberExpression(node): void {
        if (context.sourceCode.getText(node) === "Math.random") refuse(node, "Math.random");
      },
      ImportDeclaration(node): void {
        for (const what of impureImports(node)) refuse(node, what);
      },
      ImportExpression(node): void {
        refuse(node, "Dynamic import");
      },
      AwaitExpression(node): void {
        refuse(node, "Await");
      },
      ForOfStatement(node): void {
        if (node.await) refuse(node, "Await");
      },
      FunctionDeclaration: refuseAsync,
      FunctionExpression: refuseAsync,
      ArrowFunctionExpression: refuseAsync,
      "Program:exit"(): void {
        for (const node of uses) {
          if (!declared.has(node.name)) refuse(node, node.name);
        }
      },
    };
  },
};
