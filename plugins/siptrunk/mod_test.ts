import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { examine, firstLine, PluginBench, request } from "../../tests/support/plugin_bench.ts";

const config = [
  "load_plugin = plugin_siptrunk.la",
  "plugin_siptrunk_name = office",
  "plugin_siptrunk_account = sip:pbx@192.0.2.10",
  "plugin_siptrunk_numbers_regex = ^4930123[0-9]{1,3}$",
].join("\n");

function bench(): PluginBench {
  const world = new PluginBench({ config });
  world.register({ user: "pbx", contact: "sip:pbx@10.0.0.20:5066", source: "10.0.0.20:5066" });
  return world;
}

function incoming(uri: string, method = "INVITE"): string {
  return request(`${method} ${uri}`, {
    Via: "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKin",
    From: "<sip:caller@192.0.2.10>;tag=x",
    To: `<${uri}>`,
    Contact: "<sip:caller@192.0.2.10:5070>",
  });
}

Deno.test("row 79: siptrunk delivers a number of the block to its account, Request-URI unchanged", () => {
  const step = bench().fromOutside(incoming("sip:493012342@192.0.2.1"));
  deepStrictEqual(step.sent.map(({ to }) => to), ["lan 10.0.0.20:5066"]);
  strictEqual(firstLine(step), "INVITE sip:493012342@192.0.2.1 SIP/2.0");
});

Deno.test("row 79: siptrunk's CANCEL follows its INVITE", () => {
  const world = bench();
  world.fromOutside(incoming("sip:493012342@192.0.2.1"));
  const step = world.fromOutside(incoming("sip:493012342@192.0.2.1", "CANCEL"));
  strictEqual(firstLine(step), "CANCEL sip:493012342@192.0.2.1 SIP/2.0");
  deepStrictEqual(step.sent.map(({ to }) => to), ["lan 10.0.0.20:5066"]);
});

Deno.test("siptrunk lets the whole call pass: answer out, BYE in", () => {
  const world = bench();
  const invited = world.fromOutside(incoming("sip:493012342@192.0.2.1"));
  const copied = (invited.sent[0]?.text ?? "").split("\n").filter((line) =>
    /^(Via|From|To|Call-ID|CSeq):/.test(line)
  );
  const tagged = copied.map((line) => line.startsWith("To:") ? `${line};tag=pbx` : line);
  const answer = world.fromPhone(
    ["SIP/2.0 200 OK", ...tagged, "Contact: <sip:pbx@10.0.0.20:5066>", "Content-Length: 0"].join(
      "\n",
    ),
    "10.0.0.20:5066",
  );
  deepStrictEqual(answer.sent.map(({ to }) => to), ["wan 192.0.2.10:5070"]);
  const bye = world.fromOutside(request("BYE sip:pbx@192.0.2.1", {
    Via: "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKbye",
    From: "<sip:caller@192.0.2.10>;tag=x",
    To: "<sip:493012342@192.0.2.1>;tag=pbx",
    CSeq: "2 BYE",
  }));
  strictEqual(firstLine(bye), "BYE sip:pbx@10.0.0.20:5066 SIP/2.0");
});

Deno.test("siptrunk leaves other numbers to the proxy", () => {
  strictEqual(
    firstLine(bench().fromOutside(incoming("sip:4940999@192.0.2.1"))),
    "SIP/2.0 404 Not Found",
  );
});

Deno.test("siptrunk says when its account is not registered", () => {
  const world = new PluginBench({ config });
  const step = world.fromOutside(incoming("sip:493012342@192.0.2.1"));
  deepStrictEqual(step.logs, [
    "warning trunk office: account sip:pbx@192.0.2.10 is not registered",
  ]);
  strictEqual(firstLine(step), "SIP/2.0 404 Not Found");
});

const broken: readonly (readonly [string, string])[] = [
  [
    "plugin_siptrunk_account = pbx",
    'test.conf:1:27: error: plugin_siptrunk_account: Cannot use "pbx": no SIP URI',
  ],
  [
    "plugin_siptrunk_numbers_regex = [",
    'test.conf:1:33: error: plugin_siptrunk_numbers_regex: Cannot use pattern "[": no "]" at offset 0',
  ],
];

for (const [line, said] of broken) {
  Deno.test(`siptrunk refuses ${line}`, () => {
    strictEqual(examine(`${line}\nload_plugin = siptrunk`)[0], said);
  });
}
