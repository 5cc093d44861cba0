import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { messageOf } from "../../tests/support/sip_messages.ts";
import type { SipMessage } from "../sip/message.ts";
import { isObscured, obscureCallId, revealCallId } from "./obscured_call_id.ts";

const OBSCURED: readonly (readonly [string, string, string])[] = [
  ["abc@host", "t1", "abc-siproxdt1@host"],
  ["abc", "t1", "abc-siproxdt1"],
  ["", "t1", "-siproxdt1"],
  ["abc@host", "", "abc-siproxd@host"],
  ["a@b@host", "t1", "a@b-siproxdt1@host"],
  ["@host", "t1", "-siproxdt1@host"],
  ["abc@", "t1", "abc-siproxdt1@"],
  ["abc-siproxdt1@host", "t1", "abc-siproxdt1-siproxdt1@host"],
  ["abc-siproxdt1@host", "t2", "abc-siproxdt1-siproxdt2@host"],
  ["abc@host-siproxd", "t1", "abc-siproxdt1@host-siproxd"],
];

for (const [callId, tag, wanted] of OBSCURED) {
  Deno.test(`obscureCallId() of "${callId}" with "${tag}" is "${wanted}"`, () => {
    strictEqual(obscureCallId(callId, tag), wanted);
  });
}

interface Parts {
  readonly startLine?: string;
  readonly method?: string;
  readonly fromTag?: string;
}

function message(callId: string, parts: Parts = {}): SipMessage {
  const { method = "INVITE", startLine = `${method} sip:b@192.0.2.1 SIP/2.0` } = parts;
  return messageOf([
    startLine,
    "Via: SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bK1",
    `From: <sip:a@192.0.2.10>;tag=${parts.fromTag ?? "far"}`,
    "To: <sip:b@192.0.2.1>",
    `Call-ID: ${callId}`,
    `CSeq: 1 ${method}`,
  ]);
}

function callIdOf({ headers }: SipMessage): readonly string[] {
  return headers.filter(({ key }) => key === "call-id").map(({ value }) => value);
}

const RESPONSE: Parts = { startLine: "SIP/2.0 200 OK" };

const REVEALED: readonly (readonly [string, string, Parts, string])[] = [
  ["a request with another tag", "abc-siproxdt1@host", {}, "abc@host"],
  ["a request without host part", "abc-siproxdt1", {}, "abc"],
  ["an empty tag in the mark", "abc-siproxd@host", {}, "abc@host"],
  ["a response", "abc-siproxdt1@host", RESPONSE, "abc@host"],
  [
    "a response even with the From tag in the mark",
    "abc-siproxdt1@host",
    { ...RESPONSE, fromTag: "t1" },
    "abc@host",
  ],
  [
    "a request that came straight back",
    "abc-siproxdt1@host",
    { fromTag: "t1" },
    "abc-siproxdt1@host",
  ],
  ["a tag that only begins alike", "abc-siproxdt1@host", { fromTag: "t" }, "abc@host"],
  ["two marks, the last one", "abc-siproxdt1-siproxdt2@host", {}, "abc-siproxdt1@host"],
  ["a mark behind the at sign", "abc@host-siproxdt1", {}, "abc@host"],
  ["a REGISTER", "abc-siproxdt1@host", { method: "REGISTER" }, "abc-siproxdt1@host"],
  [
    "the answer to a REGISTER",
    "abc-siproxdt1@host",
    { ...RESPONSE, method: "REGISTER" },
    "abc-siproxdt1@host",
  ],
  ["another BYE", "abc-siproxdt1@host", { method: "BYE" }, "abc@host"],
];

for (const [what, callId, parts, wanted] of REVEALED) {
  Deno.test(`revealCallId() of ${what}: ${wanted}`, () => {
    deepStrictEqual(callIdOf(revealCallId(message(callId, parts))), [wanted]);
  });
}

for (const callId of ["abc@host", "abc", "abc-siprox@host", "abc-SIPROXDt1@host"]) {
  Deno.test(`revealCallId() gives back the very message of "${callId}"`, () => {
    const received = message(callId);
    strictEqual(revealCallId(received), received);
  });
}

for (const callId of ["abc@host", "abc", "a@b@host", "@host"]) {
  Deno.test(`revealCallId() undoes obscureCallId() of "${callId}"`, () => {
    const marked = message(obscureCallId(callId, "t1"));
    deepStrictEqual(callIdOf(revealCallId(marked)), [callId]);
  });
}

Deno.test("isObscured() tells any siproxd's mark", () => {
  deepStrictEqual(["abc@host", "abc-siproxdt1@host", "-siproxd"].map(isObscured), [
    false,
    true,
    true,
  ]);
});
