import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { encodeLatin1 } from "../../src/base/text.ts";
import { listValues } from "../../src/sip/headers.ts";
import type { SipMessage } from "../../src/sip/message.ts";
import { parseMessage } from "../../src/sip/parse_message.ts";
import {
  ALICE,
  answerText,
  type From,
  incomingText,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestText,
  sdpText,
  sendsOf,
} from "../support/phone_world.ts";

/** RFC 3261 §7.3.3. */
const COMPACT: ReadonlyMap<string, string> = new Map([
  ["Via", "v"],
  ["From", "f"],
  ["To", "t"],
  ["Call-ID", "i"],
  ["Contact", "m"],
  ["Content-Length", "l"],
  ["Content-Type", "c"],
  ["Refer-To", "r"],
]);

/** Ways to write one header that all mean the same (R8). */
const SPELLINGS: readonly (readonly [string, (name: string, value: string) => string])[] = [
  ["a blank before the colon", (name, value) => `${name} : ${value}`],
  ["a tab before the colon", (name, value) => `${name}\t:${value}`],
  ["no blank at all", (name, value) => `${name}:${value}`],
  ["many blanks", (name, value) => `${name}   :   ${value}   `],
  ["upper case", (name, value) => `${name.toUpperCase()}: ${value}`],
  ["lower case", (name, value) => `${name.toLowerCase()}: ${value}`],
  ["a fold before the value", (name, value) => `${name}:\r\n ${value}`],
  ["a fold with a tab", (name, value) => `${name}:\r\n\t${value}`],
  ["two folds", (name, value) => `${name}:\r\n \r\n ${value}`],
  ["a fold after the value", (name, value) => `${name}: ${value}\r\n `],
  ["the compact form", (name, value) => `${COMPACT.get(name) ?? name}: ${value}`],
  [
    "the compact form in upper case",
    (name, value) => `${(COMPACT.get(name) ?? name).toUpperCase()} :${value}`,
  ],
];

interface Sample {
  readonly name: string;
  readonly make: () => string;
  readonly from: From;
}

const sdp = sdpText("10.0.0.10", 4000);
const contact = "Contact: <sip:alice@10.0.0.10:5062;line=abc>";

const SAMPLES: readonly Sample[] = [
  {
    name: "INVITE of a phone",
    from: ALICE,
    make: () => requestText({ headers: [contact], body: sdp }),
  },
  {
    name: "INVITE with routes",
    from: ALICE,
    make: () =>
      requestText({
        headers: [
          contact,
          "Route: <sip:siproxd@10.0.0.1:5060;lr>, <sip:192.0.2.10:5070;lr>",
          "Record-Route: <sip:siproxd@192.0.2.1:5060;lr>",
          "Refer-To: <sip:alice@10.0.0.10>",
          "User-Agent: phone",
        ],
      }),
  },
  {
    name: "INVITE from outside",
    from: PROVIDER,
    make: () =>
      incomingText({
        headers: ["Contact: <sip:bob@192.0.2.10:5070>"],
        body: sdpText("192.0.2.10", 6000),
      }),
  },
  {
    name: "request that is refused",
    from: ALICE,
    make: () => requestText({ headers: ["Proxy-Require: foo"] }),
  },
  {
    name: "request at its end",
    from: ALICE,
    make: () => requestText().replace("Max-Forwards: 70", "Max-Forwards: 0"),
  },
  {
    name: "call to nobody",
    from: PROVIDER,
    make: () => incomingText({ uri: "sip:x@192.0.2.1", to: "<sip:x@h>" }),
  },
];

/** What went where and said what, whatever the spelling. */
function meaningOf(sample: Sample, text: string): readonly unknown[] {
  const world = phoneWorld();
  const actions = world.receive(text, sample.from);
  return sendsOf(actions).map((sent) => {
    const parsed = parseMessage(encodeLatin1(sent.text), "datagram");
    if (!parsed.ok) throw new Error(parsed.error.reason);
    return [sent.to, sent.startLine, valuesOf(parsed.value), parsed.value.body];
  });
}

function valuesOf(message: SipMessage): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(message.headers.map(({ key }) => [key, listValues(message, key)]));
}

