import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decodeLatin1, encodeLatin1 } from "../../src/base/text.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import type { CoreWorld } from "../support/core_world.ts";
import {
  ALICE,
  answerText,
  type From,
  incomingText,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
} from "../support/phone_world.ts";
import { Dice } from "./dice.ts";

/** Lines that no stage has any business with, in every spelling that is legal. */
const FOREIGN_LINES: readonly string[] = [
  "X-Simple: 1",
  "X-No-Blank:1",
  "X-Blanks  :   1   ",
  "X-Tab\t:\t1\t",
  "X-Empty:",
  "X-Folded: one\r\n two\r\n\tthree",
  "X-Folded-At-Once:\r\n one",
  "x-LOWER-upper: mIxEd",
  "X-Octets: \x80\xa0\xff\xc3\xa9",
  'X-Quoted: "a, b; c \\" d" <x>',
  "X-Commas: a,b ,, c",
  "X-Percent: %0d%0aVia: SIP/2.0/UDP 6.6.6.6",
  'Authorization: Digest username="alice", realm="x", nonce="10.0.0.10", uri="sip:10.0.0.10"',
  'Proxy-Authorization: Digest response="00"',
  "Identity: abc=;info=<https://10.0.0.10/cert>;alg=ES256",
  "Date: Thu, 21 Feb 2002 13:02:03 GMT",
  "Subject: 10.0.0.10 calls",
  "s: compact subject",
  "Supported: 100rel, timer",
  "k: replaces",
  "Allow: INVITE, ACK",
  "Require: nothing",
  "Timestamp: 54.5",
  'P-Asserted-Identity: "Alice" <sip:alice@10.0.0.10>',
  "Alert-Info: <http://10.0.0.10/ring>",
  "History-Info: <sip:alice@10.0.0.10>;index=1",
  'Warning: 399 10.0.0.10 "odd"',
  "Server: something/1.0",
  "Session-Expires: 1800;refresher=uac",
  "Min-SE: 90",
  "Organization: \xe4\xf6\xfc",
  "Priority: normal",
  "Reason: Q.850;cause=16",
  "Accept: application/sdp",
  "Retry-After: 18000;duration=3600",
];

/** Sends a message that carries lines, and gives those lines as they left. */
function passed(
  world: CoreWorld,
  message: { readonly text: string; readonly from: From },
): readonly string[] {
  const parsed = parseMessage(encodeLatin1(message.text), "datagram");
  if (!parsed.ok) throw new Error(parsed.error.reason);
  const own = new Set(FOREIGN_LINES);
  const sent = sendsOf(world.receive(message.text, message.from));
  strictEqual(sent.length, 1);
  const left = parseMessage(encodeLatin1(sent[0]?.text ?? ""), "datagram");
  if (!left.ok) throw new Error(left.error.reason);
  return left.value.headers.map(({ line }) => line).filter((line) => own.has(line));
}

const body = sdpText("10.0.0.10", 4000);
const contact = "Contact: <sip:alice@10.0.0.10:5062;line=abc>";

Deno.test("runPipeline() passes foreign lines of a request from a phone byte for byte", () => {
  const world = phoneWorld();
  const text = requestText({ headers: [contact, ...FOREIGN_LINES], body });
  deepStrictEqual(passed(world, { text, from: ALICE }), FOREIGN_LINES);
});

Deno.test("runPipeline() passes foreign lines of a request from outside byte for byte", () => {
  const world = phoneWorld();
  const headers = ["Contact: <sip:bob@192.0.2.10:5070>", ...FOREIGN_LINES];
  const text = incomingText({ headers, body: sdpText("192.0.2.10", 6000) });
  deepStrictEqual(passed(world, { text, from: PROVIDER }), FOREIGN_LINES);
});

Deno.test("runPipeline() passes foreign lines of a response from outside byte for byte", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText({ headers: [contact], body }), ALICE));
  const text = answerText(invite?.text ?? "", "200 OK", {
    headers: FOREIGN_LINES,
    body: sdpText("192.0.2.10", 6000),
  });
  deepStrictEqual(passed(world, { text, from: PROVIDER }), FOREIGN_LINES);
});

Deno.test("runPipeline() passes foreign lines of a response from a phone byte for byte", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(
    world.receive(incomingText({ body: sdpText("192.0.2.10", 6000) }), PROVIDER),
  );
  const text = answerText(invite?.text ?? "", "200 OK", {
    headers: [contact, ...FOREIGN_LINES],
    body,
  });
  deepStrictEqual(passed(world, { text, from: ALICE }), FOREIGN_LINES);
});

const METHODS = [
  "MESSAGE",
  "INFO",
  "NOTIFY",
  "PUBLISH",
  "REFER",
  "SUBSCRIBE",
  "BYE",
  "FOO",
] as const;

for (const method of METHODS) {
  Deno.test(`runPipeline() passes foreign lines and the body of ${method} both ways`, () => {
    const world = phoneWorld();
    const headers = ["Content-Type: application/octet-stream", ...FOREIGN_LINES];
    for (const [make, from] of [[requestText, ALICE], [incomingText, PROVIDER]] as const) {
      const text = make({ method, headers: headers.filter((line) => line !== "") })
        .replace("Content-Length: 0\r\n\r\n", "Content-Length: 7\r\n\r\n\0\r\n\xff\n10");
      const [sent] = sendsOf(world.receive(text, from));
      strictEqual(sent?.text.endsWith("\r\n\r\n\0\r\n\xff\n10"), true);
      deepStrictEqual(FOREIGN_LINES.filter((line) => !sent?.text.includes(`\r\n${line}\r\n`)), []);
    }
  });
}

Deno.test("runPipeline() keeps foreign lines in their order, wherever they stand", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const dice = new Dice(seed);
    const lines = [...new Set(dice.times(dice.between(1, 12), () => dice.pick(FOREIGN_LINES)))];
    const [head = "", rest = ""] = requestText({ method: "MESSAGE", headers: [contact] }).split(
      "\r\nMax-Forwards",
    );
    const cut = dice.below(lines.length + 1);
    const text = `${head}\r\n${[...lines.slice(0, cut), "Max-Forwards"].join("\r\n")}${
      rest.replace(
        "\r\nContent-Length",
        `\r\n${[...lines.slice(cut), "Content-Length"].join("\r\n")}`,
      )
    }`;
    deepStrictEqual(passed(phoneWorld(), { text, from: ALICE }), lines);
  }
});

Deno.test("runPipeline() passes an ended header section of LF only with CRLF", () => {
  const text = requestText({ method: "MESSAGE", headers: ["X-A: 1", "X-B: 2"] }).replaceAll(
    "\r\n",
    "\n",
  );
  const [sent] = sendsOf(phoneWorld().receive(text, ALICE));
  strictEqual(sent?.text.includes("\r\nX-A: 1\r\nX-B: 2\r\n"), true);
  strictEqual(
    decodeLatin1(encodeLatin1(sent?.text ?? "")).replaceAll("\r\n", "").includes("\n"),
    false,
  );
});
