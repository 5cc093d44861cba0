import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { BUILT_IN_PLUGINS, isPluginOption, shortPluginName } from "./plugin_names.ts";

const names: readonly (readonly [string, string])[] = [
  ["plugin_stun.la", "stun"],
  ["plugin_stun.so", "stun"],
  ["plugin_stun", "stun"],
  ["stun", "stun"],
  ["stun.la", "stun"],
  ["plugin_mine.js", "mine"],
  ["plugin_fix_DTAG.la", "fix_DTAG"],
  ["v1.2", "v1.2"],
];

for (const [written, short] of names) {
  Deno.test(`shortPluginName() makes ${short} of ${written}`, () => {
    strictEqual(shortPluginName(written), short);
  });
}

Deno.test("BUILT_IN_PLUGINS names the sixteen plugins of siproxd and three more once each", () => {
  strictEqual(new Set(BUILT_IN_PLUGINS).size, 19);
  deepStrictEqual(BUILT_IN_PLUGINS.slice(16), ["anonymize", "guard", "profile"]);
});

const keys: readonly (readonly [string, boolean])[] = [
  ["plugin_stun_server", true],
  ["plugin_regex_body_desc", true],
  ["plugin_fix_bogus_via_networks", true],
  ["plugin_stun", false],
  ["plugin_stunning_server", false],
  ["plugin_mine_option", false],
  ["stun_server", false],
];

for (const [key, expected] of keys) {
  Deno.test(`isPluginOption() is ${expected} for ${key}`, () => {
    strictEqual(isPluginOption(key, BUILT_IN_PLUGINS), expected);
  });
}

Deno.test("isPluginOption() knows options of a loaded plugin that is not built in", () => {
  strictEqual(isPluginOption("plugin_mine_option", ["mine"]), true);
});
