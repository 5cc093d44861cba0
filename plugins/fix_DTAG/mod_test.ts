import { deepStrictEqual } from "node:assert/strict";
import { PluginBench, request } from "../../tests/support/plugin_bench.ts";

const config = "load_plugin = plugin_fix_DTAG.la\nplugin_fix_DTAG_networks = 192.0.2.0/28";

/** The answer to an INVITE, with what the provider made of our Via. */
function answerWith(via: string, text = config) {
  const world = new PluginBench({ config: text });
  world.registerAlice();
  const out = world.fromPhone(request("INVITE sip:bob@192.0.2.10:5070"));
  const copied = (out.sent[0]?.text ?? "").split("\n").filter((line) =>
    /^(Via|From|To|Call-ID|CSeq):/.test(line)
  );
  const broken = copied.join("\n").replace("192.0.2.1:5060", via);
  return world.fromOutside(`SIP/2.0 180 Ringing\n${broken}\nContent-Length: 0`);
}

const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
  ["passes an answer whose Via the provider has changed", "192.0.2.9:5099", config, [
    "lan 10.0.0.10:5062",
  ]],
  ["passes an answer with our own Via", "192.0.2.1:5060", config, ["lan 10.0.0.10:5062"]],
  ["leaves a Via outside of its list foreign", "198.51.100.1:5099", config, []],
  [
    "leaves answers from elsewhere alone",
    "192.0.2.9:5099",
    config.replace("192.0.2.0/28", "192.0.2.9/32"),
    [],
  ],
];

for (const [what, via, text, sentTo] of cases) {
  Deno.test(`fix_DTAG ${what}`, () => {
    deepStrictEqual(answerWith(via, text).sent.map(({ to }) => to), sentTo);
  });
}
