import { equal, throws } from "node:assert/strict";
import { requestOf, responseOf } from "../../tests/support/sip_messages.ts";
import { decodeLatin1 } from "../base/text.ts";
import { makeHeader, setHeader, withRequestUri, withStatus } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { serializeMessage } from "./serialize_message.ts";

Deno.test("serializeMessage() writes lines as they were and CRLF behind each", () => {
  const request = requestOf(["MESSAGE sip:b SIP/2.0", "v :a", "X: 1\n 2", "l:2"], "\n\0");
  equal(
    decodeLatin1(serializeMessage(request)),
    "MESSAGE sip:b SIP/2.0\r\nv :a\r\nX: 1\r\n 2\r\nl:2\r\n\r\n\n\0",
  );
});

Deno.test("serializeMessage() adds nothing", () => {
  equal(
    decodeLatin1(serializeMessage(responseOf(["SIP/2.0 200 OK"]))),
    "SIP/2.0 200 OK\r\n\r\n",
  );
});

Deno.test("serializeMessage() lets a quoted NUL through as it came", () => {
  const line = 'To: "a\\\0" <sip:b>';
  const request = requestOf(["MESSAGE sip:b SIP/2.0", line]);
  equal(decodeLatin1(serializeMessage(request)), `MESSAGE sip:b SIP/2.0\r\n${line}\r\n\r\n`);
});

Deno.test("serializeMessage() throws on text that would begin a line or end a string (R9)", () => {
  const request = requestOf(["MESSAGE sip:b SIP/2.0", "Via: a"]);
  const response = responseOf(["SIP/2.0 200 OK"]);
  const field = makeHeader("X", "1");
  const rows: readonly (readonly [string, SipMessage])[] = [
    ["LF in a value", setHeader(request, "X", "1\nRoute: <sip:evil>")],
    ["CRLF in a value", setHeader(request, "X", "1\r\nRoute: <sip:evil>")],
    ["CRLF and a blank in a value", setHeader(request, "X", "1\r\n folded")],
    ["CR in a value", setHeader(request, "X", "1\r2")],
    ["NUL in a value", setHeader(request, "X", "1\x002")],
    ["LF in a name", setHeader(request, "X\nY", "1")],
    ["LF at the end of a line", { ...request, headers: [{ ...field, line: "X: 1\n" }] }],
    ["LF without CR before a fold", { ...request, headers: [{ ...field, line: "X: 1\n 2" }] }],
    ["CR at the end of a line", { ...request, headers: [{ ...field, line: "X: 1\r" }] }],
    ["CRLF in a Request-URI", withRequestUri(request, "sip:b SIP/2.0\r\nX: y")],
    ["NUL in a Request-URI", withRequestUri(request, "sip:\0@b")],
    ["LF in a reason phrase", withStatus(response, { statusCode: 200, reasonPhrase: "O\nK" })],
  ];
  for (const [what, message] of rows) {
    throws(() => serializeMessage(message), /^Error: Cannot serialize (header|start line)/, what);
  }
});

Deno.test("serializeMessage() throws on characters that are no octets", () => {
  const request = setHeader(requestOf(["MESSAGE sip:b SIP/2.0"]), "User-Agent", "\u010a");
  throws(() => serializeMessage(request), RangeError);
});
