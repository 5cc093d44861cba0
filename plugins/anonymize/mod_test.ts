import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  examine,
  firstLine,
  headerOf,
  invite,
  PluginBench,
  request,
  type Step,
} from "../../tests/support/plugin_bench.ts";

function bench(lines: readonly string[] = [], stored: Readonly<Record<string, string>> = {}) {
  const world = new PluginBench({
    config: ["load_plugin = plugin_anonymize.la", ...lines].join("\n"),
    supplies: { stored: { anonymize: stored } },
  });
  world.registerAlice();
  return world;
}

const BOB = "sip:bob@192.0.2.10:5070";

/** A call that came to the daemon through a proxy of the inside network. */
const inner: Readonly<Record<string, string>> = {
  Via:
    "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKpbx\nVia: SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bKdesk",
  "Call-ID": "call-1@10.0.0.77",
  "User-Agent": "Desk 7 SN12345",
  "History-Info": "<sip:boss@pbx.lan>;index=1, <sip:bob@192.0.2.10>;index=1.1",
};

function viasOf(step: Step): readonly string[] {
  return (step.sent[0]?.text ?? "").split("\n").filter((line) => line.startsWith("Via: "));
}

/** What the far side answers to what it was sent. */
function answerTo(step: Step, status: string, extra: readonly string[] = []): string {
  const lines = (step.sent[0]?.text ?? "").split("\n")
    .filter((line) => /^(Via|From|To|Call-ID|CSeq|Record-Route):/.test(line))
    .map((line) => line.startsWith("To:") && !line.includes("tag=") ? `${line};tag=far` : line);
  return [`SIP/2.0 ${status}`, ...lines, ...extra, "Content-Length: 0"].join("\n");
}

Deno.test("anonymize sends our own Via alone, and the answer finds its way through all of them", () => {
  const world = bench();
  const out = world.fromPhone(invite(BOB, inner));
  strictEqual(viasOf(out).length, 1);
  match(viasOf(out)[0] ?? "", /^Via: SIP\/2\.0\/UDP 192\.0\.2\.1(:5060)?;branch=/);
  const back = world.fromOutside(answerTo(out, "180 Ringing"));
  strictEqual(back.sent[0]?.to, "lan 10.0.0.10:5062");
  deepStrictEqual(
    viasOf(back).map((via) => via.replace(/;(received|rport)=?[^;]*/g, "")),
    [
      "Via: SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKpbx",
      "Via: SIP/2.0/UDP 10.0.0.77:5060;branch=z9hG4bKdesk",
    ],
  );
});

Deno.test("anonymize restores the Vias of every answer, not of the first alone", () => {
  const world = bench();
  const out = world.fromPhone(invite(BOB, inner));
  const counts = ["100 Trying", "180 Ringing", "200 OK"].map((status) =>
    viasOf(world.fromOutside(answerTo(out, status))).length
  );
  deepStrictEqual(counts.slice(1), [2, 2]);
});

Deno.test("anonymize with via = 0 leaves the Vias", () => {
  const out = bench(["plugin_anonymize_via = 0"]).fromPhone(invite(BOB, inner));
  strictEqual(viasOf(out).length, 3);
});

Deno.test("anonymize masks the private host of a Call-ID and restores it in the answer", () => {
  const world = bench();
  const out = world.fromPhone(invite(BOB, inner));
  match(headerOf(out, "Call-ID") ?? "", /^call-1@[0-9a-f]{16}\.anonymous\.invalid$/);
  const back = world.fromOutside(answerTo(out, "180 Ringing"));
  strictEqual(headerOf(back, "Call-ID"), "call-1@10.0.0.77");
});

