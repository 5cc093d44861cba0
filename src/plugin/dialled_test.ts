import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { beginsOutgoingCall, markRedirected, sipUriOf, wasRedirectedBy } from "./dialled.ts";
import { requestEvent } from "../../tests/support/plugin_events.ts";

const begins: readonly (readonly [string, Parameters<typeof requestEvent>[0], boolean])[] = [
  ["an outgoing INVITE", {}, true],
  ["an incoming INVITE", { direction: "incoming" }, false],
  ["an INVITE of unknown direction", { direction: undefined }, false],
  ["a re-INVITE", { to: "<sip:bob@example.org>;tag=b" }, false],
  ["an INVITE with an empty tag", { to: "<sip:bob@example.org>;tag=" }, true],
  ["an ACK", { method: "ACK" }, false],
  ["a REGISTER", { method: "REGISTER" }, false],
  ["a BYE", { method: "BYE", to: "<sip:bob@example.org>;tag=b" }, false],
];

for (const [what, parts, expected] of begins) {
  Deno.test(`beginsOutgoingCall() says ${expected} to ${what}`, () => {
    strictEqual(beginsOutgoingCall(requestEvent(parts)), expected);
  });
}

const redirected: readonly (readonly [Parameters<typeof requestEvent>[0], boolean])[] = [
  [{}, false],
  [{ uri: "sip:bob@example.org;redirected=prefix" }, true],
  [{ uri: "sip:bob@example.org;REDIRECTED=Prefix" }, true],
  [{ uri: "sip:bob@example.org;redirected=regex" }, false],
  [{ uri: "sip:bob@example.org;redirected" }, false],
  [{ to: "<sip:bob@example.org;redirected=prefix>" }, true],
  [{ to: "<sip:bob@example.org>;redirected=prefix" }, false],
  [{ uri: "tel:+49301;redirected=prefix" }, false],
];

for (const [parts, expected] of redirected) {
  Deno.test(`wasRedirectedBy() says ${expected} to ${JSON.stringify(parts)}`, () => {
    strictEqual(wasRedirectedBy(requestEvent(parts), "prefix"), expected);
  });
}

const marked: readonly (readonly [string, string])[] = [
  ["sip:bob@example.org", "sip:bob@example.org;redirected=prefix"],
  ["sip:bob@example.org;user=phone", "sip:bob@example.org;user=phone;redirected=prefix"],
  ["sip:bob@example.org;redirected=regex", "sip:bob@example.org;redirected=prefix"],
  ["sip:bob@example.org?Subject=x", "sip:bob@example.org;redirected=prefix?Subject=x"],
];

for (const [before, after] of marked) {
  Deno.test(`markRedirected() makes ${after} of ${before}`, () => {
    const uri = sipUriOf(before);
    strictEqual(uri === undefined ? undefined : markRedirected(uri, "prefix").text, after);
  });
}

const texts: readonly (readonly [string, string | undefined])[] = [
  ["sip:bob@example.org", "sip:bob@example.org"],
  ["SIPS:bob@example.org", "SIPS:bob@example.org"],
  ["sip:example.org:5070", "sip:example.org:5070"],
  ["sip:bob@[2001:db8::1]", "sip:bob@[2001:db8::1]"],
  ["tel:+49301", undefined],
  ["bob@example.org", undefined],
  ["sip:", undefined],
  ["sip:@", undefined],
  ["sip:bob@exa mple.org", undefined],
  ["", undefined],
  ["<sip:bob@example.org>", undefined],
];

for (const [text, expected] of texts) {
  Deno.test(`sipUriOf() gives ${expected} for "${text}"`, () => {
    deepStrictEqual(sipUriOf(text)?.text, expected);
  });
}
