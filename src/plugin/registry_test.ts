import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { formatIssue } from "../config/issues.ts";
import { loadConfig } from "../config/load.ts";
import { BUILT_IN_PLUGINS, shortPluginName } from "../config/plugin_names.ts";
import { examinePlugins } from "./examine_plugins.ts";
import { BUILT_IN, findBuiltIn } from "./registry.ts";

const root = new URL("../../", import.meta.url);

function examineText(text: string): readonly string[] {
  const { loaded, issues } = loadConfig({ text, fileName: "test.conf" });
  const all = loaded === undefined ? issues : [...issues, ...examinePlugins(loaded)];
  return all.map(formatIssue);
}

Deno.test("BUILT_IN holds what the configuration knows by name, in the same order", () => {
  deepStrictEqual(BUILT_IN.map(({ name }) => name), BUILT_IN_PLUGINS);
});

for (const written of ["plugin_stun.la", "plugin_stun.so", "plugin_stun", "stun"]) {
  Deno.test(`findBuiltIn() finds ${written}`, () => {
    strictEqual(findBuiltIn(shortPluginName(written))?.name, "stun");
  });
}

Deno.test("all_plugins.conf loads every plugin and nothing is to be said about it", () => {
  const text = Deno.readTextFileSync(new URL("fixtures/config/all_plugins.conf", root));
  deepStrictEqual(examineText(text), []);
  const { loaded } = loadConfig({ text, fileName: "all" });
  deepStrictEqual(loaded?.config.plugins.load.map(shortPluginName), BUILT_IN_PLUGINS);
});

for (const { name, options } of BUILT_IN) {
  const readme = Deno.readTextFileSync(new URL(`plugins/${name}/README.md`, root));

  Deno.test(`README of ${name} has its four parts and all options`, () => {
    for (const part of ["Name", "Purpose", "Options", "Examples"]) {
      match(readme, new RegExp(`^## ${part}$`, "m"));
    }
    for (const key of Object.keys(options)) ok(readme.includes(`\`plugin_${name}_${key}\``), key);
  });

  Deno.test(`README of ${name}: every example loads`, () => {
    const examples = readme.split("```conf\n").slice(1).map((rest) => rest.split("```")[0] ?? "");
    ok(examples.length > 0);
    for (const example of examples) deepStrictEqual(examineText(example), []);
  });

  for (const [key, option] of Object.entries(options)) {
    Deno.test(`option ${name}_${key}: its example can be used, an empty one is told`, () => {
      const of = (value: string) =>
        examineText(`load_plugin = ${name}\nplugin_${name}_${key} = ${value}`);
      const about = (said: readonly string[]) =>
        said.filter((line) =>
          line.startsWith("test.conf:2:") && !/Cannot (pair|write|allow)/.test(line)
        );
      deepStrictEqual(about(of(option.example)), []);
      strictEqual(about(of("")).length > 0, true);
    });
  }
}
