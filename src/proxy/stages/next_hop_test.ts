import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  ALICE,
  type From,
  outcomeOf,
  phoneWorld,
  type RequestParts,
  requestText,
  sendsOf,
} from "../../../tests/support/phone_world.ts";

const HOSTS = {
  "provider.example": "192.0.2.10",
  "proxy.example": "192.0.2.20",
  "office.example": "192.0.2.30",
  "loop.example": "127.0.0.1",
  "multicast.example": "224.0.1.75",
};

interface Way {
  readonly name: string;
  readonly parts: RequestParts;
  readonly settings?: string;
  /** Where the request goes, or the status that it gets. */
  readonly to: string;
}

const global = "outbound_proxy_host = proxy.example\noutbound_proxy_port = 5080";
const office = "outbound_domain_name = office.example\noutbound_domain_host = office.example\n" +
  "outbound_domain_port = 5090";

const WAYS: readonly Way[] = [
  { name: "an address", parts: { uri: "sip:b@192.0.2.10" }, to: "wan 192.0.2.10:5060" },
  {
    name: "an address with a port",
    parts: { uri: "sip:b@192.0.2.10:5070" },
    to: "wan 192.0.2.10:5070",
  },
  { name: "a name", parts: { uri: "sip:b@provider.example" }, to: "wan 192.0.2.10:5060" },
  {
    name: "a name with a port",
    parts: { uri: "sip:b@provider.example:5077" },
    to: "wan 192.0.2.10:5077",
  },
  {
    name: "a name in other case",
    parts: { uri: "sip:b@Provider.EXAMPLE" },
    to: "wan 192.0.2.10:5060",
  },
  {
    name: "maddr",
    parts: { uri: "sip:b@provider.example;maddr=192.0.2.77" },
    to: "wan 192.0.2.77:5060",
  },
  {
    name: "a first Route",
    parts: { headers: ["Route: <sip:192.0.2.44;lr>, <sip:192.0.2.55;lr>"] },
    to: "wan 192.0.2.44:5060",
  },
  {
    name: "a Route behind our own",
    parts: {
      headers: ["Route: <sip:siproxd@10.0.0.1:5060;lr>", "Route: <sip:192.0.2.44:5099;lr>"],
    },
    to: "wan 192.0.2.44:5099",
  },
  {
    name: "our own Route alone",
    parts: { headers: ["Route: <sip:siproxd@10.0.0.1:5060;lr>"] },
    to: "wan 192.0.2.10:5070",
  },
  { name: "the outbound proxy", settings: global, parts: {}, to: "wan 192.0.2.20:5080" },
  {
    name: "a Route before the outbound proxy",
    settings: global,
    parts: { headers: ["Route: <sip:192.0.2.44;lr>"] },
    to: "wan 192.0.2.44:5060",
  },
  {
    name: "the proxy of the caller's domain",
    settings: `${global}\n${office}`,
    parts: { from: "<sip:alice@office.example>;tag=a" },
    to: "wan 192.0.2.30:5090",
  },
  {
    name: "the proxy of the caller's domain in other case",
    settings: office,
    parts: { from: "<sip:alice@OFFICE.example>;tag=a" },
    to: "wan 192.0.2.30:5090",
  },
  {
    name: "the global proxy for another domain",
    settings: `${global}\n${office}`,
    parts: { from: "<sip:alice@other.example>;tag=a" },
    to: "wan 192.0.2.20:5080",
  },
  {
    name: "no proxy for a domain below",
    settings: office,
    parts: { from: "<sip:alice@sub.office.example>;tag=a" },
    to: "wan 192.0.2.10:5070",
  },
  { name: "an unknown name", parts: { uri: "sip:b@nowhere.example" }, to: "504" },
  {
    name: "an unknown name in a Route",
    parts: { headers: ["Route: <sip:nowhere.example;lr>"] },
    to: "504",
  },
  { name: "a Route that is no SIP URI", parts: { headers: ["Route: <tel:110>"] }, to: "504" },
  { name: "multicast", parts: { uri: "sip:b@224.0.1.75" }, to: "504" },
  { name: "multicast by maddr", parts: { uri: "sip:b@192.0.2.10;maddr=224.0.1.75" }, to: "504" },
  { name: "multicast by name", parts: { uri: "sip:b@multicast.example" }, to: "504" },
  { name: "broadcast", parts: { uri: "sip:b@255.255.255.255" }, to: "504" },
  { name: "nothing at all", parts: { uri: "sip:b@0.0.0.0" }, to: "504" },
  { name: "loopback", parts: { uri: "sip:b@127.0.0.1" }, to: "504" },
  { name: "loopback by name", parts: { uri: "sip:b@loop.example" }, to: "504" },
  { name: "loopback in IPv6", parts: { uri: "sip:b@[::1]" }, to: "504" },
  { name: "loopback mapped into IPv6", parts: { uri: "sip:b@[::ffff:127.0.0.1]" }, to: "504" },
];

