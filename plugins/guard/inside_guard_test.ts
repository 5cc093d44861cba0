import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { firstLine, invite, PluginBench, type Step } from "../../tests/support/plugin_bench.ts";

function bench(...lines: readonly string[]): PluginBench {
  const keys = lines.map((line) => `plugin_guard_${line}`);
  const world = new PluginBench({ config: ["load_plugin = plugin_guard.la", ...keys].join("\n") });
  world.registerAlice();
  return world;
}

function dial(world: PluginBench, number: string, call = "call-1"): Step {
  return world.fromPhone(invite(`sip:${number}@192.0.2.10:5070`, {
    Via: `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK${call}`,
    "Call-ID": call,
  }));
}

const dialled: readonly (readonly [string, string | undefined])[] = [
  ["0301234", "INVITE sip:0301234@192.0.2.10:5070 SIP/2.0"],
  ["0033123", "SIP/2.0 403 Forbidden"],
  ["+33123", "SIP/2.0 403 Forbidden"],
  ["%2B33123", "SIP/2.0 403 Forbidden"],
  ["0043123", "INVITE sip:0043123@192.0.2.10:5070 SIP/2.0"],
  ["0900-1", "SIP/2.0 403 Forbidden"],
  ["112", "INVITE sip:112@192.0.2.10:5070 SIP/2.0"],
  ["bob", "INVITE sip:bob@192.0.2.10:5070 SIP/2.0"],
];

for (const [number, expected] of dialled) {
  Deno.test(`guard answers a call to ${number} (R19)`, () => {
    const world = bench("forbid = 00", "forbid = 0900", "forbid = 11", "allow = 0043");
    strictEqual(firstLine(dial(world, number)), expected);
  });
}

Deno.test("guard says which phone dialled what", () => {
  deepStrictEqual(dial(bench("forbid = 0900"), "09001").logs, [
    "warning 10.0.0.10 dials 09001, refused",
  ]);
});

Deno.test("guard with simulate = 1 only says what it would refuse", () => {
  const step = dial(bench("forbid = 0900", "simulate = 1"), "09001");
  deepStrictEqual([firstLine(step), step.logs], [
    "INVITE sip:09001@192.0.2.10:5070 SIP/2.0",
    ["warning 10.0.0.10 dials 09001, it would be refused (simulate=1)"],
  ]);
});

Deno.test("guard gives the busy tone over the calls of a minute, and forgets them after it (R19)", () => {
  const world = bench("calls_per_minute = 2");
  const first = ["a", "b", "c"].map((call) => firstLine(dial(world, "0301", call)));
  deepStrictEqual(first, [
    "INVITE sip:0301@192.0.2.10:5070 SIP/2.0",
    "INVITE sip:0301@192.0.2.10:5070 SIP/2.0",
    "SIP/2.0 486 Busy Here",
  ]);
  world.advance(60_000);
  strictEqual(firstLine(dial(world, "0301", "d")), "INVITE sip:0301@192.0.2.10:5070 SIP/2.0");
});

Deno.test("guard lets an emergency call through every limit", () => {
  const world = bench("calls_per_minute = 1", "max_calls = 1", "forbid = 1");
  dial(world, "0301", "a");
  deepStrictEqual(
    ["112", "110", "911"].map((number, at) => firstLine(dial(world, number, `e${at}`))),
    [
      "INVITE sip:112@192.0.2.10:5070 SIP/2.0",
      "INVITE sip:110@192.0.2.10:5070 SIP/2.0",
      "INVITE sip:911@192.0.2.10:5070 SIP/2.0",
    ],
  );
});

Deno.test("guard does not count an emergency call", () => {
  const world = bench("calls_per_minute = 1");
  dial(world, "112", "a");
  strictEqual(firstLine(dial(world, "0301", "b")), "INVITE sip:0301@192.0.2.10:5070 SIP/2.0");
});

Deno.test("guard gives the busy tone over the calls at the same time (R19)", () => {
  const world = bench("max_calls = 2");
  const lines = ["a", "b", "c"].map((call) => firstLine(dial(world, "0301", call)));
  strictEqual(lines[2], "SIP/2.0 486 Busy Here");
  strictEqual(firstLine(dial(world, "0301", "b")), "INVITE sip:0301@192.0.2.10:5070 SIP/2.0");
});
