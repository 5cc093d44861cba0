import { deepStrictEqual } from "node:assert/strict";
import { err, ok, type Result } from "../base/result.ts";
import { loadConfig } from "../config/load.ts";
import type { PluginsConfig } from "../config/config.ts";
import { definePlugin, type Plugin } from "./api.ts";
import { loadEntries, PluginLoader, type WantedPlugins } from "./load_plugins.ts";
import type { PluginSupplies } from "./plugin_world.ts";

const SUPPLIES: PluginSupplies = {
  clock: { nowMs: () => 0, monotonicMs: () => 0, wallMs: () => 0 },
  processId: 1,
  stored: {},
  databases: {},
};

function pluginsOf(lines: readonly string[]): PluginsConfig {
  const { loaded } = loadConfig({ text: lines.join("\n"), fileName: "siproxd.conf" });
  if (loaded === undefined) throw new Error(lines.join("; "));
  return loaded.config.plugins;
}

/** A loader whose plugins a, b and c write down their life; word `bad` cannot be used, `throw` throws in the setup. */
function bench(lines: readonly string[]) {
  const life: string[] = [];
  const plugin = (name: string): Plugin =>
    definePlugin({
      name,
      apiVersion: 1,
      description: name,
      options: {
        word: {
          kind: "string",
          default: "none",
          help: "",
          example: "x",
          validate: (word) => word === "bad" ? "it is bad" : undefined,
        },
      },
      setup: ({ word }) => {
        if (word === "throw") throw new Error("oh no");
        life.push(`${name} begins with ${word}`);
        return { dispose: () => void life.push(`${name} ends with ${word}`) };
      },
    });
  const find = (name: string) => "abc".includes(name) ? plugin(name) : undefined;
  const loader = new PluginLoader({ config: pluginsOf(lines), find, supplies: SUPPLIES });
  for (const entry of loader.loadKnown()) {
    loader.load({ entry, plugin: err("no such file"), source: undefined });
  }
  loader.chain.takeActions();
  const wanted = (next: readonly string[], source?: string): WantedPlugins => {
    const config = pluginsOf(next);
    const plugins = loadEntries(config).map((entry) => {
      const found = find(entry.name);
      const made: Result<Plugin> = found === undefined ? err("no such file") : ok(found);
      return { entry, plugin: made, source };
    });
    return { config, supplies: SUPPLIES, plugins };
  };
  const said = () =>
    loader.chain.takeActions().map((action) => action.kind === "log" ? action.event.text : "");
  return { loader, life, wanted, said };
}

const BOTH = ["load_plugin = a", "load_plugin = b", "plugin_a_word = one"];

Deno.test("PluginLoader.stage() sets up what changed before it disposes of the old, and leaves the rest", () => {
  const { loader, life, wanted, said } = bench(BOTH);
  const next = ["# a comment moves lines", "load_plugin = b", "load_plugin = c", "load_plugin = a"];
  const staged = loader.stage(wanted([...next, "plugin_a_word = two"]));
  deepStrictEqual(loader.chain.names, ["a", "b"]);
  if (staged.ok) staged.value.commit();
  deepStrictEqual(life, [
    "a begins with one",
    "b begins with none",
    "c begins with none",
    "a begins with two",
    "a ends with one",
  ]);
  deepStrictEqual(loader.chain.names, ["b", "c", "a"]);
  deepStrictEqual(said(), [
    "Plugin 'c' [c] loaded with success",
    "Plugin 'a' [a] loaded with success",
  ]);
});

Deno.test("PluginLoader.stage() ends a plugin that is loaded no more", () => {
  const { loader, life, wanted, said } = bench(BOTH);
  const staged = loader.stage(wanted(["load_plugin = b"]));
  if (staged.ok) staged.value.commit();
  deepStrictEqual(life.slice(2), ["a ends with one"]);
  deepStrictEqual([loader.chain.names, said()], [["b"], ["Plugin 'a' ended"]]);
});

Deno.test("PluginLoader.stage() sets a plugin up again whose file is another", () => {
  const { loader, life, wanted } = bench(BOTH);
  for (const source of ["old", "new", "new"]) {
    const staged = loader.stage(wanted(BOTH, source));
    if (staged.ok) staged.value.commit();
  }
  const once = ["a begins with one", "b begins with none", "a ends with one", "b ends with none"];
  deepStrictEqual(life.slice(2), [...once, ...once]);
});

Deno.test("PluginLoader.stage() that is abandoned leaves everything as it was", () => {
  const { loader, life, wanted, said } = bench(BOTH);
  const staged = loader.stage(wanted(["load_plugin = c", "load_plugin = b"]));
  if (staged.ok) staged.value.abandon();
  deepStrictEqual(life.slice(2), ["c begins with none", "c ends with none"]);
  deepStrictEqual([loader.chain.names, said()], [["a", "b"], []]);
});

const refused: readonly (readonly [string, readonly string[], string])[] = [
  [
    "an option cannot be used",
    ["load_plugin = c", "load_plugin = a", "plugin_a_word = bad"],
    'plugin a: siproxd.conf:3: plugin_a_word: Cannot use "bad": it is bad',
  ],
  [
    "a setup throws",
    ["load_plugin = c", "load_plugin = a", "plugin_a_word = throw"],
    "plugin a: setup failed: Error: oh no",
  ],
  [
    "a new plugin is not found",
    ["load_plugin = c", "load_plugin = a", "load_plugin = z"],
    "plugin z: no such file",
  ],
];

for (const [why, lines, error] of refused) {
  Deno.test(`PluginLoader.stage() refuses and undoes: ${why}`, () => {
    const { loader, life, wanted, said } = bench(BOTH);
    deepStrictEqual(loader.stage(wanted(lines)), { ok: false, error });
    deepStrictEqual(life.filter((line) => line.startsWith("c")), [
      "c begins with none",
      "c ends with none",
    ]);
    deepStrictEqual([loader.chain.names, said()], [["a", "b"], []]);
  });
}

Deno.test("PluginLoader.stage() lets a plugin be missing that was missing, unless plugin_strict wants it", () => {
  const lines = ["load_plugin = z", "load_plugin = a"];
  const { loader, wanted } = bench(lines);
  const staged = loader.stage(wanted([...lines, "plugin_a_word = two"]));
  if (staged.ok) staged.value.commit();
  deepStrictEqual(loader.chain.names, ["a"]);
  deepStrictEqual(loader.stage(wanted([...lines, "plugin_strict = 1"])), {
    ok: false,
    error: "plugin z: no such file",
  });
});

Deno.test("PluginLoader.stage() tries a plugin again that failed before", () => {
  const { loader, wanted } = bench(["load_plugin = a", "plugin_a_word = throw"]);
  deepStrictEqual(loader.chain.names, []);
  const staged = loader.stage(wanted(["load_plugin = a", "plugin_a_word = well"]));
  if (staged.ok) staged.value.commit();
  deepStrictEqual(loader.chain.names, ["a"]);
});
