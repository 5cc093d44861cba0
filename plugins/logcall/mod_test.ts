import { deepStrictEqual } from "node:assert/strict";
import { invite, PluginBench, request } from "../../tests/support/plugin_bench.ts";

function bench(): PluginBench {
  const world = new PluginBench({ config: "load_plugin = plugin_logcall.la" });
  world.registerAlice();
  return world;
}

const tail = "alice@192.0.2.10 -> bob@192.0.2.10 [Req: bob@192.0.2.10] " +
  "[IP: 10.0.0.10:5062] [CID: call-1@phone]";

const cases: readonly (readonly [string, string])[] = [
  ["INVITE", `info Outgoing (INVITE) Call: ${tail}`],
  ["ACK", `info Acknowledging (ACK) Call: ${tail}`],
  ["BYE", `info Ending (BYE) Call: ${tail}`],
  ["CANCEL", `info Ending (CANCEL) Call: ${tail}`],
];

for (const [method, line] of cases) {
  Deno.test(`row 86: logcall writes siproxd's line for ${method}`, () => {
    deepStrictEqual(bench().fromPhone(request(`${method} sip:bob@192.0.2.10:5070`)).logs, [line]);
  });
}

Deno.test("logcall writes an incoming call, and *NULL* for what is missing", () => {
  const step = bench().fromOutside(request("INVITE sip:alice@192.0.2.1", {
    Via: "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKin",
    From: "<sip:192.0.2.10>;tag=x",
    To: "<sip:alice@192.0.2.10>",
    "Call-ID": "bare",
    Contact: "<sip:bob@192.0.2.10:5070>",
  }));
  deepStrictEqual(step.logs, [
    "info Incoming (INVITE) Call: *NULL*@192.0.2.10 -> alice@192.0.2.10 " +
    "[Req: alice@192.0.2.1] [IP: 192.0.2.10:5070] [CID: bare@*NULL*]",
  ]);
});

Deno.test("logcall says nothing about other methods", () => {
  deepStrictEqual(bench().fromPhone(request("OPTIONS sip:bob@192.0.2.10:5070")).logs, []);
});

Deno.test("logcall says each repetition again, as siproxd does", () => {
  const world = bench();
  world.fromPhone(invite("sip:bob@192.0.2.10:5070"));
  deepStrictEqual(world.fromPhone(invite("sip:bob@192.0.2.10:5070")).logs.length, 1);
});
