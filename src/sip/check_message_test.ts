import { deepEqual, equal } from "node:assert/strict";
import { messageOf } from "../../tests/support/sip_messages.ts";
import { checkMessage } from "./check_message.ts";
import { parseNameAddr } from "./name_addr.ts";
import { parseUri } from "./uri.ts";
import { parseVia } from "./via.ts";

const HEADERS: Readonly<Record<string, string>> = {
  Via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1, SIP/2.0/TCP h2",
  From: "<sip:a@b.example>;tag=1",
  To: "<tel:+1201>",
  "Call-ID": "x@10.0.0.10",
  CSeq: "7 OPTIONS",
};

function linesWith(changes: Readonly<Record<string, string | undefined>>): readonly string[] {
  const lines: string[] = [];
  for (const [name, value] of Object.entries({ ...HEADERS, ...changes })) {
    if (value !== undefined) lines.push(`${name}: ${value}`);
  }
  return lines;
}

function reasonOf(startLine: string, headers: readonly string[]): string | undefined {
  const checked = checkMessage(messageOf([startLine, ...headers]));
  if (checked.ok) return undefined;
  equal(checked.error.statusCode, 400);
  return checked.error.reason;
}

const START = "OPTIONS sip:u@b.example;x SIP/2.0";

Deno.test("checkMessage() decodes every mandatory header of a request", () => {
  const message = messageOf([START, ...linesWith({ Contact: "<sip:a@10.0.0.10>" })]);
  const via = parseVia("SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bK1");
  const from = parseNameAddr("<sip:a@b.example>;tag=1");
  const to = parseNameAddr("<tel:+1201>");
  const requestUri = parseUri("sip:u@b.example;x");
  const contact = parseNameAddr("<sip:a@10.0.0.10>");
  if (!via.ok || !from.ok || !to.ok || !requestUri.ok || !contact.ok) throw new Error("fixture");
  deepEqual(checkMessage(message), {
    ok: true,
    value: {
      kind: "request",
      message,
      topmostVia: via.value,
      viaCount: 2,
      from: from.value,
      to: to.value,
      callId: "x@10.0.0.10",
      cseq: { number: 7, method: "OPTIONS" },
      fromTag: "1",
      toTag: undefined,
      requestUri: requestUri.value,
      contacts: { kind: "list", contacts: [contact.value] },
    },
  });
});

Deno.test("checkMessage() does not ask a response for Request-URI, CSeq method or Contacts", () => {
  const headers = linesWith({ To: "<sip:u@b>;tag=2", Contact: '<sip:a@b>"', CSeq: "7 INVITE" });
  const checked = checkMessage(messageOf(["SIP/2.0 200 OK", ...headers]));
  equal(checked.ok && checked.value.kind, "response");
  equal(checked.ok && checked.value.toTag, "2");
  equal(checked.ok && checked.value.cseq.method, "INVITE");
  equal(checked.ok && checked.value.requestUri, undefined);
  equal(checked.ok && checked.value.contacts, undefined);
});

Deno.test("checkMessage() wants each mandatory header", () => {
  for (const name of ["Via", "From", "To", "Call-ID", "CSeq"]) {
    const reason = `Cannot use message: missing ${name}`;
    equal(reasonOf(START, linesWith({ [name]: undefined })), reason);
    equal(reasonOf("SIP/2.0 200 OK", linesWith({ [name]: undefined })), reason);
  }
});

Deno.test("checkMessage() refuses a repeated header of one value in any spelling", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["f : <sip:x@y>;tag=1", "from"],
    ["TO: <sip:x@y>", "to"],
    ["i: x@10.0.0.10", "call-id"],
    ["cseq: 7 OPTIONS", "cseq"],
    ["Max-Forwards: 1\r\nmax-forwards : 1", "max-forwards"],
    ["Content-Type: a/b\r\nc: a/b", "content-type"],
    ["Expires: 1\r\nEXPIRES: 1", "expires"],
    ["Event: a\r\no: a", "event"],
    ["Refer-To: <sip:a>\r\nr: <sip:a>", "refer-to"],
    ["Replaces: a\r\nReplaces: a", "replaces"],
    ["Session-Expires: 1\r\nx: 1", "session-expires"],
    ["Min-SE: 90\r\nMin-SE: 90", "min-se"],
  ];
  for (const [lines, key] of rows) {
    const reason = `Cannot use message: more than one ${key}`;
    equal(reasonOf(START, [...linesWith({}), lines]), reason);
  }
});

