import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { formatIssue, hasErrors } from "../config/issues.ts";
import { loadConfig } from "../config/load.ts";
import { loadEntries } from "./load_plugins.ts";
import { examinePlugins } from "./examine_plugins.ts";
import { BUILT_IN } from "./registry.ts";

const folder = new URL("../../fixtures/config/broken/", import.meta.url);

interface Examined {
  readonly lines: readonly string[];
  readonly verdict: "usable" | "refused";
  readonly plugins: readonly string[];
}

function examineFixture(name: string): Examined {
  const fileName = `${name}.conf`;
  const text = Deno.readTextFileSync(new URL(fileName, folder));
  const { loaded, issues } = loadConfig({ text, fileName });
  if (loaded === undefined) throw new Error(issues.map(formatIssue).join("\n"));
  const all = [...issues, ...examinePlugins(loaded)];
  return {
    lines: all.map(formatIssue),
    verdict: hasErrors(all) ? "refused" : "usable",
    plugins: loadEntries(loaded.config.plugins).map((entry) => entry.name),
  };
}

function golden(name: string): readonly string[] {
  const text = Deno.readTextFileSync(new URL(`${name}.issues`, folder));
  return text.split("\n").slice(0, -1);
}

/** Each file breaks every plugin in its own way. */
const files: readonly (readonly [string, Examined["verdict"]])[] = [
  ["plugins_missing", "refused"],
  ["plugins_empty", "refused"],
  ["plugins_malformed", "refused"],
  ["plugins_range", "refused"],
  ["plugins_words", "refused"],
  ["plugins_twice", "usable"],
  ["plugins_unequal", "refused"],
  ["plugins_unknown", "usable"],
  ["plugins_together", "refused"],
];

for (const [name, verdict] of files) {
  Deno.test(`broken/${name}.conf is ${verdict} with exactly its listed issues`, () => {
    const examined = examineFixture(name);
    deepStrictEqual(examined.lines, golden(name));
    strictEqual(examined.verdict, verdict);
  });

  Deno.test(`broken/${name}.conf: every message names file, line, column, key and reason`, () => {
    const shape = new RegExp(
      `^${name}\\.conf:[1-9][0-9]*:[1-9][0-9]*: (error|warning): plugin_\\w+: Cannot .+[^.]$`,
    );
    for (const line of golden(name)) match(line, shape);
  });
}

Deno.test("the broken plugin fixtures hold more than sixty wrong settings, no two alike", () => {
  const said = files.flatMap(([name]) => golden(name));
  const texts = new Set(said.map((line) => line.slice(line.indexOf(": ") + 2)));
  ok(texts.size >= 120, `${texts.size}`);
});

Deno.test("every option of every plugin is broken by some fixture", () => {
  const said = files.flatMap(([name]) => golden(name));
  const untouched = BUILT_IN.flatMap(({ name, options }) =>
    Object.keys(options).map((key) => `plugin_${name}_${key}`)
  ).filter((key) => !said.some((line) => line.includes(` ${key}: Cannot `)));
  deepStrictEqual(untouched, []);
});

Deno.test("plugins_missing.conf loads every built-in plugin", () => {
  deepStrictEqual(
    [...examineFixture("plugins_missing").plugins].sort(),
    BUILT_IN.map(({ name }) => name).sort(),
  );
});
