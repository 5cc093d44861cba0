import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  BOB,
  type From,
  phoneWorld,
  requestContext,
  type RequestParts,
  requestText,
  STRANGER,
} from "../../tests/support/phone_world.ts";
import { registerWorld } from "../../tests/support/register_world.ts";
import type { RequestContext } from "./context.ts";
import {
  challengeRegister,
  exchangeName,
  nonceWorld,
  phoneName,
  requestName,
} from "./challenge.ts";

const world = phoneWorld();

function contextOf(parts: RequestParts = {}, from: From = ALICE): RequestContext {
  const text = requestText({ method: "REGISTER", uri: "sip:192.0.2.1", ...parts });
  return requestContext(world, { text, from });
}

type Naming = (context: RequestContext) => string;

/** What differs from alice's first REGISTER, and whether the phone, the request and the exchange have another name. */
const CHANGES: readonly (readonly [
  string,
  RequestParts,
  From,
  { readonly phone: boolean; readonly request: boolean; readonly exchange: boolean },
])[] = [
  ["nothing", {}, ALICE, { phone: false, request: false, exchange: false }],
  ["CSeq", { cseq: 2 }, ALICE, { phone: false, request: true, exchange: false }],
  ["Call-ID", { callId: "x" }, ALICE, { phone: false, request: true, exchange: true }],
  ["the branch", { via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK2" }, ALICE, {
    phone: false,
    request: true,
    exchange: false,
  }],
  ["To", { to: "<sip:carol@192.0.2.10>" }, ALICE, { phone: true, request: false, exchange: true }],
  ["To parameters", { to: "<sip:bob@192.0.2.10;x=1>;y=2" }, ALICE, {
    phone: false,
    request: false,
    exchange: false,
  }],
  ["From", { from: "<sip:carol@192.0.2.10>;tag=z" }, ALICE, {
    phone: false,
    request: false,
    exchange: false,
  }],
  ["the Request-URI", { uri: "sip:192.0.2.10" }, ALICE, {
    phone: false,
    request: false,
    exchange: true,
  }],
  ["the source's address", {}, BOB, { phone: true, request: false, exchange: true }],
  ["the source's port", {}, { ...ALICE, source: "10.0.0.10:40000" }, {
    phone: false,
    request: false,
    exchange: true,
  }],
];

const NAMINGS: readonly (readonly ["phone" | "request" | "exchange", Naming])[] = [
  ["phone", phoneName],
  ["request", requestName],
  ["exchange", exchangeName],
];

for (const [what, parts, from, isOther] of CHANGES) {
  for (const [kind, nameOf] of NAMINGS) {
    const verb = isOther[kind] ? "changes with" : "is the same whatever is";
    Deno.test(`${kind}Name() ${verb} ${what}`, () => {
      strictEqual(nameOf(contextOf(parts, from)) !== nameOf(contextOf()), isOther[kind]);
    });
  }
}

for (const [kind, nameOf] of NAMINGS) {
  Deno.test(`${kind}Name() has 16 hex digits`, () => {
    strictEqual(/^[0-9a-f]{16}$/.test(nameOf(contextOf())), true);
  });
}

Deno.test("phoneName(), requestName() and exchangeName() never meet", () => {
  strictEqual(new Set(NAMINGS.map(([, nameOf]) => nameOf(contextOf()))).size, 3);
});

Deno.test("nonceWorld() gives the time, the key and the sender", () => {
  const context = contextOf();
  deepStrictEqual(nonceWorld(context, "home"), {
    nowMs: world.nowMs,
    keyedHash: context.env.keyedHash,
    source: "10.0.0.10",
    realm: "home",
  });
});

function challenges(from: From, reason: "first" | "stale" = "first"): readonly string[] {
  const homeWorld = registerWorld();
  homeWorld.state.passwords = { kind: "users", users: new Map(), offered: ["SHA-256", "MD5"] };
  const text = requestText({ method: "REGISTER", uri: "sip:192.0.2.1" });
  const context = requestContext(homeWorld, { text, from });
  const verdict = challengeRegister(context, { realm: "home", reason });
  if (verdict.kind !== "reply") throw new Error(verdict.kind);
  strictEqual(verdict.keepActions, "keep");
  strictEqual(verdict.response.startLine, "SIP/2.0 407 Proxy Authentication Required");
  return verdict.response.headers.filter(({ key }) => key === "proxy-authenticate")
    .map(({ value }) => value.replace(/nonce="[^"]+"/, 'nonce="N"'));
}

const CHALLENGES: readonly (readonly [string, From, "first" | "stale", readonly string[]])[] = [
  ["a phone", ALICE, "first", [
    'Digest realm="home", nonce="N", qop="auth", algorithm=SHA-256',
    'Digest realm="home", nonce="N", qop="auth", algorithm=MD5',
  ]],
  ["a phone whose nonce is old", ALICE, "stale", [
    'Digest realm="home", nonce="N", stale=true, qop="auth", algorithm=SHA-256',
    'Digest realm="home", nonce="N", stale=true, qop="auth", algorithm=MD5',
  ]],
  ["a stranger, who gets one", STRANGER, "first", [
    'Digest realm="home", nonce="N", qop="auth", algorithm=SHA-256',
  ]],
];

for (const [who, from, reason, wanted] of CHALLENGES) {
  Deno.test(`challengeRegister() of ${who}`, () => {
    deepStrictEqual(challenges(from, reason), wanted);
  });
}

Deno.test("challengeRegister() never gives the same nonce twice", () => {
  const nonceOf = (): string => {
    const verdict = challengeRegister(contextOf(), { realm: "home", reason: "first" });
    if (verdict.kind !== "reply") throw new Error(verdict.kind);
    return verdict.response.headers.map(({ line }) => line).join("\n");
  };
  notStrictEqual(nonceOf(), nonceOf());
});
