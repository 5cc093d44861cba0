import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  bodyOf,
  headerValue,
  headerValues,
  methodOf,
  placeIn,
  responseTo,
  sipText,
  startLineOf,
  statusOf,
  uriIn,
} from "./sip_text.ts";

const REQUEST = sipText("INVITE sip:bob@example.org SIP/2.0", {
  headers: [
    ["Via", "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK2"],
    ["via", "SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK1"],
    ["Record-Route", "<sip:10.0.0.1;lr>"],
    ["From", "<sip:alice@example.org>;tag=a"],
    ["To", "<sip:bob@example.org>"],
    ["Call-ID", "c"],
    ["CSeq", "1 INVITE"],
  ],
  body: "v=0\r\n",
});

Deno.test("sipText() counts the body and separates it by an empty line", () => {
  strictEqual(
    sipText("OPTIONS sip:a SIP/2.0", { headers: [["To", "<sip:a>"]], body: "xyz" }),
    "OPTIONS sip:a SIP/2.0\r\nTo: <sip:a>\r\nContent-Length: 3\r\n\r\nxyz",
  );
});

Deno.test("the readers take a request apart", () => {
  deepStrictEqual(
    [startLineOf(REQUEST), methodOf(REQUEST), statusOf(REQUEST), bodyOf(REQUEST)],
    ["INVITE sip:bob@example.org SIP/2.0", "INVITE", undefined, "v=0\r\n"],
  );
  deepStrictEqual(headerValues(REQUEST, "Via").length, 2);
  deepStrictEqual(
    [headerValue(REQUEST, "call-id"), headerValue(REQUEST, "Subject")],
    ["c", ""],
  );
});

Deno.test("responseTo() copies what RFC 3261 section 8.2.6.2 says and tags To once", () => {
  const response = responseTo(REQUEST, { status: "180 Ringing", toTag: "b" });
  strictEqual(
    response,
    [
      "SIP/2.0 180 Ringing",
      "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK2",
      "Via: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK1",
      "Record-Route: <sip:10.0.0.1;lr>",
      "From: <sip:alice@example.org>;tag=a",
      "To: <sip:bob@example.org>;tag=b",
      "Call-ID: c",
      "CSeq: 1 INVITE",
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n"),
  );
  deepStrictEqual([statusOf(response), methodOf(response)], [180, undefined]);
  const again = responseTo(response.replace("SIP/2.0 180 Ringing", "X"), {
    status: "200 OK",
    toTag: "c",
  });
  strictEqual(headerValue(again, "To"), "<sip:bob@example.org>;tag=b");
});

const URIS = [
  ['"Bob" <sip:bob@10.0.0.2:5070;transport=udp>;q=1', "10.0.0.2", 5070],
  ["<sip:10.0.0.1;lr>", "10.0.0.1", 5060],
  ["sip:bob@10.0.0.2;tag=1", "10.0.0.2", 5060],
] as const;

for (const [text, hostname, port] of URIS) {
  Deno.test(`placeIn() finds host and port of ${text}`, () => {
    deepStrictEqual(placeIn(uriIn(text)), { hostname, port });
  });
}