Deno.test("anonymize restores the Call-ID of requests from outside", () => {
  const world = bench();
  const out = world.fromPhone(invite(BOB, inner));
  world.fromOutside(answerTo(out, "200 OK", [`Contact: <${BOB}>`]));
  const masked = headerOf(out, "Call-ID") ?? "";
  const bye = world.fromOutside(request("BYE sip:alice@192.0.2.1:5060", {
    Via: "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKbye",
    From: "<sip:bob@192.0.2.10:5070>;tag=far",
    To: "<sip:alice@192.0.2.10>;tag=a",
    "Call-ID": masked,
  }));
  deepStrictEqual([bye.sent[0]?.to, headerOf(bye, "Call-ID")], [
    "lan 10.0.0.10:5062",
    "call-1@10.0.0.77",
  ]);
});

Deno.test("anonymize gives a host the same mask in all its calls, also after a restart", () => {
  const world = bench();
  const first = world.fromPhone(invite(BOB, inner));
  const host = (headerOf(first, "Call-ID") ?? "").split("@")[1] ?? "";
  const second = world.fromPhone(invite(BOB, {
    ...inner,
    Via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKother",
    "Call-ID": "call-2@10.0.0.77",
  }));
  strictEqual(headerOf(second, "Call-ID"), `call-2@${host}`);
  deepStrictEqual(first.effects, [
    { kind: "store", plugin: "anonymize", key: host, value: "10.0.0.77" },
  ]);
  const later = bench([], { [host]: "10.0.0.77" }).fromPhone(invite(BOB, inner));
  strictEqual(headerOf(later, "Call-ID"), `call-1@${host}`);
});

const untouched: readonly string[] = [
  "bare",
  "call@example.org",
  "call@192.0.2.99.example.org",
  "4f2@0123456789abcdef.anonymous.invalid",
];

for (const callId of untouched) {
  Deno.test(`anonymize leaves the Call-ID ${callId} alone`, () => {
    const out = bench().fromPhone(invite(BOB, { "Call-ID": callId }));
    strictEqual(headerOf(out, "Call-ID"), callId);
  });
}

Deno.test("anonymize with call_id = 0 leaves every Call-ID", () => {
  const out = bench(["plugin_anonymize_call_id = 0"]).fromPhone(invite(BOB, inner));
  strictEqual(headerOf(out, "Call-ID"), "call-1@10.0.0.77");
});

const products: readonly (readonly [readonly string[], string | undefined])[] = [
  [[], undefined],
  [["plugin_anonymize_user_agent = Telephone 1"], "Telephone 1"],
  [["plugin_anonymize_keep_user_agent = 1"], "Desk 7 SN12345"],
];

for (const [lines, expected] of products) {
  Deno.test(`anonymize with ${JSON.stringify(lines)} sends User-Agent ${expected}`, () => {
    strictEqual(headerOf(bench(lines).fromPhone(invite(BOB, inner)), "User-Agent"), expected);
  });
}

Deno.test("anonymize adds no User-Agent where the phone sends none", () => {
  const out = bench(["plugin_anonymize_user_agent = Telephone"]).fromPhone(invite(BOB));
  strictEqual(headerOf(out, "User-Agent"), undefined);
});

Deno.test("anonymize hides History-Info and puts it before what the server added", () => {
  const world = bench();
  const out = world.fromPhone(invite(BOB, inner));
  strictEqual(headerOf(out, "History-Info"), undefined);
  const back = world.fromOutside(
    answerTo(out, "180 Ringing", ["History-Info: <sip:bob@far.example>;index=1.1.1"]),
  );
  strictEqual(
    headerOf(back, "History-Info"),
    "<sip:boss@pbx.lan>;index=1, <sip:bob@192.0.2.10>;index=1.1, <sip:bob@far.example>;index=1.1.1",
  );
});

Deno.test("anonymize with history_info = 0 leaves it", () => {
  const out = bench(["plugin_anonymize_history_info = 0"]).fromPhone(invite(BOB, inner));
  strictEqual(headerOf(out, "History-Info"), inner["History-Info"]);
});

