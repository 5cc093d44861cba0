import { deepStrictEqual } from "node:assert/strict";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/config.ts";
import { pluginOptionOf, pluginPathOf } from "./plugin_paths.ts";

function configOf(text: string): Config {
  const { loaded, issues } = loadConfig({ text, fileName: "test" });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  return loaded.config;
}

const OPTIONS = "plugin_stats_filename = /a\nplugin_stats_filename = /b\nplugin_stats_filename =";

const options: readonly (readonly [string, string | undefined])[] = [
  ["plugin_stats_filename", "/b"],
  ["plugin_stats_period", undefined],
  ["stats_filename", undefined],
];

for (const [key, value] of options) {
  Deno.test(`pluginOptionOf() finds ${value} for ${key}`, () => {
    deepStrictEqual(pluginOptionOf(configOf(OPTIONS), key), value);
  });
}

const places: readonly (readonly [string, string, string])[] = [
  ["", "/var/x", "/var/x"],
  ["", "x", "x"],
  ["chrootjail = /jail", "/var/x", "/jail/var/x"],
  ["chrootjail = /jail//", "x", "/jail/x"],
];

for (const [line, path, place] of places) {
  Deno.test(`pluginPathOf() places ${path} at ${place} with "${line}"`, () => {
    deepStrictEqual(pluginPathOf(configOf(line), path), place);
  });
}
