import { deepEqual, equal } from "node:assert/strict";
import { decodeLatin1 } from "../base/text.ts";
import { checkMessage } from "./check_message.ts";
import { listValues } from "./headers.ts";
import type { SipMessage } from "./message.ts";
import { type Framing, parseMessage } from "./parse_message.ts";
import { buildMalformedResponse } from "./respond.ts";
import { serializeMessage } from "./serialize_message.ts";
import { StreamFramer } from "./stream_framer.ts";
import { uriParameter } from "./uri.ts";

const FIXTURES = new URL("../../fixtures/sip/", import.meta.url);

type Folder = "valid" | "invalid";

function namesIn(folder: Folder): readonly string[] {
  const entries = [...Deno.readDirSync(new URL(`${folder}/`, FIXTURES))];
  return entries.map(({ name }) => name.replace(".sip", "")).sort();
}

function readFixture(folder: Folder, name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`${folder}/${name}.sip`, FIXTURES));
}

function parseFixture(name: string): SipMessage {
  const parsed = parseMessage(readFixture("valid", name), "datagram");
  if (!parsed.ok) throw new Error(`${name}: ${parsed.error.reason}`);
  return parsed.value;
}

/** Fixtures that go out otherwise than they came in, and what their octets become. */
const REWRITTEN: Readonly<Record<string, (text: string) => string>> = {
  dblreq: (text) => text.slice(0, text.indexOf("INVITE sip:joe")),
  leading_line_ends: (text) => text.slice(4),
  lf_only: (text) => text.replaceAll("\n", "\r\n"),
  lower_case_version: (text) => text.replace("sip/2.0\r\nTo", "SIP/2.0\r\nTo"),
  missing_empty_line: (text) => `${text}\r\n`,
};

Deno.test("parseMessage() and checkMessage() accept every valid fixture", () => {
  const names = namesIn("valid");
  equal(names.length >= 52, true);
  for (const name of names) {
    const checked = checkMessage(parseFixture(name));
    equal(checked.ok ? "ok" : checked.error.reason, "ok", name);
  }
});

Deno.test("serializeMessage() gives back the octets of every valid fixture", () => {
  for (const name of namesIn("valid")) {
    const received = decodeLatin1(readFixture("valid", name));
    const expected = REWRITTEN[name]?.(received) ?? received;
    equal(decodeLatin1(serializeMessage(parseFixture(name))), expected, name);
  }
});

Deno.test("serializeMessage() and parseMessage() are inverse for every valid fixture", () => {
  for (const name of namesIn("valid")) {
    const message = parseFixture(name);
    deepEqual(parseMessage(serializeMessage(message), "datagram"), { ok: true, value: message });
  }
});

Deno.test("StreamFramer.push() finds every valid fixture that has a Content-Length", () => {
  const unframed = ["dblreq", "inv2543", "missing_empty_line", "no_content_length"];
  for (const name of namesIn("valid").filter((name) => !unframed.includes(name))) {
    const message = parseFixture(name);
    const octets = serializeMessage(message);
    const data = new StreamFramer().push(octets).map((event) =>
      event.kind === "message" && event.data
    );
    deepEqual(data, [octets], name);
    deepEqual(parseMessage(octets, "stream"), { ok: true, value: message }, name);
  }
});

interface Outcome {
  readonly by: "parse" | "check";
  readonly kind?: "not-sip" | "malformed";
  readonly statusCode: number;
  /** Whether a stateless answer can be built. */
  readonly answer: "possible" | "impossible";
  readonly reason: string;
}

function outcomeOf(name: string, framing: Framing): Outcome | "accepted" {
  const parsed = parseMessage(readFixture("invalid", name), framing);
  if (!parsed.ok) {
    const { kind, statusCode, reason, partial } = parsed.error;
    const answer = partial === undefined
      ? "impossible"
      : buildMalformedResponse(partial, { statusCode, toTag: "t" }).ok
      ? "possible"
      : "impossible";
    return { by: "parse", kind, statusCode, answer, reason };
  }
  const checked = checkMessage(parsed.value);
  if (checked.ok) return "accepted";
  const { statusCode, reason } = checked.error;
  const isAnswered = parsed.value.kind === "request" &&
    buildMalformedResponse(parsed.value, { statusCode, toTag: "t" }).ok;
  return { by: "check", statusCode, answer: isAnswered ? "possible" : "impossible", reason };
}

function refused(reason: string): Outcome {
  return { by: "check", statusCode: 400, answer: "possible", reason };
}

function dropped(reason: string): Outcome {
  return { by: "check", statusCode: 400, answer: "impossible", reason };
}

function malformed(reason: string, statusCode = 400): Outcome {
  return { by: "parse", kind: "malformed", statusCode, answer: "possible", reason };
}