/** Headers that speak of another call: what the phone writes, and what the outside may see. */
const references: readonly (readonly [string, string, RegExp])[] = [
  ["Replaces", "x@10.0.0.77;to-tag=1;from-tag=2", /^x@[0-9a-f]{16}\.anonymous\.invalid;to-tag=1;/],
  ["Join", "x@10.0.0.77;to-tag=1;from-tag=2", /^x@[0-9a-f]{16}\.anonymous\.invalid;to-tag=1;/],
  ["Target-Dialog", "x@pbx.lan;local-tag=1", /^x@[0-9a-f]{16}\.anonymous\.invalid;local-tag=1$/],
  ["In-Reply-To", "a@10.0.0.77, b@example.org", /^a@[0-9a-f]{16}\.anonymous\.invalid, b@example/],
  [
    "Refer-To",
    "<sip:c@example.org?Replaces=x%4010.0.0.77%3Bto-tag%3D1>",
    /^<sip:c@example\.org\?Replaces=x%40[0-9a-f]{16}\.anonymous\.invalid%3Bto-tag%3D1>$/,
  ],
  ["Refer-To", "<sip:c@example.org>", /^<sip:c@example\.org>$/],
];

for (const [name, value, expected] of references) {
  Deno.test(`anonymize masks the Call-ID in ${name}: ${value}`, () => {
    const out = bench().fromPhone(invite(BOB, { [name]: value }));
    match(headerOf(out, name) ?? "", expected);
  });
}

Deno.test("anonymize leaves what comes from outside to a phone as it is", () => {
  const step = bench().fromOutside(request("INVITE sip:alice@192.0.2.1:5060", {
    Via:
      "SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKin\nVia: SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKfar",
    From: "<sip:bob@192.0.2.10>;tag=far",
    To: "<sip:alice@192.0.2.10>",
    "Call-ID": "in@10.9.9.9",
    "User-Agent": "Far 1",
    "History-Info": "<sip:x@far.example>;index=1",
  }));
  deepStrictEqual(
    [step.sent[0]?.to, viasOf(step).length, headerOf(step, "Call-ID")],
    ["lan 10.0.0.10:5062", 3, "in@10.9.9.9"],
  );
  deepStrictEqual(
    [headerOf(step, "User-Agent"), headerOf(step, "History-Info")],
    ["Far 1", "<sip:x@far.example>;index=1"],
  );
});

Deno.test("anonymize does not send an answer that carries a foreign branch anywhere", () => {
  const world = bench();
  const out = world.fromPhone(invite(BOB, inner));
  const forged = answerTo(out, "200 OK").replace(/branch=[^;\s]+/, "branch=z9hG4bKforged");
  deepStrictEqual(world.fromOutside(forged).sent, []);
});

Deno.test("anonymize hides nothing of its own answers", () => {
  const step = bench().fromPhone(invite(BOB, { "Max-Forwards": "0" }));
  strictEqual(firstLine(step), "SIP/2.0 483 Too Many Hops");
});

const wrong: readonly (readonly [string, string])[] = [
  ["x".repeat(65), `${"x".repeat(60)}…`],
  ["Telefön", "Telefön"],
];

for (const [value, quoted] of wrong) {
  Deno.test(`anonymize refuses the User-Agent ${quoted}`, () => {
    deepStrictEqual(examine(`load_plugin = anonymize\nplugin_anonymize_user_agent = ${value}`), [
      `test.conf:2:31: error: plugin_anonymize_user_agent: Cannot use "${quoted}": ` +
      "at most 64 printable characters are expected",
    ]);
  });
}

Deno.test("anonymize tells that a User-Agent and the phones' own cannot both be sent", () => {
  deepStrictEqual(
    examine(
      "load_plugin = anonymize\nplugin_anonymize_user_agent = T\nplugin_anonymize_keep_user_agent = 1",
    ),
    [
      "test.conf:2:31: warning: plugin_anonymize_user_agent: Cannot write a User-Agent: " +
      "plugin_anonymize_keep_user_agent = 1 leaves it alone",
    ],
  );
});
