import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  examine,
  headerOf,
  PluginBench,
  register,
  request,
  type Step,
} from "../../tests/support/plugin_bench.ts";

function bench(remove: readonly string[]): PluginBench {
  const lines = remove.map((entry) => `plugin_stripheader_remove = ${entry}`);
  const world = new PluginBench({
    config: ["load_plugin = plugin_stripheader.la", ...lines].join("\n"),
  });
  world.registerAlice();
  return world;
}

/** Outside of a call, since the Record-Routes of a call's way to us are ours to keep. */
const full = request("MESSAGE sip:bob@192.0.2.10:5070", {
  "Record-Route": "<sip:other.example;lr>",
  Allow: "INVITE, ACK, BYE",
  Supported: "100rel",
  "User-Agent": "Phone 1.0",
});

function present(step: Step): readonly (string | undefined)[] {
  return ["Allow", "Supported", "User-Agent", "Record-Route"].map((name) => headerOf(step, name));
}

Deno.test("row 80: stripheader removes what it is told and nothing else", () => {
  const world = bench(["Allow:ACK", "Supported:100rel", "User-Agent", "Record-Route"]);
  deepStrictEqual(present(world.fromPhone(full)), ["INVITE, BYE", undefined, undefined, undefined]);
});

const single: readonly (readonly [string, readonly (string | undefined)[]])[] = [
  ["Allow", [undefined, "100rel", "Phone 1.0", "<sip:other.example;lr>"]],
  ["allow:bye", ["INVITE, ACK", "100rel", "Phone 1.0", "<sip:other.example;lr>"]],
  ["k:100REL", ["INVITE, ACK, BYE", undefined, "Phone 1.0", "<sip:other.example;lr>"]],
  ["User-Agent:Phone 2.0", ["INVITE, ACK, BYE", "100rel", "Phone 1.0", "<sip:other.example;lr>"]],
  ["User-Agent: phone 1.0", ["INVITE, ACK, BYE", "100rel", undefined, "<sip:other.example;lr>"]],
];

for (const [entry, expected] of single) {
  Deno.test(`stripheader obeys ${entry}`, () => {
    deepStrictEqual(present(bench([entry]).fromPhone(full)), expected);
  });
}

Deno.test("stripheader strips responses too", () => {
  const world = bench(["Server"]);
  const out = world.fromPhone(register({ user: "carol", contact: "sip:carol@10.0.0.10:5062" }));
  const lines = (out.sent[0]?.text ?? "").split("\n");
  const copied = lines.filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  const answer = world.fromOutside(
    ["SIP/2.0 403 Forbidden", ...copied, "Server: Registrar", "Content-Length: 0"].join("\n"),
  );
  strictEqual(headerOf(answer, "Server"), undefined);
  strictEqual(answer.sent.length, 1);
});

Deno.test("stripheader leaves what SIP works by alone, and says so", () => {
  const world = bench(["Via", "Call-ID", "m"]);
  strictEqual(headerOf(world.fromPhone(full), "Call-ID"), "call-1@phone");
  deepStrictEqual(examine("load_plugin = stripheader\nplugin_stripheader_remove = v"), [
    'test.conf:2:29: warning: plugin_stripheader_remove: Cannot strip "v": no message works without it, ' +
    "the line has no effect",
  ]);
});

const refused: readonly string[] = ["a b", ":x", "Hä"];

for (const entry of refused) {
  Deno.test(`stripheader refuses "${entry}"`, () => {
    deepStrictEqual(examine(`load_plugin = stripheader\nplugin_stripheader_remove = ${entry}`), [
      `test.conf:2:29: error: plugin_stripheader_remove: Cannot use "${entry}": no header name`,
    ]);
  });
}

Deno.test("stripheader strips a value that stands alone in one line and in the list of another", () => {
  const twice = request("MESSAGE sip:bob@192.0.2.10:5070", { k: "timer,\n 100rel" })
    .replace("Contact:", "Supported: 100rel\nContact:");
  const text = bench(["Supported:100rel"]).fromPhone(twice).sent[0]?.text ?? "";
  deepStrictEqual(text.split("\n").filter((line) => /^(k|Supported):|100rel/.test(line)), [
    "k: timer",
  ]);
});
