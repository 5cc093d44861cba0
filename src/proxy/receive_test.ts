import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { encodeLatin1 } from "../base/text.ts";
import { place } from "../../tests/support/core_world.ts";
import {
  ALICE,
  type From,
  incomingText,
  phoneWorld,
  PROVIDER,
  requestContext,
  requestText,
  responseContext,
  STRANGER,
} from "../../tests/support/phone_world.ts";
import { listValues } from "../sip/headers.ts";
import { receive } from "./receive.ts";

/** Why bytes get no run: `kind reason`. */
function refusalOf(
  data: Uint8Array,
  options: { readonly settings?: string; readonly from?: From } = {},
): string {
  const { settings = "", from = ALICE } = options;
  const world = phoneWorld({ settings, phones: [] });
  const listenPoint = world.env.listenPoints.find((point) => point.side === from.side);
  if (listenPoint === undefined) throw new Error("no socket");
  const input = { data, source: place(from.source), listenPoint, connectionId: undefined };
  const received = receive(input, world);
  if (received.ok) return "run";
  const { error } = received;
  return error.kind === "drop" ? `drop ${error.reason}` : `answer ${error.statusCode}`;
}

const good = requestText();

const RAW: readonly (readonly [string, Uint8Array, string])[] = [
  ["nothing", new Uint8Array(0), "drop keep-alive"],
  ["one line end", encodeLatin1("\r\n"), "drop keep-alive"],
  ["two line ends", encodeLatin1("\r\n\r\n"), "drop keep-alive"],
  ["four NULs", new Uint8Array(4), "drop keep-alive"],
  ["fifteen line ends", encodeLatin1("\n".repeat(15)), "drop keep-alive"],
  ["a short word", encodeLatin1("hello"), "drop short"],
  ["fifteen octets of SIP", encodeLatin1("OPTIONS sip:a S"), "drop short"],
  [
    "a STUN request",
    Uint8Array.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...new Array(12).fill(7)]),
    "drop stun",
  ],
  ["anything that begins like STUN", Uint8Array.from([3, ...new Array(20).fill(65)]), "drop stun"],
  ["sixteen line ends", encodeLatin1("\n".repeat(16)), "drop not-sip"],
  ["HTTP", encodeLatin1("POST / HTTP/1.1\r\nHost: x\r\n\r\n"), "drop not-sip"],
  ["binary", Uint8Array.from(new Array(40).fill(200)), "drop not-sip"],
  ["RTP", Uint8Array.from([0x80, 0, 0, 1, ...new Array(168).fill(0x55)]), "drop not-sip"],
  ["a request", encodeLatin1(good), "run"],
  ["a request behind line ends", encodeLatin1(`\r\n\r\n${good}`), "run"],
  ["two requests", encodeLatin1(good + good), "run"],
  ["another version", encodeLatin1(good.replace("SIP/2.0", "SIP/3.0")), "answer 505"],
  ["a body that is too short", encodeLatin1(good.replace("Length: 0", "Length: 5")), "answer 400"],
  ["a negative length", encodeLatin1(good.replace("Length: 0", "Length: -1")), "answer 400"],
  ["a missing To", encodeLatin1(good.replace(/To: .*\r\n/, "")), "answer 400"],
  ["a missing Call-ID", encodeLatin1(good.replace(/Call-ID: .*\r\n/, "")), "answer 400"],
  ["a CSeq of another method", encodeLatin1(good.replace("1 INVITE", "1 BYE")), "answer 400"],
  [
    "a header part in the Request-URI",
    encodeLatin1(good.replace(":5070 SIP", ":5070?Route=x SIP")),
    "answer 400",
  ],
  [
    "a response without CSeq",
    encodeLatin1("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\n\r\n"),
    "drop bad-response",
  ],
  ["a response with a bad code", encodeLatin1("SIP/2.0 4294967301 OK\r\n\r\n"), "drop malformed"],
];

for (const [what, data, wanted] of RAW) {
  Deno.test(`receive() makes of ${what}: ${wanted}`, () => {
    strictEqual(refusalOf(data), wanted);
  });
}

const data = encodeLatin1(good);
const register = encodeLatin1(good.replaceAll("INVITE", "REGISTER"));

const LISTS: readonly (readonly [string, From, string])[] = [
  ["", ALICE, "run"],
  ["", STRANGER, "run"],
  ["hosts_deny_sip = 10.0.0.10/32", ALICE, "drop access-denied"],
  ["hosts_deny_sip = 10.0.0.11/32", ALICE, "run"],
  ["hosts_allow_sip = 10.0.0.0/24", ALICE, "run"],
  ["hosts_allow_sip = 10.0.0.0/24", STRANGER, "drop access-denied"],
  ["hosts_deny_sip = 192.0.2.0/24", STRANGER, "drop access-denied"],
  ["hosts_allow_reg = 192.0.2.66/32\nhosts_allow_sip = 10.0.0.0/8", STRANGER, "run"],
  ["hosts_deny_sip = 0.0.0.0/0", ALICE, "drop access-denied"],
];

