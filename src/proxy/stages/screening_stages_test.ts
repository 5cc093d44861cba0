import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { CoreWorld } from "../../../tests/support/core_world.ts";
import {
  ALICE,
  type From,
  phoneWorld,
  PROVIDER,
  requestContext,
  type RequestParts,
  requestText,
  STRANGER,
} from "../../../tests/support/phone_world.ts";
import type { RequestContext } from "../context.ts";
import { ownTag } from "../reply.ts";
import type { Verdict } from "../stage.ts";
import { detectLoop } from "./loop_detection.ts";
import { checkMaxForwards } from "./max_forwards.ts";
import { absorbOwnAck } from "./own_ack.ts";
import { answerOwnOptions } from "./own_options.ts";
import { checkProxyRequire } from "./proxy_require.ts";
import { checkRegisterRight } from "./register_right.ts";
import { checkUriScheme } from "./uri_scheme.ts";

const world = phoneWorld();

function run(parts: RequestParts, from: From = ALICE, on: CoreWorld = world): RequestContext {
  return requestContext(on, { text: requestText(parts), from });
}

/** A verdict in one line. */
function said(verdict: Verdict): string {
  if (verdict.kind === "reply") return `${verdict.response.statusCode}`;
  return verdict.kind === "drop" ? `drop ${verdict.reason}` : verdict.kind;
}

/** Names and values of what a stage left, of one header. */
function valuesOf({ message }: RequestContext, wanted: string): readonly string[] {
  return message.headers.filter(({ key }) => key === wanted).map(({ value }) => value);
}

const SCHEMES: readonly (readonly [string, string])[] = [
  ["sip:bob@192.0.2.10", "next"],
  ["sip:192.0.2.10", "next"],
  ["sip:bob@192.0.2.10;transport=udp", "next"],
  ["sip:bob@192.0.2.10;transport=tcp", "next"],
  ["sips:bob@192.0.2.10", "416"],
  ["tel:+49", "416"],
  ["im:bob@192.0.2.10", "416"],
  ["sip:bob@192.0.2.10;transport=tls", "503"],
  ["sip:bob@192.0.2.10;transport=wss", "503"],
];

for (const [uri, wanted] of SCHEMES) {
  Deno.test(`checkUriScheme() of a run for ${uri}: ${wanted}`, () => {
    strictEqual(said(checkUriScheme(run({ uri }))), wanted);
  });
}

const ZERO_HOPS: readonly (readonly [string, string])[] = [
  ["INVITE", "483"],
  ["REGISTER", "483"],
  ["OPTIONS", "200"],
  ["ACK", "drop ack-unmatched"],
];

for (const [method, wanted] of ZERO_HOPS) {
  Deno.test(`checkMaxForwards() of a run of ${method} at 0 and at 1`, () => {
    const withHops = (hops: number) =>
      requestContext(world, {
        text: requestText({ method }).replace("Max-Forwards: 70", `Max-Forwards: ${hops}`),
        from: ALICE,
      });
    strictEqual(said(checkMaxForwards(withHops(0))), wanted);
    const last = withHops(1);
    strictEqual(said(checkMaxForwards(last)), "next");
    deepStrictEqual(valuesOf(last, "max-forwards"), ["0"]);
  });
}

const EXTENSIONS: readonly (readonly [readonly string[], string, readonly string[]])[] = [
  [[], "next", []],
  [["Require: 100rel"], "next", []],
  [["Supported: sec-agree"], "next", []],
  [["Proxy-Require: sec-agree"], "420", ["sec-agree"]],
  [["Proxy-Require: sec-agree, privacy"], "420", ["sec-agree, privacy"]],
  [["Proxy-Require: a", "Proxy-Require: b"], "420", ["a, b"]],
];

for (const [headers, wanted, unsupported] of EXTENSIONS) {
  Deno.test(`checkProxyRequire() of a run with "${headers.join("; ")}": ${wanted}`, () => {
    const verdict = checkProxyRequire(run({ headers }));
    strictEqual(said(verdict), wanted);
    const told = verdict.kind === "reply" ? verdict.response.headers : [];
    deepStrictEqual(
      told.filter(({ key }) => key === "unsupported").map(({ value }) => value),
      unsupported,
    );
  });
}

/** What a Via below the top one names, and whether it counts as ours. */
const PASSAGES: readonly (readonly [string, "ours" | "foreign"])[] = [
  ["192.0.2.1:5060", "ours"],
  ["192.0.2.1", "ours"],
  ["10.0.0.1", "ours"],
  ["127.0.0.1:5060", "ours"],
  ["192.0.2.1:5061", "foreign"],
  ["192.0.2.10", "foreign"],
  ["unknown.example", "foreign"],
];

for (const [place, owner] of PASSAGES) {
  for (const count of [2, 3, 4]) {
    const wanted = owner === "ours" && count > 2 ? "482" : "next";
    Deno.test(`detectLoop() of ${count} passages by ${place}: ${wanted}`, () => {
      const headers = Array.from(
        { length: count },
        (_, index) => `Via: SIP/2.0/UDP ${place};branch=z9hG4bK${index}`,
      );
      strictEqual(said(detectLoop(run({ headers }))), wanted);
    });
  }
}

