import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  examine,
  firstLine,
  headerOf,
  PluginBench,
  request,
} from "../../tests/support/plugin_bench.ts";

const config = "load_plugin = plugin_defaulttarget.la\nplugin_defaulttarget_log = 1\n" +
  "plugin_defaulttarget_target = sip:operator@example.org:5080";

function bench(text = config): PluginBench {
  const world = new PluginBench({ config: text });
  world.registerAlice();
  return world;
}

function incoming(method: string, uri: string): string {
  return request(`${method} ${uri}`, {
    Via: "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKin",
    From: "<sip:bob@192.0.2.10>;tag=x",
    To: `<${uri}>`,
    Contact: "<sip:bob@192.0.2.10:5070>",
  });
}

Deno.test("row 78: defaulttarget redirects an INVITE to nobody and says so", () => {
  const step = bench().fromOutside(incoming("INVITE", "sip:nobody@192.0.2.1"));
  strictEqual(firstLine(step), "SIP/2.0 302 Moved Temporarily");
  strictEqual(headerOf(step, "Contact"), "<sip:operator@example.org:5080>");
  deepStrictEqual(step.logs, [
    "info Unknown Target [rcvd IP=192.0.2.10], From: sip:bob@192.0.2.10, " +
    "redirecting To: sip:nobody@192.0.2.1 -> sip:operator@example.org:5080",
  ]);
});

Deno.test("defaulttarget is silent without log = 1", () => {
  const world = bench(config.replace("log = 1", "log = 0"));
  deepStrictEqual(world.fromOutside(incoming("INVITE", "sip:nobody@192.0.2.1")).logs, []);
});

Deno.test("defaulttarget absorbs an ACK to nobody", () => {
  const step = bench().fromOutside(incoming("ACK", "sip:nobody@192.0.2.1"));
  deepStrictEqual([step.sent, step.drops], [[], ["plugin-no-target"]]);
});

Deno.test("defaulttarget leaves calls to registered phones and other methods alone", () => {
  const world = bench();
  strictEqual(
    firstLine(world.fromOutside(incoming("INVITE", "sip:alice@192.0.2.1"))),
    "INVITE sip:alice@10.0.0.10:5062 SIP/2.0",
  );
  strictEqual(
    firstLine(bench().fromOutside(incoming("MESSAGE", "sip:nobody@192.0.2.1"))),
    "SIP/2.0 404 Not Found",
  );
});

const targets: readonly (readonly [string, readonly string[]])[] = [
  ["<sip:a@b.example>", []],
  ["operator", [
    'error: plugin_defaulttarget_target: Cannot use "operator": no SIP URI with a host',
  ]],
  ["tel:+4930", [
    'error: plugin_defaulttarget_target: Cannot use "tel:+4930": no SIP URI with a host',
  ]],
];

for (const [target, said] of targets) {
  Deno.test(`defaulttarget judges the target ${target}`, () => {
    deepStrictEqual(
      examine(`load_plugin = defaulttarget\nplugin_defaulttarget_target = ${target}`),
      said.map((text) => `test.conf:2:31: ${text}`),
    );
  });
}

Deno.test("defaulttarget needs a target", () => {
  deepStrictEqual(examine("\nload_plugin = defaulttarget"), [
    "test.conf:2:15: error: plugin_defaulttarget_target: Cannot load plugin: it needs " +
    "plugin_defaulttarget_target (example: plugin_defaulttarget_target = sip:operator@example.org:5060)",
  ]);
});