function respelled(text: string, write: (name: string, value: string) => string): string {
  const end = text.indexOf("\r\n\r\n");
  const [startLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const changed = lines.map((line) => {
    const colon = line.indexOf(":");
    return write(line.slice(0, colon), line.slice(colon + 2));
  });
  return [startLine, ...changed].join("\r\n") + text.slice(end);
}

for (const sample of SAMPLES) {
  for (const [spelling, write] of SPELLINGS) {
    Deno.test(`runPipeline() takes ${sample.name} with ${spelling} for the same (R8)`, () => {
      const plain = sample.make();
      const meaning = meaningOf(sample, plain);
      strictEqual(meaning.length, 1);
      deepStrictEqual(meaningOf(sample, respelled(plain, write)), meaning);
    });
  }
}

Deno.test("runPipeline() finds every own Record-Route and Contact among repeated lines", () => {
  const headers = [
    "m: <sip:alice@10.0.0.10:5062;line=abc>",
    "CONTACT : <sip:alice@10.0.0.10:5062;line=abc>;q=0.1",
    "Record-Route: <sip:192.0.2.99;lr>",
    "record-route\t: <sip:siproxd@192.0.2.1;lr>",
    "RECORD-ROUTE:\r\n <sip:siproxd@10.0.0.1;lr>",
  ];
  // Outside of a leg, where foreign Record-Routes stay.
  const text = requestText({ method: "MESSAGE", headers });
  const [sent] = sendsOf(phoneWorld().receive(text, ALICE));
  const parsed = parseMessage(encodeLatin1(sent?.text ?? ""), "datagram");
  if (!parsed.ok) throw new Error(parsed.error.reason);
  deepStrictEqual(listValues(parsed.value, "record-route"), ["<sip:192.0.2.99;lr>"]);
  deepStrictEqual(listValues(parsed.value, "contact"), [
    "<sip:alice@192.0.2.1>",
    "<sip:alice@192.0.2.1>;q=0.1",
  ]);
});

/** A second one of these would let two elements read two different messages. */
const SINGLE = [
  "From",
  "To",
  "Call-ID",
  "CSeq",
  "Max-Forwards",
  "Content-Length",
  "Content-Type",
  "Expires",
];

for (const name of SINGLE) {
  Deno.test(`runPipeline() refuses a second ${name} in any spelling`, () => {
    const value = new Map([["Content-Length", "0"], ["Content-Type", "text/plain"], [
      "Expires",
      "60",
    ]]);
    for (const [, write] of SPELLINGS) {
      const text = requestText({
        method: "MESSAGE",
        headers: ["Content-Type: text/plain", "Expires: 60"],
      });
      const again = write(name, value.get(name) ?? lineOf(text, name));
      const doubled = text.replace("\r\nContent-Length", `\r\n${again}\r\nContent-Length`);
      strictEqual(
        outcomeOf(phoneWorld().receive(doubled, ALICE)).includes("SIP/2.0 400 "),
        true,
        again,
      );
    }
  });
}

function lineOf(text: string, name: string): string {
  const line = text.split("\r\n").find((candidate) => candidate.startsWith(`${name}: `)) ?? "";
  return line.slice(name.length + 2);
}

Deno.test("runPipeline() removes exactly its own Via from a response in any spelling", () => {
  for (const [spelling, write] of SPELLINGS) {
    const world = phoneWorld();
    const [invite] = sendsOf(world.receive(requestText({ headers: [contact] }), ALICE));
    const answer = respelled(answerText(invite?.text ?? "", "180 Ringing"), write);
    const [sent] = sendsOf(world.receive(answer, PROVIDER));
    const parsed = parseMessage(encodeLatin1(sent?.text ?? ""), "datagram");
    if (!parsed.ok) throw new Error(parsed.error.reason);
    deepStrictEqual(listValues(parsed.value, "via"), [
      "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKinv1",
    ], spelling);
  }
});

Deno.test("runPipeline() removes its own Via from a list on one line", () => {
  const world = phoneWorld();
  const [invite] = sendsOf(world.receive(requestText({ headers: [contact] }), ALICE));
  const answer = answerText(invite?.text ?? "", "180 Ringing");
  const joined = answer.replace(/(\r\nVia: [^\r]*)\r\nVia: /, "$1, ");
  strictEqual(joined === answer, false);
  const [sent] = sendsOf(world.receive(joined, PROVIDER));
  strictEqual(sent?.to, "lan 10.0.0.10:5062");
  strictEqual(sent?.text.includes("192.0.2.1:5060;branch"), false);
});

Deno.test("runPipeline() does not take an unknown name for a known one", () => {
  const names = ["Contact-X", "XContact", "Vi", "Via2", "mm", "Record_Route", "Record-Route2"];
  const headers = names.map((name) => `${name}: <sip:siproxd@10.0.0.10:5062>`);
  const [sent] = sendsOf(
    phoneWorld().receive(requestText({ headers: [contact, ...headers] }), ALICE),
  );
  deepStrictEqual(headers.filter((line) => !sent?.text.includes(`\r\n${line}\r\n`)), []);
});