Deno.test("detectLoop() does not count the topmost Via, which is the sender's", () => {
  const own = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK";
  const headers = [`Via: ${own}1`, `Via: ${own}2`];
  strictEqual(said(detectLoop(run({ via: `${own}0`, headers }))), "next");
});

/** Request-URI, method, and what becomes of it. */
const OPTIONS: readonly (readonly [string, string, string])[] = [
  ["OPTIONS", "sip:10.0.0.1", "200"],
  ["OPTIONS", "sip:192.0.2.1:5060", "200"],
  ["OPTIONS", "sip:siproxd@192.0.2.1", "200"],
  ["OPTIONS", "sip:SIPROXD@192.0.2.1", "next"],
  ["OPTIONS", "sip:alice@192.0.2.1", "next"],
  ["OPTIONS", "sip:192.0.2.1:5061", "next"],
  ["OPTIONS", "sip:192.0.2.10", "next"],
  ["OPTIONS", "tel:+49", "next"],
  ["INVITE", "sip:10.0.0.1", "next"],
  ["REGISTER", "sip:10.0.0.1", "next"],
];

for (const [method, uri, wanted] of OPTIONS) {
  Deno.test(`answerOwnOptions() of ${method} ${uri}: ${wanted}`, () => {
    strictEqual(said(answerOwnOptions(run({ method, uri }))), wanted);
  });
}

const ASKERS: readonly (readonly [string, From, readonly string[]])[] = [
  ["a phone all that we can", ALICE, [
    "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE, INFO, REFER, SUBSCRIBE, " +
    "NOTIFY, MESSAGE, PUBLISH",
    "Accept: application/sdp",
  ]],
  ["the provider nothing", PROVIDER, []],
  ["a stranger nothing", STRANGER, []],
];

for (const [what, from, wanted] of ASKERS) {
  Deno.test(`answerOwnOptions() tells ${what}`, () => {
    const verdict = answerOwnOptions(run({ method: "OPTIONS", uri: "sip:192.0.2.1" }, from));
    if (verdict.kind !== "reply") throw new Error(verdict.kind);
    deepStrictEqual(
      verdict.response.headers.filter(({ key }) => key === "allow" || key === "accept")
        .map(({ line }) => line),
      wanted,
    );
  });
}

const OWN_TAG = ownTag({ callId: "call-1", fromTag: "a", cseqNumber: 1 }, world.env);

const ACKS: readonly (readonly [string, RequestParts, string])[] = [
  ["to our own answer", { to: `<sip:bob@192.0.2.10>;tag=${OWN_TAG}` }, "drop own-ack"],
  ["of another CSeq", { to: `<sip:bob@192.0.2.10>;tag=${OWN_TAG}`, cseq: 2 }, "next"],
  ["of another call", { to: `<sip:bob@192.0.2.10>;tag=${OWN_TAG}`, callId: "x" }, "next"],
  [
    "of another caller",
    { to: `<sip:bob@192.0.2.10>;tag=${OWN_TAG}`, from: "<sip:alice@192.0.2.10>;tag=z" },
    "next",
  ],
  ["to somebody else's answer", { to: "<sip:bob@192.0.2.10>;tag=b" }, "next"],
  ["without a tag", {}, "next"],
];

for (const [what, parts, wanted] of ACKS) {
  Deno.test(`absorbOwnAck() of an ACK ${what}: ${wanted}`, () => {
    strictEqual(said(absorbOwnAck(run({ method: "ACK", ...parts }))), wanted);
  });
}

Deno.test("absorbOwnAck() leaves other methods with our tag alone", () => {
  const to = `<sip:bob@192.0.2.10>;tag=${OWN_TAG}`;
  strictEqual(said(absorbOwnAck(run({ method: "BYE", to }))), "next");
});

const RIGHTS: readonly (readonly [string, string, From, string])[] = [
  ["REGISTER", "", ALICE, "next"],
  ["REGISTER", "", STRANGER, "drop register-denied"],
  ["REGISTER", "hosts_allow_reg = 192.0.2.66/32", STRANGER, "next"],
  ["REGISTER", "hosts_allow_reg = 192.0.2.66/32", ALICE, "drop register-denied"],
  ["INVITE", "", STRANGER, "next"],
  ["INVITE", "hosts_allow_reg = 192.0.2.66/32", ALICE, "next"],
];

for (const [method, settings, from, wanted] of RIGHTS) {
  Deno.test(`checkRegisterRight() of ${method} from ${from.source} with "${settings}"`, () => {
    const context = run({ method }, from, phoneWorld({ settings, phones: [] }));
    strictEqual(said(checkRegisterRight(context)), wanted);
    const text = `non-authorized registration attempt from ${from.source.split(":")[0]}`;
    const event = { level: "warning", component: "access", event: "reg.denied", text };
    deepStrictEqual(context.actions, wanted === "next" ? [] : [{ kind: "log", event }]);
  });
}