for (const [settings, from, wanted] of LISTS) {
  Deno.test(`receive() from ${from.source} with "${settings}": ${wanted}, for every method alike (R14)`, () => {
    for (const octets of [data, register]) {
      strictEqual(refusalOf(octets, { settings, from }), wanted);
    }
  });
}

Deno.test("receive() asks the access lists before anything is parsed", () => {
  const broken = encodeLatin1(good.replace("Length: 0", "Length: -1"));
  strictEqual(
    refusalOf(broken, { settings: "hosts_deny_sip = 10.0.0.10/32" }),
    "drop access-denied",
  );
});

const RIGHTS: readonly (readonly [string, From, string])[] = [
  ["", ALICE, "sip-and-register"],
  ["", STRANGER, "sip"],
  ["hosts_allow_reg = 10.0.0.11/32", ALICE, "sip"],
  ["hosts_allow_reg = 192.0.2.66/32", STRANGER, "sip-and-register"],
  ["hosts_allow_sip = 10.0.0.10/32", ALICE, "sip-and-register"],
];

for (const [settings, from, right] of RIGHTS) {
  Deno.test(`receive() gives ${from.source} the right ${right} with "${settings}"`, () => {
    strictEqual(
      requestContext(phoneWorld({ settings, phones: [] }), { text: good, from }).right,
      right,
    );
  });
}

/** RFC 3581 and RFC 3261 §18.2.1: what becomes of the topmost Via. */
const VIAS: readonly (readonly [string, string, string])[] = [
  ["", "SIP/2.0/UDP 10.0.0.10:5062;branch=1", "SIP/2.0/UDP 10.0.0.10:5062;branch=1"],
  ["", "SIP/2.0/UDP 10.0.0.10:9;branch=1", "SIP/2.0/UDP 10.0.0.10:9;branch=1"],
  [
    "",
    "SIP/2.0/UDP 10.0.0.10:5062;rport;branch=1",
    "SIP/2.0/UDP 10.0.0.10:5062;rport=5062;branch=1;received=10.0.0.10",
  ],
  [
    "",
    "SIP/2.0/UDP 10.0.0.10:5062;rport=1;branch=1",
    "SIP/2.0/UDP 10.0.0.10:5062;rport=5062;branch=1;received=10.0.0.10",
  ],
  [
    "",
    "SIP/2.0/UDP 172.16.0.9;branch=1",
    "SIP/2.0/UDP 172.16.0.9;branch=1;received=10.0.0.10;rport=5062",
  ],
  [
    "",
    "SIP/2.0/UDP phone.example:5062;branch=1",
    "SIP/2.0/UDP phone.example:5062;branch=1;received=10.0.0.10;rport=5062",
  ],
  [
    "",
    "SIP/2.0/UDP 172.16.0.9;received=6.6.6.6;branch=1",
    "SIP/2.0/UDP 172.16.0.9;received=10.0.0.10;branch=1;rport=5062",
  ],
  [
    "force_rport = 1",
    "SIP/2.0/UDP 10.0.0.10:5062;branch=1",
    "SIP/2.0/UDP 10.0.0.10:5062;branch=1;received=10.0.0.10;rport=5062",
  ],
];

for (const [settings, via, wanted] of VIAS) {
  Deno.test(`receive() notes the source of ${via}${settings === "" ? "" : ` with ${settings}`}`, () => {
    const text = requestText({ via, headers: ["v: SIP/2.0/UDP lower"] });
    const context = requestContext(phoneWorld({ settings, phones: [] }), { text, from: ALICE });
    deepStrictEqual(listValues(context.message, "via"), [wanted, "SIP/2.0/UDP lower"]);
    strictEqual(context.received, context.message);
    strictEqual(context.checked.topmostVia.branch, "1");
  });
}

Deno.test("receive() begins a request with nothing decided", () => {
  const { direction, binding, dialog, hop, branch, recalled, actions, side } = requestContext(
    phoneWorld({ phones: [] }),
    { text: incomingText(), from: PROVIDER },
  );
  deepStrictEqual([direction, binding, dialog, hop, branch, recalled, actions, side], [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    [],
    "wan",
  ]);
});

Deno.test("receive() begins a response unverified, its Vias as they came", () => {
  const text =
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;rport\r\nFrom: <sip:a@b>\r\nTo: <sip:c@d>\r\n" +
    "Call-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n";
  const context = responseContext(phoneWorld({ phones: [] }), { text, from: PROVIDER });
  deepStrictEqual([context.trust, listValues(context.message, "via")], [
    "unverified",
    ["SIP/2.0/UDP 192.0.2.1;rport"],
  ]);
});
