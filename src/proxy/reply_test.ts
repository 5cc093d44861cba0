import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { ip } from "../../tests/support/address.ts";
import {
  ALICE,
  incomingText,
  phoneWorld,
  PROVIDER,
  requestContext,
  requestText,
  STRANGER,
} from "../../tests/support/phone_world.ts";
import { makeHeader } from "../sip/headers.ts";
import { isStranger, ownTag, refuse, reply, type TagIdentity } from "./reply.ts";

const world = phoneWorld();
const { env } = world;

Deno.test("ownTag() has 16 digits and is the same for the same request", () => {
  const identity = { callId: "c", fromTag: "a", cseqNumber: 1 };
  strictEqual(/^[0-9a-f]{16}$/.test(ownTag(identity, env)), true);
  strictEqual(ownTag({ ...identity }, env), ownTag(identity, env));
});

const SOURCE = ip("192.0.2.66");

const OTHER_TAGS: readonly (readonly [string, TagIdentity])[] = [
  ["Call-ID", { callId: "d", fromTag: "a", cseqNumber: 1, source: SOURCE }],
  ["From tag", { callId: "c", fromTag: "b", cseqNumber: 1, source: SOURCE }],
  ["CSeq number", { callId: "c", fromTag: "a", cseqNumber: 2, source: SOURCE }],
  ["source", { callId: "c", fromTag: "a", cseqNumber: 1, source: ip("192.0.2.67") }],
  ["no source", { callId: "c", fromTag: "a", cseqNumber: 1 }],
];

for (const [what, identity] of OTHER_TAGS) {
  Deno.test(`ownTag() changes with ${what}`, () => {
    notStrictEqual(
      ownTag(identity, env),
      ownTag({ callId: "c", fromTag: "a", cseqNumber: 1, source: SOURCE }, env),
    );
  });
}

Deno.test("reply() builds the answer from the request as received", () => {
  const context = requestContext(world, {
    text: requestText({ via: "SIP/2.0/UDP 10.0.0.10:5062;rport;branch=z9hG4bK1" }),
    from: ALICE,
  });
  const verdict = reply(context, { statusCode: 486, headers: [makeHeader("X-Why", "test")] });
  if (verdict.kind !== "reply") throw new Error(verdict.kind);
  const source = ip("10.0.0.10");
  const tag = ownTag({ callId: "call-1", fromTag: "a", cseqNumber: 1, source }, env);
  strictEqual(verdict.keepActions, "discard");
  deepStrictEqual(
    [verdict.response.startLine, ...verdict.response.headers.map(({ line }) => line)],
    [
      "SIP/2.0 486 Busy Here",
      "Via: SIP/2.0/UDP 10.0.0.10:5062;rport=5062;branch=z9hG4bK1;received=10.0.0.10",
      "From: <sip:alice@192.0.2.10>;tag=a",
      `To: <sip:bob@192.0.2.10>;tag=${tag}`,
      "Call-ID: call-1",
      "CSeq: 1 INVITE",
      "X-Why: test",
      "Content-Length: 0",
    ],
  );
});

Deno.test("reply() keeps a To tag that is there", () => {
  const context = requestContext(world, {
    text: requestText({ to: "<sip:b@h>;tag=b" }),
    from: ALICE,
  });
  const verdict = reply(context, { statusCode: 481, keepActions: "keep" });
  if (verdict.kind !== "reply") throw new Error(verdict.kind);
  strictEqual(verdict.keepActions, "keep");
  strictEqual(verdict.response.headers.find(({ key }) => key === "to")?.value, "<sip:b@h>;tag=b");
});

Deno.test("reply() never answers an ACK (RFC 3261 §17)", () => {
  const context = requestContext(world, { text: requestText({ method: "ACK" }), from: ALICE });
  deepStrictEqual(reply(context, { statusCode: 481 }), { kind: "drop", reason: "ack-unmatched" });
});

Deno.test("reply() keeps silent to a stranger who is over his budget (R17)", () => {
  const flooded = phoneWorld();
  const context = () => requestContext(flooded, { text: incomingText(), from: STRANGER });
  strictEqual(reply(context(), { statusCode: 404 }).kind, "reply");
  for (let count = 0; count < 20; count++) {
    flooded.state.answerBudget.charge(context().input.source.address, flooded.nowMs);
  }
  deepStrictEqual(reply(context(), { statusCode: 404 }), { kind: "drop", reason: "rate-limited" });
  const known = requestContext(flooded, { text: incomingText(), from: PROVIDER });
  strictEqual(reply(known, { statusCode: 404 }).kind, "reply");
});

const REFUSALS: readonly (readonly [string, number, 408 | 503, number])[] = [
  ["", 404, 408, 404],
  ["", 503, 503, 503],
  ["compat_responses = 1", 404, 408, 408],
  ["compat_responses = 1", 504, 408, 408],
  ["compat_responses = 1", 503, 503, 503],
];

for (const [settings, statusCode, compatCode, wanted] of REFUSALS) {
  Deno.test(`refuse() says ${wanted} for ${statusCode} or ${compatCode} with "${settings}"`, () => {
    const context = requestContext(phoneWorld({ settings }), { text: requestText(), from: ALICE });
    const verdict = refuse(context, { statusCode, compatCode });
    strictEqual(verdict.kind === "reply" ? verdict.response.statusCode : verdict.kind, wanted);
  });
}

const STRANGERS: readonly (readonly [string, { side: "lan" | "wan"; source: string }, boolean])[] =
  [
    ["a registered phone", ALICE, false],
    ["any host on the phones' side", { side: "lan", source: "10.0.0.77:5060" }, false],
    ["the registrar", PROVIDER, false],
    [
      "the registrar's address with another port",
      { side: "wan", source: "192.0.2.10:40000" },
      false,
    ],
    ["a phone's address outside", { side: "wan", source: "10.0.0.10:5062" }, false],
    ["anybody else outside", STRANGER, true],
  ];

for (const [who, from, isOne] of STRANGERS) {
  Deno.test(`isStranger() says ${isOne} for ${who}`, () => {
    strictEqual(isStranger(requestContext(world, { text: requestText(), from })), isOne);
  });
}

Deno.test("isStranger() forgets a peer after an hour without a message for it", () => {
  const old = phoneWorld();
  old.nowMs += 3_599_999;
  strictEqual(isStranger(requestContext(old, { text: incomingText(), from: PROVIDER })), false);
  old.nowMs += 1;
  strictEqual(isStranger(requestContext(old, { text: incomingText(), from: PROVIDER })), true);
});
