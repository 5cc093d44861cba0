import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { PluginBench } from "../../tests/support/plugin_bench.ts";
import { definePlugin, type Plugin } from "./api.ts";
import { loadEntries } from "./load_plugins.ts";

const lists: readonly (readonly [readonly string[], readonly string[]])[] = [
  [[], []],
  [["plugin_stun.la"], ["stun"]],
  [["stun", "plugin_stun.la", "plugin_stun.so"], ["stun"]],
  [["b", "a", "b", "c"], ["b", "a", "c"]],
  [["mine.js", "plugin_mine"], ["mine"]],
];

for (const [load, names] of lists) {
  Deno.test(`loadEntries() makes ${JSON.stringify(names)} of ${JSON.stringify(load)} (R29)`, () => {
    deepStrictEqual(loadEntries({ load }), names.map((name, order) => ({ name, order })));
  });
}

function plugin(name: string, apiVersion = 1): Plugin {
  return definePlugin({
    name,
    apiVersion,
    description: `This is ${name}`,
    options: {
      count: { kind: "integer", default: 1, min: 1, max: 9, help: "", example: "1" },
      key: { kind: "string", required: true, help: "", example: "k" },
    },
    setup: () => ({}),
  });
}

/** What loading one plugin says. */
function load(lines: readonly string[], found: Plugin | undefined = plugin("one")) {
  const { loadLogs, failures } = new PluginBench({
    config: ["load_plugin = one", ...lines].join("\n"),
    find: () => found,
  });
  return { loadLogs, failures };
}

Deno.test("PluginLoader loads a plugin whose options can be used", () => {
  deepStrictEqual(load(["plugin_one_key = k"]), {
    loadLogs: ["info Plugin 'one' [This is one] loaded with success"],
    failures: [],
  });
});

const failing: readonly (readonly [string, readonly string[], string])[] = [
  [
    "an option is out of its range",
    ["plugin_one_key = k", "plugin_one_count = 10"],
    'test.conf:3: plugin_one_count: Cannot use number "10": highest is 9',
  ],
  [
    "an option is missing",
    [],
    "siproxd.conf:1: plugin_one_key: Cannot load plugin: it needs plugin_one_key " +
    "(example: plugin_one_key = k)",
  ],
  [
    "the first of two errors",
    ["plugin_one_count = x", "plugin_one_key = k"],
    'test.conf:2: plugin_one_count: Cannot use number "x": not a number',
  ],
];

for (const [why, lines, reason] of failing) {
  Deno.test(`PluginLoader leaves a plugin out and says why: ${why}`, () => {
    const text = `Plugin 'one' loaded with failure: ${reason}`;
    deepStrictEqual(load(lines), { loadLogs: [`error ${text}`], failures: [text] });
  });
}

Deno.test("PluginLoader leaves a plugin of another API version out", () => {
  const text = "Plugin 'one' loaded with failure: it is written for API version 2, " +
    "version 1 is expected";
  deepStrictEqual(load(["plugin_one_key = k"], plugin("one", 2)).failures, [text]);
});

Deno.test("PluginLoader says nothing about a plugin that is a file of the plugin folder", () => {
  deepStrictEqual(
    new PluginBench({ config: "load_plugin = unknown", find: () => undefined }).loadLogs,
    [],
  );
});

Deno.test("PluginLoader does not mind a plugin that cannot be loaded among others", () => {
  const good = definePlugin({
    name: "two",
    apiVersion: 1,
    description: "fine",
    options: {},
    setup: () => ({}),
  });
  const found = new Map([["one", plugin("one")], ["two", good]]);
  const world = new PluginBench({
    config: "load_plugin = one\nload_plugin = two",
    find: (name) => found.get(name),
  });
  strictEqual(world.failures.length, 1);
  strictEqual(world.loadLogs.at(-1), "info Plugin 'two' [fine] loaded with success");
});
