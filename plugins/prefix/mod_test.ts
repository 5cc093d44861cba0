import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  examine,
  firstLine,
  headerOf,
  invite,
  PluginBench,
  request,
} from "../../tests/support/plugin_bench.ts";

function bench(): PluginBench {
  const world = new PluginBench({
    config: "load_plugin = plugin_prefix.la\nplugin_prefix_akey = 00",
  });
  world.registerAlice();
  return world;
}

Deno.test("row 76: prefix redirects every dialled number", () => {
  const step = bench().fromPhone(
    invite("sip:123@192.0.2.10:5070;x=1", { To: "<sip:123@192.0.2.10>" }),
  );
  strictEqual(firstLine(step), "SIP/2.0 302 Moved Temporarily");
  strictEqual(headerOf(step, "Contact"), "<sip:00123@192.0.2.10;redirected=prefix>");
  deepStrictEqual(step.logs, ["info redirecting 123 -> 00123"]);
});

Deno.test("row 76: prefix's ACK is not forwarded", () => {
  const world = bench();
  const step = world.fromPhone(invite("sip:123@192.0.2.10:5070"));
  const ack = request("ACK sip:123@192.0.2.10:5070", { To: headerOf(step, "To") ?? "" });
  deepStrictEqual(world.fromPhone(ack).sent, []);
});

const marked: readonly (readonly [string, string, string])[] = [
  ["Request-URI", "sip:00123@192.0.2.10:5070;redirected=prefix", "<sip:123@192.0.2.10>"],
  ["To", "sip:00123@192.0.2.10:5070", "<sip:00123@192.0.2.10;redirected=prefix>"],
];

for (const [where, uri, to] of marked) {
  Deno.test(`row 77: prefix forwards an INVITE with its mark in ${where}`, () => {
    const step = bench().fromPhone(invite(uri, { To: to }));
    strictEqual(firstLine(step), `INVITE ${uri} SIP/2.0`);
  });
}

Deno.test("prefix leaves re-INVITEs inside a call alone", () => {
  const step = bench().fromPhone(
    request("INVITE sip:123@192.0.2.10:5070", { To: "<sip:123@192.0.2.10>;tag=b" }),
  );
  match(firstLine(step) ?? "", /^INVITE sip:123@/);
});

Deno.test("prefix leaves incoming calls and other methods alone", () => {
  const world = bench();
  match(firstLine(world.fromPhone(request("OPTIONS sip:123@192.0.2.10:5070"))) ?? "", /^OPTIONS /);
  const step = world.fromOutside(request("INVITE sip:alice@192.0.2.1", {
    Via: "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKin",
    From: "<sip:bob@192.0.2.10>;tag=x",
    To: "<sip:alice@192.0.2.1>",
  }));
  match(firstLine(step) ?? "", /^INVITE sip:alice@10.0.0.10:5062/);
});

Deno.test("prefix escapes what may not stand in a user part", () => {
  const world = new PluginBench({ config: "load_plugin = prefix\nplugin_prefix_akey = <%0d%0a" });
  world.registerAlice();
  const step = world.fromPhone(invite("sip:1@192.0.2.10:5070", { To: "<sip:1@192.0.2.10>" }));
  strictEqual(headerOf(step, "Contact"), "<sip:%3C%250d%250a1@192.0.2.10;redirected=prefix>");
});

Deno.test("prefix needs its key", () => {
  deepStrictEqual(examine("load_plugin = prefix").length, 1);
});
