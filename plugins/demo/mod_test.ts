import { deepStrictEqual } from "node:assert/strict";
import { invite, PluginBench } from "../../tests/support/plugin_bench.ts";

const bench = () =>
  new PluginBench({ config: "load_plugin = plugin_demo.la\nplugin_demo_string = hello" });

Deno.test("demo says its string when it is loaded", () => {
  deepStrictEqual(bench().loadLogs, [
    'info plugin_demo is initialized (sent string: "hello")',
    "info Plugin 'demo' [This is just a demo plugin without any purpose] loaded with success",
  ]);
});

Deno.test("demo says siproxd's stage numbers for each message", () => {
  const world = bench();
  world.registerAlice();
  deepStrictEqual(world.fromPhone(invite("sip:bob@192.0.2.10:5070")).logs, [
    "info plugin_demo: processing - stage 32",
    "info plugin_demo: processing - stage 64",
  ]);
});
