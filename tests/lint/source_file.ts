/**
 * Tells what a linted file is, from its path alone. It decides no rule itself.
 * Every rule of this folder asks it first.
 *
 * @module
 */
import { posix } from "node:path";

/** What a file is for; rules differ by it. */
export type SourceKind = "core" | "plugin" | "shell" | "test" | "tool" | "exempt";

/** A file as the rules see it. */
export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly kind: SourceKind;
  /** Folder below `src` or `plugins`; empty elsewhere. */
  readonly folder: string;
}

/** Folders of `src` that may touch the outside world, or that build and never run in the daemon. */
const IMPURE_FOLDERS: ReadonlySet<string> = new Set(["shell", "cli", "build"]);

const ROOT = new URL("../../", import.meta.url).pathname;

function relativePath(fileName: string): string {
  const path = fileName.replace(/^file:\/\//, "").replaceAll("\\", "/");
  return posix.normalize(path.startsWith(ROOT) ? path.slice(ROOT.length) : path)
    .replace(/^\/+/, "");
}

function kindOf(path: string): SourceKind {
  const [top = "", folder = ""] = path.split("/");
  if (top === "packaging") return "exempt";
  if (/_test\.ts$/.test(path) || top === "tests") return "test";
  if (top === "plugins") return "plugin";
  if (top !== "src") return path === "mod.ts" ? "shell" : "tool";
  return IMPURE_FOLDERS.has(folder) ? "shell" : "core";
}

/** Classifies a file by its name as the linter gives it. */
export function sourceFile(fileName: string): SourceFile {
  const path = relativePath(fileName);
  const [top = "", folder = ""] = path.split("/");
  return { path, kind: kindOf(path), folder: top === "src" || top === "plugins" ? folder : "" };
}

/** Path from the root of what a relative specifier in a file names. */
export function importedPath(file: SourceFile, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file.path), specifier));
}
