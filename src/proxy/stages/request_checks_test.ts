import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  type From,
  incomingText,
  linesOfHeader,
  outcomeOf,
  phoneWorld,
  PROVIDER,
  requestContext,
  type RequestParts,
  requestText,
  sendsOf,
} from "../../../tests/support/phone_world.ts";
import { checkMaxForwards } from "./max_forwards.ts";

/** RFC 3261 §16.3 step 3, and what siproxd does with odd values. */
const MAX_FORWARDS: readonly (readonly [string | undefined, string])[] = [
  ["70", "69"],
  ["1", "0"],
  ["255", "254"],
  ["0070", "69"],
  ["256", "69"],
  ["4294967296", "69"],
  ["-1", "69"],
  ["x", "69"],
  ["", "69"],
  ["1.5", "69"],
  [undefined, "70"],
];

for (const [value, wanted] of MAX_FORWARDS) {
  Deno.test(`checkMaxForwards() makes ${wanted} of ${value ?? "none"}`, () => {
    const line = value === undefined ? "" : `Max-Forwards: ${value}\r\n`;
    const text = requestText({ method: "MESSAGE" }).replace("Max-Forwards: 70\r\n", line);
    const context = requestContext(phoneWorld(), { text, from: ALICE });
    strictEqual(checkMaxForwards(context).kind, "next");
    deepStrictEqual(
      context.message.headers.filter(({ key }) => key === "max-forwards").map(({ value: v }) => v),
      [wanted],
    );
  });
}

const AT_ZERO: readonly (readonly [string, string])[] = [
  ["INVITE", "lan 10.0.0.10:5062 SIP/2.0 483 Too Many Hops"],
  ["MESSAGE", "lan 10.0.0.10:5062 SIP/2.0 483 Too Many Hops"],
  ["REGISTER", "lan 10.0.0.10:5062 SIP/2.0 483 Too Many Hops"],
  ["CANCEL", "lan 10.0.0.10:5062 SIP/2.0 483 Too Many Hops"],
  ["OPTIONS", "lan 10.0.0.10:5062 SIP/2.0 200 OK"],
  ["ACK", "drop ack-unmatched"],
];

for (const [method, wanted] of AT_ZERO) {
  Deno.test(`checkMaxForwards() of ${method} at zero: ${wanted} (R18)`, () => {
    const text = requestText({ method }).replace("Max-Forwards: 70", "Max-Forwards: 0");
    strictEqual(outcomeOf(phoneWorld().receive(text, ALICE)), wanted);
  });
}

const URIS: readonly (readonly [string, string])[] = [
  ["sip:bob@192.0.2.10:5070", "wan 192.0.2.10:5070 MESSAGE sip:bob@192.0.2.10:5070 SIP/2.0"],
  ["SIP:bob@192.0.2.10:5070", "wan 192.0.2.10:5070 MESSAGE SIP:bob@192.0.2.10:5070 SIP/2.0"],
  ["sips:bob@192.0.2.10", "lan 10.0.0.10:5062 SIP/2.0 416 Unsupported URI Scheme"],
  ["tel:+4930", "lan 10.0.0.10:5062 SIP/2.0 416 Unsupported URI Scheme"],
  ["urn:service:sos", "lan 10.0.0.10:5062 SIP/2.0 416 Unsupported URI Scheme"],
  ["nobodyKnowsThisScheme:x", "lan 10.0.0.10:5062 SIP/2.0 416 Unsupported URI Scheme"],
  ["sip:b@192.0.2.10;transport=tls", "lan 10.0.0.10:5062 SIP/2.0 503 Service Unavailable"],
  ["sip:b@192.0.2.10;transport=TLS", "lan 10.0.0.10:5062 SIP/2.0 503 Service Unavailable"],
  ["sip:b@192.0.2.10;transport=ws", "lan 10.0.0.10:5062 SIP/2.0 503 Service Unavailable"],
  ["sip:b@192.0.2.10;%74ransport=wss", "lan 10.0.0.10:5062 SIP/2.0 503 Service Unavailable"],
  [
    "sip:b@192.0.2.10;transport=udp",
    "wan 192.0.2.10:5060 MESSAGE sip:b@192.0.2.10;transport=udp SIP/2.0",
  ],
];