function malformedUnanswered(reason: string): Outcome {
  return { by: "parse", kind: "malformed", statusCode: 400, answer: "impossible", reason };
}

function notSip(why: string): Outcome {
  const reason = `Cannot parse message: ${why}`;
  return { by: "parse", kind: "not-sip", statusCode: 400, answer: "impossible", reason };
}

const BLANK_IN_URI = "Cannot parse Request-Line: blank in the Request-URI";
const BAD_STATUS = "Cannot parse Status-Line: status code is not 100 … 699";
const CSEQ_TOO_HIGH = "Cannot use CSeq: highest number is 2147483647";
const NO_FIELD = "Cannot parse header field: missing name or colon at offset";
const NO_DIGITS = "Cannot parse Content-Length: not a number of digits";
const NO_START_LINE = "first line is no SIP start line";

/** What becomes of each invalid fixture in a datagram; RFC 4475's and RFC 5118's are named as there. */
const OUTCOMES: Readonly<Record<string, Outcome>> = {
  badaspec: refused(
    'Cannot parse To: Cannot parse URI " sip:t.watson@example.org ": no scheme',
  ),
  baddn: refused(
    'Cannot parse From: Cannot parse URI "Bell, Alexander <sip:a.g.bell@example.com>": no scheme',
  ),
  badinv01: refused("Cannot parse Via: Cannot parse parameters: empty name at offset 22"),
  badvers: malformed('Cannot use SIP version "SIP/7.0": only 2.0 is known', 505),
  bare_cr_in_header: malformed("Cannot parse header section: bare CR at offset 186"),
  bigcode: malformedUnanswered(BAD_STATUS),
  clerr: malformed("Cannot read body: 151 octets of 9999"),
  contact_stray_quote: refused(
    "Cannot parse Contact: Cannot parse parameters: unexpected character at offset 22",
  ),
  content_length_huge: malformed("Cannot use Content-Length: highest is 2147483647"),
  content_length_signed: malformed(NO_DIGITS),
  empty_call_id: dropped("Cannot parse Call-ID: empty, or a blank inside"),
  escruri: refused("Cannot use Request-URI: header part is not allowed"),
  fold_after_start_line: malformed(`${NO_FIELD} 38`),
  header_without_colon: malformed(`${NO_FIELD} 219`),
  header_without_name: malformed(`${NO_FIELD} 218`),
  http_post: notSip(NO_START_LINE),
  insuf: dropped("Cannot use message: missing From"),
  ipv6_bad: refused(
    'Cannot use Request-URI: Cannot parse URI "sip:2001:db8::10": ' +
      'Cannot parse port "db8::10": not 1 … 65535',
  ),
  keep_alive: notSip("no line end"),
  long_header_line: malformed("Cannot parse header field: longer than 8192 octets"),
  long_request_line: malformed("Cannot use Request-Line: longer than 8192 octets", 414),
  ltgtruri: refused(
    'Cannot use Request-URI: Cannot parse URI "<sip:user@example.com>": no scheme',
  ),
  lwsruri: malformed(BLANK_IN_URI),
  lwsstart: malformed(BLANK_IN_URI),
  mcl01: malformed("Cannot find end of message: more than one Content-Length"),
  mismatch01: refused('Cannot use CSeq: method "INVITE" in a "OPTIONS" request'),
  mismatch02: refused('Cannot use CSeq: method "INVITE" in a "NEWMETHOD" request'),
  missing_request_uri: malformed("Cannot parse Request-Line: missing Request-URI"),
  missing_via: dropped("Cannot use message: missing Via"),
  multi01: refused("Cannot use message: more than one cseq"),
  ncl: malformed(NO_DIGITS),
  nul_in_header: malformed("Cannot parse header section: NUL at offset 187"),
  only_blanks: notSip(NO_START_LINE),
  quotbal: refused("Cannot parse To: Cannot parse address: display name is not well formed"),
  regbadct: refused(
    'Cannot parse Contact: Cannot parse address: "?" or "," in a URI without brackets',
  ),
  rport_too_large: refused("Cannot parse Via: rport is not 0 … 65535"),
  scalar02: refused(CSEQ_TOO_HIGH),
  scalarlg: dropped(CSEQ_TOO_HIGH),
  short_start_line: notSip(NO_START_LINE),
  star_and_contact: refused('Cannot parse Contact: Cannot parse URI "*": no scheme'),
  start_line_alone: notSip("no line end"),
  status_code_too_small: malformedUnanswered(BAD_STATUS),
  stun_binding: notSip(NO_START_LINE),
  too_many_headers: malformed(
    "Cannot parse header section: more than 256 header fields",
  ),
  too_many_vias: refused("Cannot use message: more than 64 Via"),
  truncated_in_header: malformedUnanswered(
    "Cannot parse header section: last line has no line end",
  ),
  trws: malformed("Cannot parse Request-Line: blank after the version"),
  two_branches: refused("Cannot parse Via: more than one branch"),
  two_from_tags: refused("Cannot parse From: more than one tag"),
  via_http: refused("Cannot parse Via: protocol is not SIP"),
};

