import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { encodeLatin1 } from "../../src/base/text.ts";
import { forbiddenAt } from "../../src/sip/header_section.ts";
import { makeHeader, setHeader, withRequestUri } from "../../src/sip/headers.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import { serializeMessage } from "../../src/sip/serialize_message.ts";
import {
  ALICE,
  type From,
  incomingText,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
} from "../support/phone_world.ts";
import { requestOf } from "../support/sip_messages.ts";

/** Texts that would begin a new line, were anybody to unescape them (R9). */
const INJECTIONS: readonly string[] = [
  "%0d%0aVia:%20SIP/2.0/UDP%206.6.6.6",
  "%0D%0A%0D%0Av=0",
  "%0a",
  "%0d",
  "%00",
  "%250d%250a",
  "%c0%8a",
  "\\r\\n",
];

/** Places in a message where foreign text ends up in an output field. */
const PLACES: readonly (readonly [string, (text: string) => string, From])[] = [
  ["the Request-URI", (text) => requestText({ uri: `sip:${text}@192.0.2.10:5070` }), ALICE],
  ["From", (text) => requestText({ from: `<sip:${text}@192.0.2.10>;tag=a` }), ALICE],
  ["a display name", (text) => requestText({ from: `"${text}" <sip:a@192.0.2.10>;tag=a` }), ALICE],
  ["To", (text) => requestText({ to: `<sip:${text}@192.0.2.10>` }), ALICE],
  ["Contact", (text) => requestText({ headers: [`Contact: <sip:${text}@10.0.0.10:5062>`] }), ALICE],
  [
    "a parameter of Contact",
    (text) => requestText({ headers: [`Contact: <sip:a@10.0.0.10;x=${text}>;y="${text}"`] }),
    ALICE,
  ],
  [
    "the branch",
    (text) => requestText({ via: `SIP/2.0/UDP 10.0.0.10:5062;branch="${text}"` }),
    ALICE,
  ],
  ["Call-ID", (text) => requestText({ callId: text }), ALICE],
  ["Proxy-Require", (text) => requestText({ headers: [`Proxy-Require: ${text}`] }), ALICE],
  [
    "Refer-To",
    (text) => requestText({ method: "REFER", headers: [`Refer-To: <sip:${text}@10.0.0.10>`] }),
    ALICE,
  ],
  ["Route", (text) => requestText({ headers: [`Route: <sip:${text}@192.0.2.10;lr>`] }), ALICE],
  [
    "Record-Route",
    (text) => requestText({ headers: [`Record-Route: <sip:${text}@192.0.2.10;lr>`] }),
    ALICE,
  ],
  [
    "the caller's From",
    (text) => incomingText({ from: `"${text}" <sip:${text}@192.0.2.10>;tag=x` }),
    PROVIDER,
  ],
  [
    "an unknown callee",
    (text) => incomingText({ uri: `sip:${text}@192.0.2.1`, to: `<sip:${text}@h>` }),
    PROVIDER,
  ],
  [
    "the origin of SDP",
    (text) => requestText({ body: sdpText("10.0.0.10", 4000).replace("phone", text) }),
    ALICE,
  ],
];

for (const [where, make, from] of PLACES) {
  Deno.test(`runPipeline() lets nothing in ${where} begin a line of its own (R9)`, () => {
    for (const injection of INJECTIONS) {
      const text = make(injection);
      const plain = make("plain");
      const [sent] = sendsOf(phoneWorld().receive(text, from));
      const [wanted] = sendsOf(phoneWorld().receive(plain, from));
      strictEqual(headLines(sent?.text), headLines(wanted?.text), injection);
    }
  });
}

/** Number of lines in the head of a message that has nothing forbidden in it. */
function headLines(text: string | undefined): number {
  if (text === undefined) return -1;
  const head = text.slice(0, text.indexOf("\r\n\r\n"));
  strictEqual(forbiddenAt(head), -1);
  strictEqual(head.replaceAll("\r\n", "").includes("\n"), false);
  return head.split("\r\n").length;
}

/** Octets that may not pass, raw; a CR before LF is a line end and no injection. */
const RAW: readonly (readonly [string, string])[] = [
  ["a bare CR", "a\rb"],
  ["a NUL", "a\0b"],
  ["a CR before a fold", "a\r\r\n b"],
];

for (const [what, raw] of RAW) {
  Deno.test(`runPipeline() forwards no header with ${what}`, () => {
    for (const [, make, from] of PLACES.slice(1, -1)) {
      const [sent] = sendsOf(phoneWorld().receive(make(raw), from));
      if (sent === undefined) continue;
      strictEqual(sent.startLine.startsWith("SIP/2.0 4"), true, sent.startLine);
      strictEqual(headLines(sent.text) > 0, true);
      strictEqual(sent.text.includes(raw), false);
    }
  });
}

/** A NUL behind a backslash is legal in a quoted-string, and nowhere else. */
Deno.test("parseMessage() refuses a NUL behind a backslash in a start line", () => {
  for (
    const startLine of ["SIP/2.0 200 a\\\0b", "OPTIONS sip:a\\\0b@c SIP/2.0", "SIP/2.0 200 \\\0"]
  ) {
    const parsed = parseMessage(encodeLatin1(`${startLine}\r\n\r\n`), "datagram");
    deepStrictEqual(parsed.ok ? "ok" : [parsed.error.reason, parsed.error.partial], [
      "Cannot parse start line: bare CR or NUL",
      undefined,
    ]);
  }
});

Deno.test("runPipeline() drops a response whose reason phrase holds a backslash and NUL", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText(), ALICE));
  const head = invite?.text.slice(invite.text.indexOf("\r\n")) ?? "";
  deepStrictEqual(sendsOf(world.receive(`SIP/2.0 200 a\\\0b${head}`, PROVIDER)), []);
});

/** Line ends that an editor of ours might let through. */
const LINE_ENDS: readonly string[] = ["a\r\nb", "a\nb", "a\rb", "a\0b", "\n", "a\r\n"];

for (const text of LINE_ENDS) {
  Deno.test(`serializeMessage() throws rather than write ${JSON.stringify(text)}`, () => {
    const message = requestOf(["OPTIONS sip:a@b SIP/2.0", "X-A: 1"]);
    const inner = `x${text}y`;
    throws(() => serializeMessage(setHeader(message, "X-A", inner)), /Cannot serialize header/);
    throws(() => serializeMessage(setHeader(message, "X-B", inner)), /Cannot serialize header/);
    throws(
      () => serializeMessage(withRequestUri(message, `sip:${inner}`)),
      /Cannot serialize start line/,
    );
    throws(
      () => serializeMessage({ ...message, headers: [makeHeader(`X${text}`, "1")] }),
      /Cannot serialize/,
    );
  });
}

Deno.test("serializeMessage() writes folds that were received", () => {
  const message = requestOf(["OPTIONS sip:a@b SIP/2.0", "X-A: 1\r\n 2\r\n\t3"]);
  strictEqual(message.headers[0]?.value, "1 2 3");
  strictEqual(
    serializeMessage(message).length,
    "OPTIONS sip:a@b SIP/2.0\r\nX-A: 1\r\n 2\r\n\t3\r\n\r\n".length,
  );
});
