import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { requestEvent, responseEvent } from "../../tests/support/plugin_events.ts";
import { makeHeader, removeHeaders, setHeader, withRequestUri } from "../sip/headers.ts";
import type { HeaderField, SipRequest, SipResponse } from "../sip/message.ts";
import { changeRequest, changeResponse } from "./check_change.ts";

const event = requestEvent();
const { message } = event;

/** A message with one more header field, written as a plugin may write it. */
function withField(field: HeaderField): SipRequest {
  return { ...message, headers: [...message.headers, field] };
}

const field = makeHeader("X-A", "b");

const refused: readonly (readonly [string, SipRequest, string])[] = [
  [
    "a line break in a header line",
    withField({ ...field, line: "X-A: b\r\nEvil: 1" }),
    "Cannot use message: control character in a header",
  ],
  [
    "a bare line feed in a header line",
    withField({ ...field, line: "X-A: b\n" }),
    "Cannot use message: control character in a header",
  ],
  [
    "a line break in a header value",
    withField({ ...field, value: "b\r\nc" }),
    "Cannot use message: control character in a header",
  ],
  [
    "a NUL in a header line",
    withField({ ...field, line: "X-A: \0" }),
    "Cannot use message: control character in a header",
  ],
  [
    "a wide character in a header line",
    withField({ ...field, line: "X-A: \u20ac" }),
    "Cannot use message: control character in a header",
  ],
  [
    "a header without a name",
    withField({ ...field, name: "", line: ": b" }),
    "Cannot use message: control character in a header",
  ],
  [
    "a line that does not begin with the header's name",
    withField({ ...field, line: "Route: <sip:x;lr>" }),
    "Cannot use message: control character in a header",
  ],
  [
    "a line that is longer than any line may be",
    withField(makeHeader("X-A", "b".repeat(70_000))),
    "Cannot use message: control character in a header",
  ],
  [
    "more headers than a message may have",
    { ...message, headers: Array.from({ length: 1000 }, () => field) },
    "Cannot use message: over 200 headers",
  ],
  [
    "a line break in the start line",
    { ...message, startLine: "INVITE sip:a SIP/2.0\r\nX: 1" },
    "Cannot use message: control character in its first line",
  ],
  [
    "a body of wide characters",
    { ...message, body: "\u20ac" },
    "Cannot use message: its body is too long or no latin1 text",
  ],
  [
    "a body over the limit",
    { ...message, body: "x".repeat(70_000) },
    "Cannot use message: its body is too long or no latin1 text",
  ],
];

for (const [what, changed, reason] of refused) {
  Deno.test(`changeRequest() refuses ${what}`, () => {
    const result = changeRequest(event, changed);
    strictEqual(result.ok, false);
    const error = result.ok ? "" : result.error;
    strictEqual(error.replace(/over \d+ headers/, "over 200 headers"), reason);
  });
}

for (const key of ["via", "from", "to", "call-id", "cseq"]) {
  Deno.test(`changeRequest() refuses a message that has lost its ${key}`, () => {
    strictEqual(changeRequest(event, removeHeaders(message, key)).ok, false);
  });
}

Deno.test("changeRequest() decodes the headers anew", () => {
  const changed = changeRequest(event, setHeader(message, "Call-ID", "other"));
  strictEqual(changed.ok ? changed.value.checked.callId : changed.error, "other");
  strictEqual(changed.ok ? changed.value.source : undefined, event.source);
});

Deno.test("changeRequest() takes another Request-URI", () => {
  const changed = changeRequest(event, withRequestUri(message, "sip:carol@example.org"));
  strictEqual(
    changed.ok ? changed.value.message.startLine : changed.error,
    "INVITE sip:carol@example.org SIP/2.0",
  );
});

const bodies: readonly (readonly [string, string])[] = [
  ["12345", "5"],
  ["", "0"],
  ["\xe4\xf6", "2"],
];

for (const [body, length] of bodies) {
  Deno.test(`changeRequest() counts the body ${JSON.stringify(body)}`, () => {
    const before = requestEvent({ body: "old body" });
    const changed = changeRequest(before, { ...before.message, body });
    const headers = changed.ok ? changed.value.message.headers : [];
    deepStrictEqual(
      headers.filter(({ key }) => key === "content-length").map(({ value }) => value),
      [length],
    );
  });
}

Deno.test("changeRequest() gives headers that were there before no second look", () => {
  const odd = { ...event, message: withField({ ...field, line: "X-A: a\r\n b" }) };
  strictEqual(changeRequest(odd, setHeader(odd.message, "X-B", "c")).ok, true);
});

const ringing = responseEvent("180 Ringing");

Deno.test("changeResponse() takes a changed response", () => {
  const changed = changeResponse(ringing, setHeader(ringing.message, "X-A", "b"));
  strictEqual(
    changed.ok
      ? changed.value.message.headers.find(({ key }) => key === "x-a")?.line
      : changed.error,
    "X-A: b",
  );
});

const badResponses: readonly (readonly [string, SipResponse])[] = [
  ["a line break in its first line", { ...ringing.message, startLine: "SIP/2.0 200 OK\r\nX: 1" }],
  ["no Via", removeHeaders(ringing.message, "via")],
  ["no CSeq", removeHeaders(ringing.message, "cseq")],
  ["a wide body", { ...ringing.message, body: "\u0100" }],
];

for (const [what, changed] of badResponses) {
  Deno.test(`changeResponse() refuses a response with ${what}`, () => {
    strictEqual(changeResponse(ringing, changed).ok, false);
  });
}

Deno.test("changeRequest() decodes nothing anew when a header is taken out or a body rewritten", () => {
  const before = requestEvent({ extra: ["User-Agent: x", "Supported: 100rel"], body: "old" });
  const stripped = changeRequest(before, removeHeaders(before.message, "user-agent"));
  const rewritten = changeRequest(before, { ...before.message, body: "newer" });
  for (const changed of [stripped, rewritten]) {
    strictEqual(changed.ok ? changed.value.checked.from : undefined, before.checked.from);
    strictEqual(
      changed.ok ? changed.value.checked.message : 1,
      changed.ok ? changed.value.message : 2,
    );
  }
});

/** Changes after which the decoded headers may be others. */
const decodedAnew: readonly (readonly [string, SipRequest])[] = [
  ["another From", setHeader(message, "From", "<sip:alice@example.org>;tag=a")],
  ["another method", { ...message, method: "OPTIONS", startLine: message.startLine }],
  ["one more header", withField(field)],
  [
    "headers in another order",
    { ...message, headers: [...message.headers.slice(1), ...message.headers.slice(0, 1)] },
  ],
];

for (const [what, changed] of decodedAnew) {
  Deno.test(`changeRequest() decodes a message with ${what} anew`, () => {
    const result = changeRequest(event, changed);
    strictEqual(result.ok && result.value.checked.from === event.checked.from, false);
  });
}

Deno.test("changeRequest() refuses a second header of those that may stand once", () => {
  const twice = withField(makeHeader("Call-ID", "second"));
  deepStrictEqual(changeRequest(event, twice), {
    ok: false,
    error: "Cannot use message: more than one call-id",
  });
});
