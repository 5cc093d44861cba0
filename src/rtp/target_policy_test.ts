import { strictEqual } from "node:assert/strict";
import { type IpAddress, parseIpAddress } from "../base/ip_address.ts";
import { parseIpNetwork } from "../base/ip_network.ts";
import { permitTarget, type TargetContext } from "./target_policy.ts";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

const LAN_NETWORKS = ["10.0.0.0/24", "fd00:1::/64"].flatMap((text) => parseIpNetwork(text) ?? []);
const PHONES: ReadonlySet<string> = new Set(["10.0.0.10", "fd00:1::10"]);

const FROM_PROVIDER: TargetContext = {
  side: "wan",
  peer: address("203.0.113.10"),
  own: {
    lan: address("10.0.0.1"),
    wan: address("203.0.113.1"),
    advertised: address("198.51.100.7"),
    lanNetworks: LAN_NETWORKS,
  },
  ownPorts: { mediaLow: 7070, mediaHigh: 7089, sip: 5060 },
  isRegisteredPhone: (phone) => PHONES.has(phone),
};

const FROM_PHONE: TargetContext = { ...FROM_PROVIDER, side: "lan", peer: address("10.0.0.10") };

const SIX: TargetContext = {
  ...FROM_PROVIDER,
  peer: address("2001:db8::10"),
  own: { ...FROM_PROVIDER.own, wan: address("2001:db8::1"), advertised: undefined },
};

const PRIVATE_OUTSIDE: TargetContext = {
  ...FROM_PROVIDER,
  own: { ...FROM_PROVIDER.own, wan: address("192.168.178.20"), advertised: undefined },
};

type Row = readonly [string, TargetContext, string, number, ReturnType<typeof permitTarget>];

function check(table: readonly Row[]): void {
  for (const [what, context, text, port, verdict] of table) {
    const target = { address: address(text), port };
    strictEqual(permitTarget(target, context), verdict, `${what}: ${text}:${port}`);
  }
}

Deno.test("permitTarget() sends to good addresses", () => {
  check([
    ["provider's gateway", FROM_PROVIDER, "203.0.113.50", 20000, "send"],
    ["other public address", FROM_PROVIDER, "8.8.8.8", 1024, "send"],
    ["registered phone", FROM_PHONE, "10.0.0.10", 7078, "send"],
    ["phone behind another router of the LAN", FROM_PHONE, "172.16.5.5", 7078, "send"],
    ["public address named by a phone", FROM_PHONE, "203.0.113.50", 7078, "send"],
    ["IPv6 gateway", SIX, "2001:db8::50", 20000, "send"],
  ]);
});

Deno.test("permitTarget() never sends to loopback in any textual form", () => {
  const forms = ["127.0.0.1", "127.255.255.254", "::ffff:127.0.0.1", "::ffff:7f00:1"];
  check(forms.map((text): Row => ["IPv4", FROM_PROVIDER, text, 4000, "wait"]));
  check(forms.map((text): Row => ["phone", FROM_PHONE, text, 4000, "wait"]));
  const six = ["::1", "[::1]", "0:0:0:0:0:0:0:1", "0::1", "::127.0.0.1", "64:ff9b::7f00:1"];
  check([...six, "64:ff9b::127.0.0.1", "2002:7f00:1::1"].map((text): Row => [
    "IPv6",
    SIX,
    text,
    4000,
    "wait",
  ]));
});

Deno.test("permitTarget() never sends to special addresses", () => {
  check([
    ["unspecified", FROM_PROVIDER, "0.0.0.0", 4000, "wait"],
    ["this network", FROM_PROVIDER, "0.1.2.3", 4000, "wait"],
    ["mapped unspecified", FROM_PROVIDER, "::ffff:0.0.0.0", 4000, "wait"],
    ["link-local", FROM_PROVIDER, "169.254.1.1", 4000, "wait"],
    ["multicast", FROM_PROVIDER, "224.0.0.1", 4000, "wait"],
    ["multicast", FROM_PROVIDER, "239.255.255.255", 4000, "wait"],
    ["reserved", FROM_PROVIDER, "240.0.0.1", 4000, "wait"],
    ["broadcast", FROM_PROVIDER, "255.255.255.255", 4000, "wait"],
    ["broadcast", FROM_PHONE, "255.255.255.255", 4000, "wait"],
    ["mapped multicast", FROM_PROVIDER, "::ffff:e000:1", 4000, "wait"],
    ["unspecified", SIX, "::", 4000, "wait"],
    ["link-local", SIX, "fe80::1", 4000, "wait"],
    ["multicast", SIX, "ff02::1", 4000, "wait"],
    ["NAT64 of multicast", SIX, "64:ff9b::e000:1", 4000, "wait"],
    ["6to4 of a private address", SIX, "2002:a00:a::1", 4000, "wait"],
  ]);
});

Deno.test("permitTarget() reaches nobody behind if_inbound but registered phones", () => {
  check([
    ["outside names an unregistered host", FROM_PROVIDER, "10.0.0.20", 4000, "wait"],
    ["phone names an unregistered host", FROM_PHONE, "10.0.0.20", 4000, "wait"],
    ["subnet broadcast", FROM_PHONE, "10.0.0.255", 4000, "wait"],
    ["private outside, unregistered host", PRIVATE_OUTSIDE, "10.0.0.20", 4000, "wait"],
    ["private outside, registered phone", PRIVATE_OUTSIDE, "10.0.0.10", 4000, "send"],
    ["mapped form", FROM_PHONE, "::ffff:10.0.0.20", 4000, "wait"],
    ["IPv6 host of the LAN", SIX, "fd00:1::20", 4000, "wait"],
  ]);
});

