import { deepEqual, equal } from "node:assert/strict";
import { wire } from "../../tests/support/sip_messages.ts";
import { encodeLatin1 } from "../base/text.ts";
import { parseMessage } from "./parse_message.ts";

Deno.test("parseMessage() gives a request with its parts as written", () => {
  const data = wire(["MESSAGE sip:b@b.example SIP/2.0", "v: SIP/2.0/UDP a", "l: 4"], "hell");
  deepEqual(parseMessage(data, "datagram"), {
    ok: true,
    value: {
      kind: "request",
      method: "MESSAGE",
      requestUri: "sip:b@b.example",
      startLine: "MESSAGE sip:b@b.example SIP/2.0",
      headers: [
        { key: "via", name: "v", value: "SIP/2.0/UDP a", line: "v: SIP/2.0/UDP a" },
        { key: "content-length", name: "l", value: "4", line: "l: 4" },
      ],
      body: "hell",
    },
  });
});

Deno.test("parseMessage() gives a response with its parts as written", () => {
  deepEqual(parseMessage(wire(["SIP/2.0 486 Busy Here"]), "datagram"), {
    ok: true,
    value: {
      kind: "response",
      statusCode: 486,
      reasonPhrase: "Busy Here",
      startLine: "SIP/2.0 486 Busy Here",
      headers: [],
      body: "",
    },
  });
});

Deno.test("parseMessage() writes the version in upper case", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["OPTIONS sip:b sip/2.0", "OPTIONS sip:b SIP/2.0"],
    ["Sip/2.0 200 sip/2.0", "SIP/2.0 200 sip/2.0"],
  ];
  for (const [line, startLine] of rows) {
    const parsed = parseMessage(wire([line]), "datagram");
    equal(parsed.ok && parsed.value.startLine, startLine);
  }
});

Deno.test("parseMessage() keeps every octet of the body", () => {
  const octets = Uint8Array.from({ length: 256 }, (_, index) => index);
  const head = wire(["MESSAGE sip:b SIP/2.0", "Content-Length: 256"]);
  const parsed = parseMessage(Uint8Array.from([...head, ...octets]), "datagram");
  deepEqual(parsed.ok && encodeLatin1(parsed.value.body), octets);
});

Deno.test("parseMessage() delimits the body by Content-Length and framing", () => {
  const missing = "Cannot find end of message: missing Content-Length";
  const double = "Cannot find end of message: more than one Content-Length";
  type Row = readonly [
    "datagram" | "stream",
    readonly string[],
    string,
    string | { error: string },
  ];
  const rows: readonly Row[] = [
    ["datagram", ["l: 3"], "abc", "abc"],
    ["datagram", ["l: 2"], "abc", "ab"],
    ["datagram", ["l: 0"], "abc", ""],
    ["datagram", [], "abc", "abc"],
    ["datagram", [], "", ""],
    ["datagram", ["l: 4"], "abc", { error: "Cannot read body: 3 octets of 4" }],
    ["datagram", ["l: 3", "l: 3"], "abc", { error: double }],
    ["datagram", ["l: 3", "Content-Length: 2"], "abc", { error: double }],
    ["datagram", ["l: -1"], "abc", {
      error: "Cannot parse Content-Length: not a number of digits",
    }],
    ["datagram", ["l: 3, 3"], "abc", {
      error: "Cannot parse Content-Length: not a number of digits",
    }],
    ["datagram", ["l: 2147483648"], "abc", {
      error: "Cannot use Content-Length: highest is 2147483647",
    }],
    ["stream", ["l: 3"], "abc", "abc"],
    ["stream", ["l: 2"], "abc", { error: "Cannot read body: 3 octets instead of 2" }],
    ["stream", ["l: 4"], "abc", { error: "Cannot read body: 3 octets of 4" }],
    ["stream", [], "", { error: missing }],
  ];
  for (const [framing, headers, body, expected] of rows) {
    const parsed = parseMessage(wire(["MESSAGE sip:b SIP/2.0", ...headers], body), framing);
    deepEqual(parsed.ok ? parsed.value.body : { error: parsed.error.reason }, expected);
  }
});

Deno.test("parseMessage() forgives a missing empty line in a datagram only", () => {
  const data = encodeLatin1("OPTIONS sip:b SIP/2.0\r\nl: 0\r\n");
  equal(parseMessage(data, "datagram").ok, true);
  const parsed = parseMessage(data, "stream");
  equal(parsed.ok || parsed.error.reason, "Cannot parse header section: missing empty line");
});

