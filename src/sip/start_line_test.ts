import { deepEqual } from "node:assert/strict";
import { parseStartLine } from "./start_line.ts";

Deno.test("parseStartLine() reads request lines", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["INVITE sip:a@b SIP/2.0", "INVITE", "sip:a@b"],
    ["RE%47IST%45R sip:b SIP/2.0", "RE%47IST%45R", "sip:b"],
    ["OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0", "OPTIONS", "soap.beep://192.0.2.103:3002"],
    ["OPTIONS <sip:a@b> sip/2.0", "OPTIONS", "<sip:a@b>"],
  ];
  for (const [line, method, requestUri] of rows) {
    deepEqual(parseStartLine(line), { kind: "request-line", method, requestUri, fault: undefined });
  }
});

Deno.test("parseStartLine() names the fault of a request line", () => {
  const blankInUri = {
    statusCode: 400,
    reason: "Cannot parse Request-Line: blank in the Request-URI",
  };
  const rows: readonly (readonly [string, string, { statusCode: number; reason: string }])[] = [
    ["INVITE sip:a@b; lr SIP/2.0", "sip:a@b; lr", blankInUri],
    ["INVITE  sip:a@b  SIP/2.0", " sip:a@b ", blankInUri],
    ["INVITE sip:a\t@b SIP/2.0", "sip:a\t@b", blankInUri],
    ["INVITE sip:a@b SIP/2.0 ", "sip:a@b", {
      statusCode: 400,
      reason: "Cannot parse Request-Line: blank after the version",
    }],
    ["INVITE  SIP/2.0", "", {
      statusCode: 400,
      reason: "Cannot parse Request-Line: missing Request-URI",
    }],
    ["INVITE SIP/2.0", "", {
      statusCode: 400,
      reason: "Cannot parse Request-Line: missing Request-URI",
    }],
    ["INVITE sip:a@b SIP/7.0", "sip:a@b", {
      statusCode: 505,
      reason: 'Cannot use SIP version "SIP/7.0": only 2.0 is known',
    }],
    ["INVITE sip:a@b SIP/2.01", "sip:a@b", {
      statusCode: 505,
      reason: 'Cannot use SIP version "SIP/2.01": only 2.0 is known',
    }],
  ];
  for (const [line, requestUri, fault] of rows) {
    const method = "INVITE";
    deepEqual(parseStartLine(line), { kind: "request-line", method, requestUri, fault }, line);
  }
});

Deno.test("parseStartLine() refuses a request line over 8192 octets with 414", () => {
  const requestUri = `sip:${"a".repeat(8192)}`;
  deepEqual(parseStartLine(`INVITE ${requestUri} SIP/2.0`), {
    kind: "request-line",
    method: "INVITE",
    requestUri,
    fault: { statusCode: 414, reason: "Cannot use Request-Line: longer than 8192 octets" },
  });
});

Deno.test("parseStartLine() reads status lines", () => {
  const rows: readonly (readonly [string, number, string])[] = [
    ["SIP/2.0 200 OK", 200, "OK"],
    ["SIP/2.0 100 ", 100, ""],
    ["SIP/2.0 100", 100, ""],
    ["sip/2.0 699 Why not", 699, "Why not"],
    ["SIP/2.0 200 = 2**3 * 5**2 \u00d0\u00bd", 200, "= 2**3 * 5**2 \u00d0\u00bd"],
  ];
  for (const [line, statusCode, reasonPhrase] of rows) {
    const expected = { kind: "status-line", statusCode, reasonPhrase, fault: undefined } as const;
    deepEqual(parseStartLine(line), expected);
  }
});

Deno.test("parseStartLine() names the fault of a status line", () => {
  const badCode = "Cannot parse Status-Line: status code is not 100 … 699";
  const badVersion = "Cannot parse Status-Line: unknown version";
  const rows: readonly (readonly [string, number, string, string])[] = [
    ["SIP/2.0 4294967301 better not break", 429, "967301 better not break", badCode],
    ["SIP/2.0 099 Nothing", 0, "Nothing", badCode],
    ["SIP/2.0 700 Over", 0, "Over", badCode],
    ["SIP/2.0 20", 0, "", badCode],
    ["SIP/2.0  200 OK", 0, " OK", badCode],
    ["SIP/2.0 +20 OK", 0, "OK", badCode],
    ["SIP/3.0 200 OK", 200, "OK", badVersion],
    ["SIP/2.0", 0, "", badVersion],
    ["SIP/", 0, "", badVersion],
  ];
  for (const [line, statusCode, reasonPhrase, reason] of rows) {
    deepEqual(parseStartLine(line), {
      kind: "status-line",
      statusCode,
      reasonPhrase,
      fault: { statusCode: 400, reason },
    }, line);
  }
});

Deno.test("parseStartLine() calls lines of other protocols foreign", () => {
  const rows: readonly string[] = [
    "",
    "   ",
    "I",
    "GET / HTTP/1.1",
    "POST /sip HTTP/1.1",
    "INVITE sip:a@b",
    "INVITE sip:a@b SIPS/2.0",
    "IN(VITE sip:a@b SIP/2.0",
    " INVITE sip:a@b SIP/2.0",
    "\x16\x03\x01\x02\x00",
    "HTTP/1.1 200 OK",
  ];
  for (const line of rows) deepEqual(parseStartLine(line), { kind: "foreign" }, line);
});