Deno.test("parseMessage() and checkMessage() refuse every invalid fixture for its own reason", () => {
  deepEqual(namesIn("invalid"), Object.keys(OUTCOMES).sort());
  for (const [name, outcome] of Object.entries(OUTCOMES)) {
    deepEqual(outcomeOf(name, "datagram"), outcome, name);
  }
});

Deno.test("parseMessage() and checkMessage() accept no invalid fixture on a stream either", () => {
  for (const name of namesIn("invalid")) {
    equal(outcomeOf(name, "stream") === "accepted", false, name);
  }
});

Deno.test("StreamFramer.push() waits for clerr and closes on ncl and mcl01", () => {
  const rows: readonly (readonly [string, readonly string[], "nothing" | "more"])[] = [
    ["clerr", [], "more"],
    ["ncl", ["error"], "nothing"],
    ["mcl01", ["error"], "nothing"],
    ["http_post", ["error"], "nothing"],
    ["stun_binding", ["error"], "nothing"],
  ];
  for (const [name, kinds, owed] of rows) {
    const framer = new StreamFramer();
    const events = framer.push(readFixture("invalid", name));
    deepEqual(events.map((event) => event.kind), kinds, name);
    equal(framer.pendingBytes > 0 ? "more" : "nothing", owed, name);
  }
});

Deno.test("parseMessage() reads the meaning of wsinv through its folds (RFC 4475 §3.1.1.1)", () => {
  const message = parseFixture("wsinv");
  const checked = checkMessage(message);
  if (!checked.ok) throw new Error(checked.error.reason);
  const { topmostVia, viaCount, callId, cseq, fromTag, toTag } = checked.value;
  deepEqual({ host: topmostVia.host, viaCount, callId, cseq, fromTag, toTag }, {
    host: "192.0.2.2",
    viaCount: 3,
    callId: "wsinv.fixture@192.0.2.1",
    cseq: { number: 9, method: "INVITE" },
    fromTag: "31415q",
    toTag: "27182818284x",
  });
  deepEqual(listValues(message, "contact"), [
    '"Quoted string \\"\\"" <sip:escher@example.com> ; newparam = newvalue ; secondparam ; q = 0.33',
  ]);
  deepEqual(listValues(message, "newfangledheader"), [
    "newfangled value continued newfangled value",
  ]);
});

Deno.test("checkMessage() keeps escaped users opaque (RFC 4475 §3.1.1.3 to §3.1.1.5)", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["esc01", "INVITE", "sip:sips%3Auser%40example.com@example.net"],
    ["escnull", "REGISTER", "sip:example.com"],
    ["esc02", "RE%47IST%45R", "sip:registrar.example.com"],
  ];
  for (const [name, method, requestUri] of rows) {
    const checked = checkMessage(parseFixture(name));
    if (!checked.ok || checked.value.kind !== "request") throw new Error(name);
    equal(checked.value.message.method, method);
    equal(checked.value.requestUri.text, requestUri);
    equal(checked.value.requestUri.kind === "sip" && checked.value.requestUri.scheme, "sip");
  }
});

Deno.test("checkMessage() tells header from URI parameters (RFC 4475 §3.3.12, §3.3.13)", () => {
  const rows: readonly (readonly [string, string | undefined, number])[] = [
    ["cparam01", undefined, 1],
    ["cparam02", "", 0],
  ];
  for (const [name, inUri, headerParameters] of rows) {
    const checked = checkMessage(parseFixture(name));
    const contact = checked.ok ? checked.value.contacts?.contacts[0] : undefined;
    if (contact?.uri.kind !== "sip") throw new Error(name);
    equal(uriParameter(contact.uri, "unknownparam"), inUri);
    equal(contact.parameters.length, headerParameters);
  }
});

Deno.test("parseMessage() takes the first of two requests in a datagram (RFC 4475 §3.1.1.8)", () => {
  const message = parseFixture("dblreq");
  equal(message.kind === "request" && message.method, "REGISTER");
  equal(message.body, "");
});

Deno.test("parseMessage() sees through blanks before colons (R8)", () => {
  const message = parseFixture("space_before_colon");
  deepEqual(message.headers.map((field) => field.key), [
    "via",
    "x-bypass-me",
    "from",
    "to",
    "call-id",
    "cseq",
    "content-length",
  ]);
});
