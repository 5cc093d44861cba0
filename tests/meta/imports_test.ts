import { deepEqual } from "node:assert/strict";
import { posix } from "node:path";
import { readSource, sourcePaths } from "../support/source_tree.ts";

/** `import … from "x"`, `export … from "x"` and `import "x"`, as the formatter writes them. */
const IMPORT = /^(?:import|export)\s+(?:([^"';=]*?)\s+from\s+)?"([^"]+)";/gm;

interface Import {
  readonly path: string;
  readonly names: readonly string[];
  readonly specifier: string;
}

function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, "").replace(/^\s*\/\/.*$/gm, "");
}

function importsOf(path: string): readonly Import[] {
  return [...withoutComments(readSource(path)).matchAll(IMPORT)].map(
    ([, clause = "", specifier = ""]) => {
      const braces = /\{([\s\S]*)\}/.exec(clause)?.[1] ?? "";
      const names = braces.split(",")
        .map((part) => part.trim().replace(/^type\s+/, "").replace(/\s+as\s+.*$/, ""))
        .filter((name) => name !== "");
      return { path, names, specifier };
    },
  );
}

const PATHS = sourcePaths().filter((path) => path.endsWith(".ts"));

function exportedNames(path: string): readonly string[] {
  const text = withoutComments(readSource(path));
  const own = text.matchAll(
    /^export (?:declare )?(?:abstract )?(?:async )?(?:class|const|function|interface|type) (\w+)/gm,
  );
  const passed = importsOf(path).flatMap(({ names, specifier }) => {
    const isExport = new RegExp(`^export[^"]*"${specifier.replaceAll(".", "\\.")}"`, "m").test(
      text,
    );
    if (!isExport || !specifier.startsWith(".")) return [];
    return names.length > 0 ? names : exportedNames(posix.join(posix.dirname(path), specifier));
  });
  return [...own].map(([, name = ""]) => name).concat(passed);
}

/** Entry files of the in-tree packages by what an import says. */
function packageEntries(): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const folder of ["cli", "ini", "log", "net", "testing"]) {
    const { exports }: { exports: Record<string, string> } = JSON.parse(
      readSource(`packaging/std/${folder}/deno.json`),
    );
    for (const [entry, file] of Object.entries(exports)) {
      entries.set(
        posix.join(`@std/${folder}`, entry),
        posix.join("packaging/std", folder, file),
      );
    }
  }
  return entries;
}

Deno.test("every symbol imported from @std is exported by its in-tree package", () => {
  const entries = packageEntries();
  const missing = PATHS.flatMap(importsOf)
    .filter(({ specifier }) => specifier.startsWith("@std/"))
    .flatMap(({ path, names, specifier }) => {
      const entry = entries.get(specifier);
      if (entry === undefined) return [`${path}: no entry ${specifier}`];
      const exported = exportedNames(entry);
      return names.filter((name) => !exported.includes(name))
        .map((name) => `${path}: ${specifier} exports no ${name}`);
    });
  deepEqual(missing, []);
});

Deno.test("exportedNames() follows what a module passes on", () => {
  deepEqual(exportedNames("packaging/std/ini/mod.ts"), [
    "ReviverFunction",
    "ParseOptions",
    "parse",
    "parse",
    "ReplacerFunction",
    "StringifyOptions",
    "stringify",
  ]);
});

/** Finds one cycle by depth-first search; empty if there is none. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const trail: string[] = [];
  function visit(path: string): readonly string[] {
    const at = trail.indexOf(path);
    if (at >= 0) return [...trail.slice(at), path];
    if (done.has(path)) return [];
    trail.push(path);
    for (const next of edges.get(path) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    trail.pop();
    done.add(path);
    return [];
  }
  for (const path of edges.keys()) {
    const cycle = visit(path);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

Deno.test("findCycle() finds a cycle behind a fork", () => {
  const edges = new Map([["a", ["b", "c"]], ["b", []], ["c", ["d"]], ["d", ["c"]]]);
  deepEqual(findCycle(edges), ["c", "d", "c"]);
  deepEqual(findCycle(new Map([["a", ["b", "c"]], ["b", ["c"]]])), []);
});

Deno.test("no module imports itself through others", () => {
  const own = PATHS.filter((path) => !path.startsWith("packaging/"));
  const edges = new Map(own.map((path) => [
    path,
    importsOf(path).filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier }) => posix.join(posix.dirname(path), specifier)),
  ]));
  deepEqual(findCycle(edges), []);
});
