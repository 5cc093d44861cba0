import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/config.ts";
import type { LogEvent } from "../../log/log_event.ts";
import { hookMark } from "../../plugin/hook_mark.ts";
import type { StartReason } from "../protocol.ts";
import { PluginKeeper } from "./plugin_keeper.ts";

function configOf(text: string): Config {
  const { loaded, issues } = loadConfig({ text, fileName: "test" });
  if (loaded === undefined) throw new Error(JSON.stringify(issues));
  return loaded.config;
}

function keeperOf(text: string) {
  const logs: LogEvent[] = [];
  const config = configOf(text);
  const keeper = new PluginKeeper(config, { onLog: (event) => logs.push(event) });
  return { keeper, logs, setup: (reason: StartReason = "first") => keeper.setup(config, reason) };
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
  const { keeper, setup } = keeperOf(`plugindir = ${folder}\nload_plugin = x`);
  deepStrictEqual(setup().files.map(({ name }) => name), ["x"]);
  keeper.noteSetup("x");
  deepStrictEqual(setup("after-hang").refused, [
    { name: "x", reason: "the isolate did not survive its setup" },
  ]);
  deepStrictEqual(setup("after-crash").files, []);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginKeeper keeps a plugin whose setup came back when the isolate dies later", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/x.js`, "1;", { mode: 0o644 });
  const { keeper, setup } = keeperOf(`plugindir = ${folder}\nload_plugin = x`);
  keeper.noteSetup("x");
  keeper.noteSetup(undefined);
  deepStrictEqual(setup("after-crash").refused, []);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginKeeper refuses the blacklist whose database cannot be opened", () => {
  const { keeper, setup } = keeperOf(
    "load_plugin = blacklist\nplugin_blacklist_dbpath = /nonexistent/b",
  );
  const { refused } = setup();
  deepStrictEqual(refused.map(({ name }) => name), ["blacklist"]);
  keeper.close();
});

Deno.test("PluginKeeper keeps stored texts beside the registration file", () => {
  const folder = Deno.makeTempDirSync();
  const text = `registration_file = ${folder}/registrations`;
  const { keeper } = keeperOf(text);
  keeper.carryOut({ kind: "store", plugin: "p", key: "k", value: "v" });
  keeper.close();
  deepStrictEqual(keeperOf(text).setup().stored, { p: { k: "v" } });
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginKeeper tries a plugin again that an isolate did not survive when its file is another", () => {
  const folder = Deno.makeTempDirSync();
  const write = (text: string) => Deno.writeTextFileSync(`${folder}/x.js`, text, { mode: 0o644 });
  write("1;");
  const { keeper, setup } = keeperOf(`plugindir = ${folder}\nload_plugin = x`);
  const config = configOf(`plugindir = ${folder}\nload_plugin = x`);
  setup();
  keeper.noteSetup("x");
  setup("after-hang");
  deepStrictEqual(keeper.read(config).files, []);
  write("2;");
  deepStrictEqual(keeper.read(config).files.map(({ source }) => source), ["2;"]);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginKeeper opens another database for a reload and closes the one that is not in force", () => {
  const folder = Deno.makeTempDirSync();
  const text = (name: string) =>
    `load_plugin = blacklist\nplugin_blacklist_dbpath = ${folder}/${name}.sqlite`;
  const { keeper, setup, logs } = keeperOf(text("old"));
  const row = (ip: string) => ({
    kind: "database",
    plugin: "blacklist",
    changes: [{
      table: "blacklist",
      key: { ip, sipuri: "sip:a@b" },
      values: { type: 0, failcount: 1, lastfail: 1, lastseen: 1 },
    }],
  } as const);
  const addresses = (rows: ReturnType<typeof setup>) =>
    rows.databases["blacklist"]?.["blacklist"]?.map(({ ip }) => ip);
  setup();
  keeper.carryOut(row("10.0.0.1"));
  const tried = keeper.read(configOf(text("new")));
  keeper.carryOut(row("10.0.0.2"));
  keeper.settle(configOf(text("new")));
  keeper.carryOut(row("10.0.0.3"));
  deepStrictEqual(addresses(tried), []);
  deepStrictEqual(addresses(keeper.read(configOf(text("new")))), ["10.0.0.3"]);
  deepStrictEqual(addresses(keeper.read(configOf(text("old")))), ["10.0.0.1", "10.0.0.2"]);
  keeper.settle(configOf(""));
  keeper.close();
  deepStrictEqual(logs, []);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginKeeper leaves out whose hook ran when the isolate hung, built in or not, and nobody else", () => {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/x.js`, "1;", { mode: 0o644 });
  const { setup } = keeperOf(`plugindir = ${folder}\nload_plugin = x\nload_plugin = stats`);
  const first = setup();
  Atomics.store(first.running, 0, hookMark("x"));
  const second = setup("after-hang");
  deepStrictEqual(second.refused, [
    { name: "x", reason: "the isolate did not survive one of its hooks" },
  ]);
  // What hangs goes on writing into memory that nobody reads any more.
  Atomics.store(first.running, 0, hookMark("stats"));
  deepStrictEqual(setup("after-hang").refused.map(({ name }) => name), ["x"]);
  const last = setup("after-hang");
  Atomics.store(last.running, 0, hookMark("stats"));
  deepStrictEqual(setup("after-hang").refused.map(({ name }) => name), ["x", "stats"]);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("PluginKeeper leaves nobody out when no hook ran, or the first isolate starts", () => {
  const { setup } = keeperOf("load_plugin = stats");
  Atomics.store(setup().running, 0, hookMark("stats"));
  deepStrictEqual(setup("first").refused, []);
  deepStrictEqual(setup("after-crash").refused, []);
});
