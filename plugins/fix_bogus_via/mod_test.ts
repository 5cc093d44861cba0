import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { examine, headerOf, PluginBench, request } from "../../tests/support/plugin_bench.ts";

const config = "load_plugin = plugin_fix_bogus_via.la\n" +
  "plugin_fix_bogus_via_networks = 10.0.0.0/8,172.16.0.0/12,192.168.0.0/16";

function bench(): PluginBench {
  const world = new PluginBench({ config });
  world.registerAlice();
  return world;
}

function incoming(via: string, method = "INVITE"): string {
  return request(`${method} sip:alice@192.0.2.1`, {
    Via: `SIP/2.0/UDP ${via};branch=z9hG4bKin`,
    From: "<sip:bob@192.0.2.10>;tag=x",
    To: "<sip:alice@192.0.2.1>",
    Contact: "<sip:bob@192.168.1.5>",
  });
}

/** The Via below ours. */
function innerVia(text: string | undefined): string | undefined {
  return text?.split("\n").filter((line) => line.startsWith("Via: "))[1];
}

Deno.test("row 82: fix_bogus_via writes the source into a private Via, and the answer reaches the caller", () => {
  const world = bench();
  const step = world.fromOutside(incoming("192.168.1.5:5099"));
  const text = step.sent[0]?.text ?? "";
  strictEqual(
    innerVia(text),
    "Via: SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKin;received=192.0.2.10;rport=5070",
  );
  const copied = text.split("\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  const answer = world.fromPhone(
    ["SIP/2.0 180 Ringing", ...copied, "Content-Length: 0"].join("\n"),
  );
  deepStrictEqual(answer.sent.map(({ to }) => to), ["wan 192.0.2.10:5070"]);
});

Deno.test("fix_bogus_via lets a repetition follow its first INVITE", () => {
  const world = bench();
  const first = world.fromOutside(incoming("192.168.1.5:5099"));
  deepStrictEqual(world.fromOutside(incoming("192.168.1.5:5099")).sent, first.sent);
});

Deno.test("fix_bogus_via leaves Vias outside of its list alone", () => {
  const step = bench().fromOutside(incoming("198.51.100.7:5099"));
  strictEqual(
    innerVia(step.sent[0]?.text),
    "Via: SIP/2.0/UDP 198.51.100.7:5099;branch=z9hG4bKin;received=192.0.2.10;rport=5070",
  );
});

Deno.test("fix_bogus_via leaves outgoing requests alone", () => {
  const step = bench().fromPhone(request("OPTIONS sip:bob@192.0.2.10:5070"));
  strictEqual(innerVia(step.sent[0]?.text), "Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKcall1");
  strictEqual(headerOf(step, "CSeq"), "1 OPTIONS");
});

Deno.test("fix_bogus_via says at which offset its list is wrong", () => {
  deepStrictEqual(
    examine("load_plugin = fix_bogus_via\nplugin_fix_bogus_via_networks = 10.0.0.0/8,10.1.0.0/99"),
    ['test.conf:2:44: error: plugin_fix_bogus_via_networks: Cannot use bits "99": 0…32 is expected'],
  );
});