for (const { name, parts, settings = "", to } of WAYS) {
  Deno.test(`locateNextHop() of ${name}: ${to}`, () => {
    const world = phoneWorld({ settings, hosts: HOSTS, phones: [] });
    registerByHand(world);
    const [sent] = sendsOf(world.receive(requestText({ ...parts, method: "MESSAGE" }), ALICE));
    strictEqual(/^\d+$/.test(to) ? sent?.startLine.slice(8, 11) : sent?.to, to);
  });
}

/** Registers Alice with an address, so that no setting decides where her REGISTER goes. */
function registerByHand(world: ReturnType<typeof phoneWorld>): void {
  const text = requestText({
    method: "REGISTER",
    uri: "sip:10.0.0.1",
    to: "<sip:alice@192.0.2.10>",
    callId: "reg",
    via: "SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKreg",
    headers: ["Contact: <sip:alice@10.0.0.10:5062>;expires=120"],
  });
  strictEqual(sendsOf(world.receive(text, ALICE))[0]?.startLine, "SIP/2.0 200 OK");
}

Deno.test("locateNextHop() lets a program on this machine reach another one", () => {
  const from: From = { side: "lan", source: "127.0.0.1:5080" };
  const text = requestText({
    uri: "sip:b@127.0.0.1:5090",
    via: "SIP/2.0/UDP 127.0.0.1:5080;branch=z9hG4bKp",
  });
  strictEqual(sendsOf(phoneWorld({ phones: [] }).receive(text, from))[0]?.to, "wan 127.0.0.1:5090");
});

const COMPAT: readonly (readonly [string, string])[] = [
  ["", "SIP/2.0 504 Server Time-out"],
  ["compat_responses = 1", "SIP/2.0 408 Request Timeout"],
];

for (const [settings, startLine] of COMPAT) {
  Deno.test(`locateNextHop() says ${startLine} with "${settings}"`, () => {
    const [sent] = sendsOf(
      phoneWorld({ settings }).receive(requestText({ uri: "sip:b@nowhere.example" }), ALICE),
    );
    strictEqual(sent?.startLine, startLine);
  });
}

Deno.test("locateNextHop() never answers an ACK that goes nowhere", () => {
  const text = requestText({ method: "ACK", uri: "sip:b@nowhere.example", to: "<sip:b@h>;tag=z" });
  strictEqual(outcomeOf(phoneWorld().receive(text, ALICE)), "drop ack-unmatched");
});

Deno.test("locateNextHop() keeps all Routes but our own for the next proxy", () => {
  const headers = [
    "Route: <sip:siproxd@10.0.0.1:5060;lr>, <sip:192.0.2.44;lr>",
    "Route: <sip:192.0.2.55;lr>",
  ];
  const [sent] = sendsOf(phoneWorld().receive(requestText({ headers }), ALICE));
  deepStrictEqual(sent?.text.split("\r\n").filter((line) => line.startsWith("Route:")), [
    "Route: <sip:192.0.2.44;lr>",
    "Route: <sip:192.0.2.55;lr>",
  ]);
});
