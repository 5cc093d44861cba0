import { deepEqual, equal, match, ok } from "node:assert/strict";
import { VERSION } from "../../src/base/version.ts";
import { readSource, sourcePaths } from "../support/source_tree.ts";

/** Everything the top level may hold besides files whose name begins with a dot. */
const TOP_LEVEL: readonly string[] = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "deno.json",
  "deno.lock",
  "fixtures",
  "mod.ts",
  "packaging",
  "plugins",
  "src",
  "tests",
];

/** What every desk and every machine of continuous integration runs by the same name. */
const TASKS: readonly string[] = [
  "bench",
  "check",
  "compile",
  "deb",
  "demo",
  "docs",
  "e2e",
  "e2e:attack",
  "e2e:faults",
  "fmt",
  "fuzz",
  "golden:update",
  "lint",
  "ok",
  "security",
  "shape",
  "sim",
  "soak",
  "start",
  "test",
  "test:directives",
  "test:install",
  "test:matrix",
];

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readRecord(path: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(readSource(path));
  return isRecord(value) ? value : {};
}

function textValues(value: unknown): readonly (readonly [string, string])[] {
  return isRecord(value) ? Object.entries(value).map(([key, text]) => [key, String(text)]) : [];
}

const PATHS = sourcePaths();
const CONFIG = readRecord("deno.json");

Deno.test("the top level holds what was agreed and nothing else", () => {
  const found = new Set(PATHS.map((path) => path.split("/")[0] ?? ""));
  const surprising = [...found].filter((name) =>
    !name.startsWith(".") && !TOP_LEVEL.includes(name)
  );
  deepEqual(surprising, []);
  ok(found.has("mod.ts"));
});

Deno.test("deno.json has every task, and each names files that exist", () => {
  const tasks = textValues(CONFIG["tasks"]);
  deepEqual(tasks.map(([name]) => name).sort(), TASKS);
  for (const [name, command] of tasks) {
    for (const path of command.match(/\S+\.ts\b/g) ?? []) {
      ok(PATHS.includes(path), `task ${name}: no file ${path}`);
    }
  }
});

Deno.test("deno.json, VERSION and CHANGELOG.md name the same version", () => {
  equal(CONFIG["version"], VERSION);
  const newest = /^## \[(\d+\.\d+\.\d+)\]/m.exec(readSource("CHANGELOG.md"))?.[1];
  equal(newest, VERSION);
});

Deno.test("every std package is imported by a range that its in-tree folder satisfies", () => {
  const links = Array.isArray(CONFIG["links"]) ? CONFIG["links"].map(String) : [];
  const versions = new Map(links.map((link) => {
    const { name, version } = readRecord(`${link.replace(/^\.\//, "")}/deno.json`);
    return [String(name), String(version)];
  }));
  const imports = textValues(CONFIG["imports"]).filter(([name]) => name.startsWith("@std/"));
  deepEqual(imports.map(([name]) => name).sort(), [...versions.keys()].sort());
  for (const [name, specifier] of imports) {
    equal(specifier, `jsr:${name}@^${versions.get(name)}`);
  }
});

Deno.test("deno.json imports nothing from npm, which deno task would fetch first", () => {
  deepEqual(textValues(CONFIG["imports"]).filter(([, to]) => to.startsWith("npm:")), []);
});

Deno.test("every folder of src says in three sentences what it is", () => {
  const folders = new Set(
    PATHS.filter((path) => /^src\/[^/]+\/.+\.ts$/.test(path)).map((path) => path.split("/")[1]),
  );
  const described = new Set(
    PATHS.filter((path) => /^src\/.+\.ts$/.test(path) && /^ \* @module$/m.test(readSource(path)))
      .map((path) => path.split("/")[1]),
  );
  deepEqual([...folders].filter((folder) => !described.has(folder)), []);
});

Deno.test("every plugin is a folder with a module, a test and a README", () => {
  const folders = new Set(
    PATHS.filter((path) => /^plugins\/[^/]+\//.test(path)).map((path) => path.split("/")[1]),
  );
  for (const folder of folders) {
    for (const name of ["mod.ts", "mod_test.ts", "README.md"]) {
      ok(PATHS.includes(`plugins/${folder}/${name}`), `plugins/${folder} has no ${name}`);
    }
  }
});

Deno.test("continuous integration begins with the command for a fresh machine", () => {
  match(readSource(".ci/run"), /^#!\/usr\/bin\/env bash\n/);
  match(readSource(".ci/run"), /npx -y deno@2\.7\.11 task test/);
});