for (const [uri, wanted] of URIS) {
  Deno.test(`checkUriScheme() of ${uri}: ${wanted}`, () => {
    strictEqual(
      outcomeOf(phoneWorld().receive(requestText({ method: "MESSAGE", uri }), ALICE)),
      wanted,
    );
  });
}

const EXTENSIONS: readonly (readonly [readonly string[], string | undefined])[] = [
  [["Proxy-Require: foo"], "Unsupported: foo"],
  [["Proxy-Require: foo, bar"], "Unsupported: foo, bar"],
  [["Proxy-Require: foo", "proxy-require : bar"], "Unsupported: foo, bar"],
  [["Proxy-Require: ,"], undefined],
  [["Require: foo"], undefined],
];

for (const [headers, unsupported] of EXTENSIONS) {
  Deno.test(`checkProxyRequire() of ${headers.join("; ")}: ${unsupported ?? "passes"}`, () => {
    const [sent] = sendsOf(phoneWorld().receive(requestText({ headers }), ALICE));
    const said = sent?.startLine === "SIP/2.0 420 Bad Extension"
      ? linesOfHeader(sent.text, "Unsupported")[0]
      : undefined;
    strictEqual(said, unsupported);
  });
}

const ownVias = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKown${index}`,
  );

const LOOPS: readonly (readonly [string, readonly string[], "passes" | "482"])[] = [
  ["none of ours", [], "passes"],
  ["one of ours", ownVias(1), "passes"],
  ["two of ours, a call between phones", ownVias(2), "passes"],
  ["three of ours", ownVias(3), "482"],
  [
    "three of ours on one line",
    [`Via: ${ownVias(3).map((line) => line.slice(5)).join(", ")}`],
    "482",
  ],
  ["ours by both addresses", [...ownVias(2), "v: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1"], "482"],
  [
    "three of our host with another port",
    ownVias(3).map((line) => line.replace("5060", "5061")),
    "passes",
  ],
  ["many of others", Array(20).fill("Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1"), "passes"],
];

for (const [what, headers, wanted] of LOOPS) {
  Deno.test(`detectLoop() with ${what}: ${wanted} (R18)`, () => {
    const [sent] = sendsOf(phoneWorld().receive(requestText({ headers }), ALICE));
    strictEqual(sent?.startLine === "SIP/2.0 482 Loop Detected" ? "482" : "passes", wanted);
  });
}

interface Own {
  readonly name: string;
  readonly parts: RequestParts;
  readonly from: From;
  readonly answered: boolean;
}

const OPTIONS: readonly Own[] = [
  { name: "our LAN address", parts: { uri: "sip:10.0.0.1" }, from: ALICE, answered: true },
  {
    name: "our address and port",
    parts: { uri: "sip:10.0.0.1:5060" },
    from: ALICE,
    answered: true,
  },
  { name: "our user", parts: { uri: "sip:siproxd@10.0.0.1" }, from: ALICE, answered: true },
  { name: "our address outside", parts: { uri: "sip:192.0.2.1" }, from: PROVIDER, answered: true },
  {
    name: "another port of ours",
    parts: { uri: "sip:10.0.0.1:5061" },
    from: ALICE,
    answered: false,
  },
  {
    name: "a user at our address",
    parts: { uri: "sip:bob@10.0.0.1" },
    from: ALICE,
    answered: false,
  },
  { name: "somebody else", parts: { uri: "sip:192.0.2.10" }, from: ALICE, answered: false },
];

for (const { name, parts, from, answered } of OPTIONS) {
  Deno.test(`answerOwnOptions() for ${name}: ${answered ? "answered" : "goes on"}`, () => {
    const make = from === ALICE ? requestText : incomingText;
    const [sent] = sendsOf(phoneWorld().receive(make({ method: "OPTIONS", ...parts }), from));
    strictEqual(sent?.startLine === "SIP/2.0 200 OK", answered);
    strictEqual(
      linesOfHeader(sent?.text ?? "", "Allow").length,
      answered && from === ALICE ? 1 : 0,
    );
  });
}

Deno.test("absorbOwnAck() knows the ACK to an answer of ours by its tag alone", () => {
  const world = phoneWorld();
  const [refusal] = sendsOf(world.receive(requestText({ uri: "sip:b@nowhere.example" }), ALICE));
  const to = linesOfHeader(refusal?.text ?? "", "To")[0]?.slice(4) ?? "";
  const ack = (parts: RequestParts) =>
    outcomeOf(
      world.receive(requestText({ method: "ACK", uri: "sip:b@192.0.2.10", to, ...parts }), ALICE),
    );
  strictEqual(ack({}), "drop own-ack");
  strictEqual(ack({ cseq: 2 }).startsWith("wan "), true);
  strictEqual(ack({ callId: "call-2" }).startsWith("wan "), true);
  strictEqual(ack({ from: "<sip:alice@192.0.2.10>;tag=other" }).startsWith("wan "), true);
});

interface RouteCase {
  readonly name: string;
  readonly uri: string;
  readonly routes: readonly string[];
  /** Request-URI and Route lines as they leave. */
  readonly wanted: readonly string[];
}

/** RFC 3261 §16.4: our own entries go, and what a strict router did is undone. */
const ROUTES: readonly RouteCase[] = [
  {
    name: "our own first Route",
    uri: "sip:b@192.0.2.10",
    routes: ["<sip:siproxd@10.0.0.1:5060;lr>", "<sip:192.0.2.44;lr>"],
    wanted: ["sip:b@192.0.2.10", "Route: <sip:192.0.2.44;lr>"],
  },
  {
    name: "our own first Route without user and port",
    uri: "sip:b@192.0.2.10",
    routes: ["<sip:10.0.0.1;lr>"],
    wanted: ["sip:b@192.0.2.10"],
  },
  {
    name: "our address outside as first Route",
    uri: "sip:b@192.0.2.10",
    routes: ["<sip:192.0.2.1;lr>"],
    wanted: ["sip:b@192.0.2.10"],
  },
  {
    name: "exactly one of two own Routes",
    uri: "sip:b@192.0.2.10",
    routes: ["<sip:10.0.0.1;lr>", "<sip:10.0.0.1;lr>", "<sip:192.0.2.44;lr>"],
    wanted: ["sip:b@192.0.2.10", "Route: <sip:10.0.0.1;lr>", "Route: <sip:192.0.2.44;lr>"],
  },
  {
    name: "a foreign first Route",
    uri: "sip:b@192.0.2.10",
    routes: ["<sip:192.0.2.44;lr>", "<sip:10.0.0.1;lr>"],
    wanted: ["sip:b@192.0.2.10", "Route: <sip:192.0.2.44;lr>", "Route: <sip:10.0.0.1;lr>"],
  },
  {
    name: "what a strict router did",
    uri: "sip:siproxd@10.0.0.1:5060",
    routes: ["<sip:192.0.2.44;lr>", "<sip:b@192.0.2.10>"],
    wanted: ["sip:b@192.0.2.10", "Route: <sip:192.0.2.44;lr>"],
  },
  {
    name: "a strict router's last Route alone",
    uri: "sip:siproxd@10.0.0.1:5060",
    routes: ["<sip:b@192.0.2.10:5099;x=y>"],
    wanted: ["sip:b@192.0.2.10:5099;x=y"],
  },
];

for (const { name, uri, routes, wanted } of ROUTES) {
  Deno.test(`preprocessRoute() handles ${name}`, () => {
    const headers = routes.map((route) => `Route: ${route}`);
    const [sent] = sendsOf(
      phoneWorld().receive(requestText({ method: "MESSAGE", uri, headers }), ALICE),
    );
    const [, left = ""] = sent?.startLine.split(" ") ?? [];
    const lines = linesOfHeader(sent?.text ?? "", "Route");
    deepStrictEqual([left, ...lines], wanted);
  });
}