Deno.test("checkMessage() lets other headers repeat", () => {
  const lines = [
    "Server: a",
    "Server: b",
    "Route: <sip:a;lr>",
    "Route: <sip:b;lr>",
    "X-Y: 1",
    "X-Y: 2",
  ];
  equal(reasonOf(START, [...linesWith({}), ...lines]), undefined);
});

Deno.test("checkMessage() takes 64 Vias and no more", () => {
  const vias = (count: number) => Array.from({ length: count }, () => "SIP/2.0/UDP h").join(", ");
  equal(reasonOf(START, linesWith({ Via: vias(64) })), undefined);
  equal(reasonOf(START, linesWith({ Via: vias(65) })), "Cannot use message: more than 64 Via");
  equal(
    reasonOf(START, [...linesWith({ Via: vias(60) }), `v: ${vias(5)}`]),
    "Cannot use message: more than 64 Via",
  );
});

Deno.test("checkMessage() takes an answer with our own Via above the 64 of its request, and no more (R5)", () => {
  const answer = "SIP/2.0 200 OK";
  const vias = (count: number) => Array.from({ length: count }, () => "SIP/2.0/UDP h").join(", ");
  equal(reasonOf(answer, linesWith({ Via: vias(65) })), undefined);
  equal(reasonOf(answer, linesWith({ Via: vias(66) })), "Cannot use message: more than 65 Via");
});

Deno.test("checkMessage() names the malformed header", () => {
  const rows: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ Via: "SIP/2.0/UDP" }, "Cannot parse Via: missing sent-by at offset 11"],
    [
      { Via: "SIP/2.0/UDP 192.0.2.15;;,;,," },
      "Cannot parse Via: Cannot parse parameters: empty name at offset 22",
    ],
    [{ CSeq: "OPTIONS" }, "Cannot parse CSeq: missing number"],
    [{ CSeq: "4294967296 OPTIONS" }, "Cannot use CSeq: highest number is 2147483647"],
    [{ CSeq: "7 INVITE" }, 'Cannot use CSeq: method "INVITE" in a "OPTIONS" request'],
    [{ CSeq: "7 options" }, 'Cannot use CSeq: method "options" in a "OPTIONS" request'],
    [{ From: "" }, 'Cannot parse From: Cannot parse URI "": no scheme'],
    [{ From: "<sip:a@b>;tag=1;tag=1" }, "Cannot parse From: more than one tag"],
    [
      { To: '"x <sip:a@b>' },
      "Cannot parse To: Cannot parse address: display name is not well formed",
    ],
    [{ To: "<sip:>" }, 'Cannot parse To: Cannot parse URI "sip:": nothing after the scheme'],
    [{ To: "<sip:a@b>;Tag=1;tag=2" }, "Cannot parse To: more than one tag"],
    [{ "Call-ID": "" }, "Cannot parse Call-ID: empty, or a blank inside"],
    [{ "Call-ID": "a b" }, "Cannot parse Call-ID: empty, or a blank inside"],
    [
      { Contact: "<sip:a@b>, *" },
      'Cannot parse Contact: Cannot parse URI "*": no scheme',
    ],
  ];
  for (const [changes, reason] of rows) equal(reasonOf(START, linesWith(changes)), reason);
});

Deno.test("checkMessage() wants a Request-URI without brackets and header part", () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["<sip:a@b>", 'Cannot use Request-URI: Cannot parse URI "<sip:a@b>": no scheme'],
    ["sip:a@b?Route=%3Csip:c%3E", "Cannot use Request-URI: header part is not allowed"],
    ["sip:a@b?", "Cannot use Request-URI: header part is not allowed"],
    ["*", 'Cannot use Request-URI: Cannot parse URI "*": no scheme'],
    ["tel:+1201", undefined],
    ["soap.beep://192.0.2.103:3002", undefined],
    ["http://a/?b=c", undefined],
    ["sip:a?b@c", undefined],
  ];
  for (const [uri, reason] of rows) {
    equal(reasonOf(`OPTIONS ${uri} SIP/2.0`, linesWith({})), reason, uri);
  }
});

Deno.test("checkMessage() takes RFC 2543 messages without tags and branch", () => {
  const headers = linesWith({ Via: "SIP/2.0/UDP gw.example.com", From: "sip:a@b", To: "sip:c@d" });
  const checked = checkMessage(messageOf([START, ...headers]));
  equal(checked.ok && checked.value.fromTag, undefined);
  equal(checked.ok && checked.value.topmostVia.branch, undefined);
});