Deno.test("parseMessage() ignores line ends before the start line", () => {
  const rows: readonly string[] = ["\r\n", "\r\n\r\n", "\n\n\n"];
  for (const prefix of rows) {
    const parsed = parseMessage(encodeLatin1(`${prefix}OPTIONS sip:b SIP/2.0\r\n\r\n`), "datagram");
    equal(parsed.ok && parsed.value.startLine, "OPTIONS sip:b SIP/2.0");
  }
});

Deno.test("parseMessage() gives the readable headers of a malformed request", () => {
  const data = wire(["OPTIONS sip:b; SIP/2.0 SIP/2.0", "Via: a", "junk", "To: b", "l: 9"]);
  deepEqual(parseMessage(data, "datagram"), {
    ok: false,
    error: {
      kind: "malformed",
      statusCode: 400,
      reason: "Cannot parse Request-Line: blank in the Request-URI",
      partial: {
        kind: "request",
        method: "OPTIONS",
        requestUri: "sip:b; SIP/2.0",
        startLine: "OPTIONS sip:b; SIP/2.0 SIP/2.0",
        headers: [
          { key: "via", name: "Via", value: "a", line: "Via: a" },
          { key: "to", name: "To", value: "b", line: "To: b" },
          { key: "content-length", name: "l", value: "9", line: "l: 9" },
        ],
        body: "",
      },
    },
  });
});

Deno.test("parseMessage() gives nothing to answer a malformed response with", () => {
  const rows: readonly (readonly [readonly string[], string])[] = [
    [["SIP/2.0 999 No"], "Cannot parse Status-Line: status code is not 100 … 699"],
    [["SIP/2.0 200 OK", "l: 5"], "Cannot read body: 0 octets of 5"],
    [["SIP/2.0 200 OK", "x"], "Cannot parse header field: missing name or colon at offset 16"],
  ];
  for (const [lines, reason] of rows) {
    deepEqual(parseMessage(wire(lines), "datagram"), {
      ok: false,
      error: { kind: "malformed", statusCode: 400, reason, partial: undefined },
    });
  }
});

Deno.test("parseMessage() refuses CR and NUL in the start line without an answer", () => {
  const rows: readonly string[] = ["OPTIONS sip:a\rb SIP/2.0", "OPTIONS sip:a\0b SIP/2.0"];
  for (const line of rows) {
    deepEqual(parseMessage(wire([line, "Via: a"]), "datagram"), {
      ok: false,
      error: {
        kind: "malformed",
        statusCode: 400,
        reason: "Cannot parse start line: bare CR or NUL",
        partial: undefined,
      },
    });
  }
});

Deno.test("parseMessage() calls everything else not SIP", () => {
  const foreign = "Cannot parse message: first line is no SIP start line";
  const endless = "Cannot parse message: no line end";
  const rows: readonly (readonly [string, string])[] = [
    ["", endless],
    ["\r\n\r\n", endless],
    ["\0\0\0\0", endless],
    ["INVITE sip:b SIP/2.0", endless],
    ["GET / HTTP/1.1\r\n\r\n", foreign],
    ["  \r\n\r\n", foreign],
  ];
  for (const [text, reason] of rows) {
    deepEqual(parseMessage(encodeLatin1(text), "datagram"), {
      ok: false,
      error: { kind: "not-sip", statusCode: 400, reason, partial: undefined },
    });
  }
});

Deno.test("parseMessage() answers 413 above 64 KiB and keeps the headers for it", () => {
  const data = wire(["MESSAGE sip:b SIP/2.0", "Via: a"], "x".repeat(65536));
  const parsed = parseMessage(data, "stream");
  equal(parsed.ok, false);
  if (parsed.ok) return;
  equal(parsed.error.statusCode, 413);
  equal(parsed.error.reason, "Cannot parse message: longer than 65536 octets");
  deepEqual(parsed.error.partial?.headers.map((field) => field.line), ["Via: a"]);
});

Deno.test("parseMessage() takes a message of exactly 64 KiB", () => {
  const head = "MESSAGE sip:b SIP/2.0\r\n\r\n";
  const data = encodeLatin1(head + "x".repeat(65536 - head.length));
  equal(parseMessage(data, "datagram").ok, true);
});
