import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { address, place } from "../../tests/support/core_world.ts";
import {
  ALICE,
  answerText,
  incomingText,
  phoneWorld,
  type PhoneWorldOptions,
  PROVIDER,
  requestText,
  responseContext,
  sendsOf,
} from "../../tests/support/phone_world.ts";
import { decodeLatin1 } from "../base/text.ts";
import { setHeader } from "../sip/headers.ts";
import { routeResponse } from "./stages/response_hop.ts";

/** Names with addresses of one family or both. */
const HOSTS = {
  "four.example": "198.51.100.4",
  "six.example": "2001:db8:f::6",
  "dual.example": "2001:db8:f::5,198.51.100.5",
} as const;

const BOTH: PhoneWorldOptions = {
  hosts: HOSTS,
  own: { lan6: address("fd00::1"), wan6: address("2001:db8::1") },
};
const IPV4_ALONE: PhoneWorldOptions = { hosts: HOSTS };

/** Where a request of Alice for somebody at a host goes, or how it is answered. */
const WAYS: readonly (readonly [string, string, PhoneWorldOptions, string])[] = [
  ["a server by IPv4", "four.example", BOTH, "wan 198.51.100.4:5060"],
  ["a server by IPv6", "six.example", BOTH, "wan [2001:db8:f::6]:5060"],
  ["a server with both, the first one", "dual.example", BOTH, "wan [2001:db8:f::5]:5060"],
  ["an IPv6 literal", "[2001:db8:f::7]:5070", BOTH, "wan [2001:db8:f::7]:5070"],
  ["IPv6 that we lack", "six.example", IPV4_ALONE, "504"],
  ["an IPv6 literal that we lack", "[2001:db8:f::7]", IPV4_ALONE, "504"],
  ["a server with both, by what we have", "dual.example", IPV4_ALONE, "wan 198.51.100.5:5060"],
];

for (const [title, host, options, to] of WAYS) {
  Deno.test(`runPipeline() sends a request to ${title}: ${to}`, () => {
    const world = phoneWorld(options);
    const text = requestText({ method: "MESSAGE", uri: `sip:bob@${host}` });
    const [sent] = sendsOf(world.receive(text, ALICE));
    strictEqual(to.length === 3 ? sent?.startLine.slice(8, 11) : sent?.to, to);
  });
}

Deno.test("runPipeline() tells each next hop the Via that it can answer to", () => {
  const vias = ["four.example", "six.example"].map((host) => {
    const world = phoneWorld(BOTH);
    const text = requestText({ method: "MESSAGE", uri: `sip:bob@${host}` });
    const [sent] = sendsOf(world.receive(text, ALICE));
    return /^Via: (\S+ [^;]+);/m.exec(sent?.text ?? "")?.[1];
  });
  deepStrictEqual(vias, ["SIP/2.0/UDP 192.0.2.1:5060", "SIP/2.0/UDP [2001:db8::1]:5060"]);
});

Deno.test("runPipeline() tells a program on loopback our first address where we lack its family", () => {
  const own = { lan: address("fd00::1"), wan: address("192.0.2.1") };
  const world = phoneWorld({ phones: [], own });
  const contact = "Contact: <sip:alice@127.0.0.1:5090>;expires=120";
  const register = requestText({ method: "REGISTER", uri: "sip:[fd00::1]", headers: [contact] });
  const pbx = { side: "lan", source: "127.0.0.1:5090" } as const;
  world.receive(register.replace("To: <sip:bob@192.0.2.10>", "To: <sip:alice@192.0.2.10>"), pbx);
  const [sent] = sendsOf(world.receive(incomingText(), PROVIDER));
  strictEqual(sent?.to, "lan 127.0.0.1:5090");
  strictEqual(/^Via: (\S+ [^;]+);/m.exec(sent.text)?.[1], "SIP/2.0/UDP [fd00::1]:5060");
});

Deno.test("routeResponse() takes a sent-by name by a family that the side has", () => {
  const at = (options: PhoneWorldOptions) => {
    const world = phoneWorld(options);
    const [invite] = sendsOf(world.receive(requestText(), ALICE));
    const answer = answerText(invite?.text ?? "", "200 OK");
    const context = responseContext(world, { text: answer, from: PROVIDER });
    context.direction = "incoming";
    const via = "SIP/2.0/UDP dual.example:5062;branch=z9hG4bK1";
    context.message = setHeader(context.message, "Via", via);
    const verdict = routeResponse(context);
    // The first look is what makes the name known.
    if (verdict.kind !== "need" || verdict.need.kind !== "host") throw new Error(verdict.kind);
    const targets = [place("[2001:db8:f::5]:5062"), place("198.51.100.5:5062")] as const;
    const [first, second] = targets.map((peer) => ({ peer, transport: undefined }));
    if (first === undefined || second === undefined) throw new Error("unexpected");
    const lookUp = () => ({ kind: "targets", targets: [first, second] }) as const;
    const again = { ...context, env: { ...context.env, lookUp } };
    routeResponse(again);
    return again.hop?.peer;
  };
  deepStrictEqual([at(BOTH), at(IPV4_ALONE)], [
    place("[2001:db8:f::5]:5062"),
    place("198.51.100.5:5062"),
  ]);
});

Deno.test("deliveryFailed() answers for a server by IPv6 as for any other", () => {
  const world = phoneWorld(BOTH);
  const uri = "sip:bob@[2001:db8:f::7];transport=tcp";
  const [sent] = sendsOf(world.receive(requestText({ method: "MESSAGE", uri }), ALICE));
  strictEqual(sent?.to, "wan [2001:db8:f::7]:5060");
  const lines = world.undelivered("refused").flatMap((action) =>
    action.kind === "send" ? [decodeLatin1(action.data).split("\r\n", 1)[0]] : []
  );
  deepStrictEqual(lines, ["SIP/2.0 503 Service Unavailable"]);
});
