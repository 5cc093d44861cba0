/**
 * Keeps the direction of imports: a folder of `src` imports only folders below it, plugins import
 * only the plugin API and the message library, and nobody imports tests.
 * It judges specifiers, not cycles inside a folder (tests/meta looks for those).
 * Part of the house rules.
 *
 * @module
 */
import { importedPath, type SourceFile, sourceFile } from "../source_file.ts";

/** Height of each folder of `src`: a folder may import what is lower, and itself. */
const HEIGHTS: ReadonlyMap<string, number> = new Map([
  ["base", 0],
  ["sip", 1],
  ["sdp", 1],
  ["config", 1],
  ["log", 1],
  ["auth", 1],
  ["access", 1],
  ["dns", 1],
  ["rtp", 1],
  ["metrics", 1],
  ["nft", 1],
  ["registrar", 2],
  ["plugin", 3],
  ["proxy", 4],
  ["shell", 5],
  ["cli", 6],
]);

/** What builds and documents the program stands above all of it; nobody imports it. */
const BUILD_HEIGHT = 7;

/** What a plugin may import besides its own folder. */
const PLUGIN_IMPORTS = /^src\/(?:plugin\/api\.ts$|base\/|sip\/|sdp\/)/;

/** Files that list the built-in plugins; nothing else of `src` knows them by name. */
const PLUGIN_LISTS = /^src\/(?:plugin\/(?:registry|built_?ins?)[a-z_]*\.ts|shell\/|cli\/)/;

/** Packages by the kinds of files that may import them: core files get no clock and no socket. */
const PACKAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ["@std/cli", ["shell", "test", "tool"]],
  ["@std/ini", ["core", "plugin", "shell", "test", "tool"]],
  ["@std/log", ["core", "shell", "test", "tool"]],
  ["@std/net", ["shell", "test", "tool"]],
  ["@std/testing", ["test"]],
]);

function packageProblem(file: SourceFile, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) return undefined;
  const name = specifier.split("/").slice(0, 2).join("/");
  const kinds = PACKAGES.get(name);
  if (kinds === undefined) {
    const isTestHelper = file.path.startsWith("tests/support/") && specifier.startsWith("npm:");
    return isTestHelper ? undefined : "it is not in the import map";
  }
  return kinds.includes(file.kind) ? undefined : `${file.kind} files do not use it`;
}

function folderProblem(file: SourceFile, target: string): string | undefined {
  const [top, folder = ""] = target.split("/");
  if (top === "plugins") {
    return PLUGIN_LISTS.test(file.path) ? undefined : "only the plugin registry names plugins";
  }
  if (top !== "src") return "it is outside src";
  if (folder === file.folder) return undefined;
  const own = file.folder === "build" ? BUILD_HEIGHT : HEIGHTS.get(file.folder);
  const other = HEIGHTS.get(folder);
  if (own === undefined) return `folder ${file.folder} has no place in the import direction`;
  if (other === undefined) return `nobody imports folder ${folder}`;
  return other < own ? undefined : `${folder} is not below ${file.folder}`;
}

function pluginProblem(file: SourceFile, target: string): string | undefined {
  if (target.startsWith(`plugins/${file.folder}/`) || PLUGIN_IMPORTS.test(target)) return undefined;
  return "plugins import src/plugin/api.ts, base, sip and sdp only";
}

function problem(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return packageProblem(file, specifier);
  const target = importedPath(file, specifier);
  if (target.startsWith("..")) return "it is outside the repository";
  if (!/\.(?:ts|json)$/.test(target)) return "its extension is missing";
  if (file.kind === "test") return undefined;
  if (/_test\.ts$/.test(target) || target.startsWith("tests/")) return "it is a test";
  if (file.kind === "plugin") return pluginProblem(file, target);
  return file.folder === "" ? undefined : folderProblem(file, target);
}

/** Refuses imports against the direction of the architecture. */
export const layering: Deno.lint.Rule = {
  create(context): Deno.lint.LintVisitor {
    const file = sourceFile(context.filename);
    if (file.kind === "exempt") return {};
    function check(node: Deno.lint.Node, specifier: string): void {
      const reason = problem(file, specifier);
      if (reason === undefined) return;
      context.report({ node, message: `Cannot import "${specifier}" here: ${reason}` });
    }
    return {
      ImportDeclaration(node): void {
        check(node.source, node.source.value);
      },
      ExportAllDeclaration(node): void {
        check(node.source, node.source.value);
      },
      ExportNamedDeclaration(node): void {
        if (node.source) check(node.source, node.source.value);
      },
      ImportExpression({ source }): void {
        if (source.type === "Literal" && typeof source.value === "string") {
          check(source, source.value);
        }
      },
    };
  },
};