Deno.test("permitTarget() takes private addresses from outside only where the outside is private", () => {
  const lab: TargetContext = { ...FROM_PROVIDER, peer: address("192.168.50.2") };
  check([
    ["public peer", FROM_PROVIDER, "192.168.1.5", 4000, "wait"],
    ["public peer", FROM_PROVIDER, "172.31.0.1", 4000, "wait"],
    ["public peer, shared space", FROM_PROVIDER, "100.64.0.1", 4000, "wait"],
    ["public peer, even a registered phone", FROM_PROVIDER, "10.0.0.10", 4000, "wait"],
    ["public peer, unique local", SIX, "fd12::1", 4000, "wait"],
    ["private peer", lab, "192.168.1.5", 4000, "send"],
    ["private outbound address", PRIVATE_OUTSIDE, "192.168.178.30", 4000, "send"],
  ]);
});

Deno.test("permitTarget() permits loopback where the SIP peer is on loopback", () => {
  const pbx: TargetContext = { ...FROM_PHONE, peer: address("127.0.0.1") };
  check([
    ["loopback PBX", pbx, "127.0.0.1", 10000, "send"],
    ["loopback PBX, other loopback address", pbx, "127.0.0.53", 10000, "send"],
    ["loopback PBX, low port", pbx, "127.0.0.53", 53, "wait"],
    [
      "IPv6 loopback PBX",
      { ...SIX, side: "lan", peer: address("::1"), own: { ...SIX.own, lan: address("fd00:1::1") } },
      "::1",
      10000,
      "send",
    ],
    ["loopback PBX, unregistered host", pbx, "10.0.0.20", 10000, "wait"],
  ]);
});

Deno.test("permitTarget() tells own ports", () => {
  const pbx: TargetContext = { ...FROM_PHONE, peer: address("10.0.0.1") };
  check([
    ["LAN address", FROM_PROVIDER, "10.0.0.1", 7070, "own-port"],
    ["WAN address", FROM_PROVIDER, "203.0.113.1", 7089, "own-port"],
    ["advertised address", FROM_PROVIDER, "198.51.100.7", 7080, "own-port"],
    ["from a phone", FROM_PHONE, "203.0.113.1", 7080, "own-port"],
    ["mapped form", FROM_PHONE, "::ffff:203.0.113.1", 7080, "own-port"],
    ["below the range", FROM_PROVIDER, "203.0.113.1", 7069, "wait"],
    ["above the range", FROM_PROVIDER, "203.0.113.1", 7090, "wait"],
    ["SIP port", pbx, "10.0.0.1", 5060, "wait"],
    ["PBX on this machine", pbx, "10.0.0.1", 10000, "send"],
    ["stranger names a port of this machine", FROM_PROVIDER, "203.0.113.1", 10000, "wait"],
  ]);
});

Deno.test("permitTarget() never sends to ports below 1024", () => {
  check([
    ["zero", FROM_PROVIDER, "203.0.113.50", 0, "wait"],
    ["DNS", FROM_PROVIDER, "203.0.113.50", 53, "wait"],
    ["last", FROM_PHONE, "10.0.0.10", 1023, "wait"],
    ["own", FROM_PROVIDER, "203.0.113.1", 53, "wait"],
  ]);
});

Deno.test("permitTarget() sends only what the side's socket can", () => {
  check([
    ["IPv6 from an IPv4 socket", FROM_PROVIDER, "2001:db8::50", 4000, "wait"],
    ["IPv4 from an IPv6 socket", SIX, "203.0.113.50", 4000, "wait"],
    [
      "interface down",
      { ...FROM_PROVIDER, own: { ...FROM_PROVIDER.own, wan: undefined } },
      "203.0.113.50",
      4000,
      "send",
    ],
  ]);
});

/** Both families outside; the ports of the leg are bound by the second one. */
const SECOND_FAMILY: TargetContext = {
  ...FROM_PROVIDER,
  peer: address("2001:db8::10"),
  own: { ...FROM_PROVIDER.own, lan6: address("fd00:1::1"), wan6: address("2001:db8::1") },
  bound: address("2001:db8::1"),
};

Deno.test("permitTarget() goes by the address that the leg's ports are bound to", () => {
  const local = { ...SECOND_FAMILY, peer: address("2001:db8::10"), bound: address("fd00:2::1") };
  check([
    ["fits", SECOND_FAMILY, "2001:db8::50", 4000, "send"],
    ["other family", SECOND_FAMILY, "203.0.113.50", 4000, "wait"],
    ["own IPv6 outside", SECOND_FAMILY, "2001:db8::1", 7070, "own-port"],
    ["own IPv6 inside", SECOND_FAMILY, "fd00:1::1", 7070, "own-port"],
    ["own IPv4", SECOND_FAMILY, "203.0.113.1", 7070, "own-port"],
    ["foreign LAN", SECOND_FAMILY, "fd00:1::99", 4000, "wait"],
    ["a phone", SECOND_FAMILY, "fd00:1::10", 4000, "wait"],
    ["private from a public leg", SECOND_FAMILY, "fd00:9::1", 4000, "wait"],
    ["private from a private leg", local, "fd00:9::1", 4000, "send"],
  ]);
});
