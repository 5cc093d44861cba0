import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { PluginKeeper } from "./plugin_keeper.ts";

function configOf(text: string): Config {
  const { loaded, issues } = loadConfig({ text, fileName: "test" });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  return loaded.config;
}

function keeperOf(text: string): { readonly keeper: PluginKeeper; readonly logs: LogEvent[] } {
  const logs: LogEvent[] = [];
  return { keeper: new PluginKeeper(configOf(text), { onLog: (event) => logs.push(event) }), logs };
}

const report = { kind: "report", plugin: "stats", option: "filename", text: "figures\n" } as const;

Deno.test("PluginKeeper writes a report to the file that the configuration names, and to no other", () => {
  const path = Deno.makeTempFileSync();
  const { keeper, logs } = keeperOf(`load_plugin = stats\nplugin_stats_filename = ${path}`);
  keeper.carryOut(report);
  strictEqual(Deno.readTextFileSync(path), "figures\n");
  keeper.carryOut({ ...report, option: "other", text: "x" });
  strictEqual(Deno.readTextFileSync(path), "figures\n");
  deepStrictEqual(logs, []);
  Deno.removeSync(path);
});

Deno.test("PluginKeeper says when a report cannot be written", () => {
  const { keeper, logs } = keeperOf("load_plugin = stats\nplugin_stats_filename = /nonexistent/x");
  keeper.carryOut(report);
  deepStrictEqual(logs.map(({ event }) => event), ["plugin.write_failed"]);
});

Deno.test("PluginKeeper leaves out what the last isolate did not survive", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/x.js`, "1;", { mode: 0o644 });
  const { keeper } = keeperOf(`plugindir = ${folder}\nload_plugin = x`);
  deepStrictEqual(keeper.setup("first").files.map(({ name }) => name), ["x"]);
  keeper.noteSetup("x");
  deepStrictEqual(keeper.setup("after-hang").refused, [
    { name: "x", reason: "the isolate did not survive its setup" },
  ]);
  deepStrictEqual(keeper.setup("after-crash").files, []);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginKeeper keeps a plugin whose setup came back when the isolate dies later", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/x.js`, "1;", { mode: 0o644 });
  const { keeper } = keeperOf(`plugindir = ${folder}\nload_plugin = x`);
  keeper.noteSetup("x");
  keeper.noteSetup(undefined);
  deepStrictEqual(keeper.setup("after-crash").refused, []);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginKeeper refuses the blacklist whose database cannot be opened", () => {
  const { keeper } = keeperOf("load_plugin = blacklist\nplugin_blacklist_dbpath = /nonexistent/b");
  const { refused } = keeper.setup("first");
  deepStrictEqual(refused.map(({ name }) => name), ["blacklist"]);
  keeper.close();
});

Deno.test("PluginKeeper keeps stored texts beside the registration file", () => {
  const folder = Deno.makeTempDirSync();
  const text = `registration_file = ${folder}/registrations`;
  const { keeper } = keeperOf(text);
  keeper.carryOut({ kind: "store", plugin: "p", key: "k", value: "v" });
  keeper.close();
  deepStrictEqual(keeperOf(text).keeper.setup("first").stored, { p: { k: "v" } });
  Deno.removeSync(folder, { recursive: true });
});
