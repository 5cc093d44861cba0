import { deepEqual, equal } from "node:assert/strict";
import { linesOf, requestOf, wire } from "../../tests/support/sip_messages.ts";
import { makeHeader } from "./headers.ts";
import { parseMessage } from "./parse_message.ts";
import { buildMalformedResponse, buildResponse } from "./respond.ts";

const REQUEST = requestOf([
  "INVITE sip:u@b.example SIP/2.0",
  "v: SIP/2.0/UDP 10.0.0.10;rport ,SIP/2.0/UDP h2",
  "Max-Forwards: 70",
  "Via: SIP/2.0/UDP h3",
  "CSeq: 1 INVITE",
  "t: sip:u@b.example;x=1",
  "Record-Route: <sip:p;lr>",
  'From: "A" <sip:a@b.example>;tag=9',
  "Call-ID :\r\n c1",
  "Timestamp: 54",
  "Contact: <sip:a@10.0.0.10>",
  "Content-Length: 4",
], "body");

Deno.test("buildResponse() copies what RFC 3261 §8.2.6.2 names, byte for byte", () => {
  deepEqual(linesOf(buildResponse(REQUEST, { statusCode: 404, toTag: "t1" })), [
    "SIP/2.0 404 Not Found",
    "v: SIP/2.0/UDP 10.0.0.10;rport ,SIP/2.0/UDP h2",
    "Via: SIP/2.0/UDP h3",
    'From: "A" <sip:a@b.example>;tag=9',
    "t: sip:u@b.example;x=1;tag=t1",
    "Call-ID :",
    " c1",
    "CSeq: 1 INVITE",
    "Content-Length: 0",
  ]);
});

Deno.test("buildResponse() keeps status, phrase and empty body together", () => {
  const response = buildResponse(REQUEST, {
    statusCode: 420,
    reasonPhrase: "No Such Extension",
    toTag: "t1",
  });
  equal(response.kind, "response");
  equal(response.statusCode, 420);
  equal(response.reasonPhrase, "No Such Extension");
  equal(response.startLine, "SIP/2.0 420 No Such Extension");
  equal(response.body, "");
});

Deno.test("buildResponse() copies Timestamp into a 100 alone and needs no tag there", () => {
  const lines = linesOf(buildResponse(REQUEST, { statusCode: 100, toTag: undefined }));
  equal(lines.includes("Timestamp: 54"), true);
  equal(lines.includes("t: sip:u@b.example;x=1"), true);
  const ringing = linesOf(buildResponse(REQUEST, { statusCode: 180, toTag: "t" }));
  equal(ringing.includes("Timestamp: 54"), false);
});

Deno.test("buildResponse() writes further headers before Content-Length", () => {
  const headers = [makeHeader("Unsupported", "foo"), makeHeader("Allow", "INVITE")];
  const lines = linesOf(buildResponse(REQUEST, { statusCode: 420, toTag: "t", headers }));
  deepEqual(lines.slice(-3), ["Unsupported: foo", "Allow: INVITE", "Content-Length: 0"]);
});

Deno.test("buildResponse() replaces the topmost Via element alone", () => {
  const via = "SIP/2.0/UDP 10.0.0.10;rport=5080;received=10.0.0.10";
  const rows: readonly (readonly [readonly string[], readonly string[]])[] = [
    [["v: SIP/2.0/UDP 10.0.0.10;rport ,SIP/2.0/UDP h2", "Via: SIP/2.0/UDP h3"], [
      `v: ${via}, SIP/2.0/UDP h2`,
      "Via: SIP/2.0/UDP h3",
    ]],
    [["Via: SIP/2.0/UDP 10.0.0.10;rport"], [`Via: ${via}`]],
    [[], []],
  ];
  for (const [before, after] of rows) {
    const request = requestOf(["OPTIONS sip:b SIP/2.0", ...before]);
    const lines = linesOf(buildResponse(request, { statusCode: 200, toTag: "t", via }));
    deepEqual(lines.slice(1, -1), after);
  }
});

Deno.test("buildResponse() leaves a To that has a tag or cannot be parsed", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["To: <sip:u@b>", "To: <sip:u@b>;tag=own"],
    ["To: <sip:u@b;tag=uri>", "To: <sip:u@b;tag=uri>;tag=own"],
    ["To: <sip:u@b> ; TAG = x", "To: <sip:u@b> ; TAG = x"],
    ["To: <sip:u@b>;tag=", "To: <sip:u@b>;tag="],
    ['To: "open <sip:u@b>', 'To: "open <sip:u@b>'],
    ["To: sip:u@b", "To: sip:u@b;tag=own"],
  ];
  for (const [before, after] of rows) {
    const request = requestOf(["OPTIONS sip:b SIP/2.0", before]);
    const lines = linesOf(buildResponse(request, { statusCode: 200, toTag: "own" }));
    deepEqual(lines, ["SIP/2.0 200 OK", after, "Content-Length: 0"]);
  }
});

Deno.test("buildMalformedResponse() answers what parseMessage() could not read", () => {
  const data = wire([
    "OPTIONS sip:u@b;  x SIP/2.0",
    "Via: SIP/2.0/UDP h",
    "nonsense",
    "From: <sip:a@b>;tag=1",
    "To: <sip:u@b>",
    "Call-ID: c",
    "CSeq: 99999999999 OPTIONS",
    "From: <sip:second@b>",
  ]);
  const parsed = parseMessage(data, "datagram");
  if (parsed.ok || parsed.error.partial === undefined) throw new Error("fixture");
  const answer = buildMalformedResponse(parsed.error.partial, { statusCode: 400, toTag: "t" });
  deepEqual(answer.ok && linesOf(answer.value), [
    "SIP/2.0 400 Bad Request",
    "Via: SIP/2.0/UDP h",
    "From: <sip:a@b>;tag=1",
    "To: <sip:u@b>;tag=t",
    "Call-ID: c",
    "CSeq: 99999999999 OPTIONS",
    "Content-Length: 0",
  ]);
});

Deno.test("buildMalformedResponse() refuses an ACK and what has not enough headers", () => {
  const headers = ["Via: a", "From: b", "To: c", "Call-ID: d", "CSeq: 1 X"];
  const rows: readonly (readonly [string, readonly string[], string])[] = [
    ["ACK", headers, "Cannot answer request: ACK is never answered"],
    ["X", headers.slice(1), "Cannot answer request: missing via"],
    ["X", headers.toSpliced(1, 1), "Cannot answer request: missing from"],
    ["X", headers.toSpliced(2, 1), "Cannot answer request: missing to"],
    ["X", headers.toSpliced(3, 1, "Call-ID:"), "Cannot answer request: missing call-id"],
    ["X", headers.slice(0, 4), "Cannot answer request: missing cseq"],
  ];
  for (const [method, lines, error] of rows) {
    const request = requestOf([`${method} sip:b SIP/2.0`, ...lines]);
    const options = { statusCode: 400, toTag: "t" };
    deepEqual(buildMalformedResponse(request, options), { ok: false, error });
  }
});
