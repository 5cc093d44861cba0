import { deepStrictEqual } from "node:assert/strict";
import { parseIpNetwork } from "../../base/ip_network.ts";
import type { InterfacesConfig } from "../../config/config.ts";
import { ip } from "../../../tests/support/sip_peer.ts";
import { chooseNetwork, type InterfaceAddress, type Machine } from "./interfaces.ts";

const UNSET: InterfacesConfig = {
  inbound: undefined,
  outbound: undefined,
  hostOutbound: undefined,
  ipv6: "fallback",
};

function at(name: string, cidr: string): InterfaceAddress {
  return { name, address: ip(cidr.split("/")[0] ?? ""), network: parseIpNetwork(cidr) };
}

const LO = at("lo", "127.0.0.1/8");
const LAN = at("eth0", "192.168.1.1/24");
const WAN = at("ppp0", "203.0.113.7/32");
const LO6 = at("lo", "::1/128");

/** Both families on either side, as a router with prefix delegation has them; newest address first, as Linux lists. */
const DUAL: Machine = {
  addresses: [
    LO,
    LO6,
    at("eth0", "192.168.1.1/24"),
    at("eth0", "2001:db8:1::1/64"),
    at("eth0", "fd00::1/64"),
    at("eth0", "fe80::1/64"),
    at("ppp0", "203.0.113.7/32"),
    at("ppp0", "fd11::7/64"),
    at("ppp0", "2001:db8::abcd/64"),
    at("ppp0", "2001:db8::7/64"),
    at("ppp0", "fe80::2/64"),
  ],
  route: { interfaceName: "ppp0", gateway: ip("203.0.113.1") },
};

/** A machine without IPv4. */
const IPV6_ALONE: Machine = {
  addresses: [LO, LO6, at("eth0", "fd00::1/64"), at("ppp0", "2001:db8::7/64")],
  route: { interfaceName: "ppp0", gateway: ip("fe80::99") },
};

/** The choice with both families: own addresses and what is listened on. */
function bothFamilies(settings: Partial<InterfacesConfig>, machine: Machine) {
  const { view } = chooseNetwork({ ...UNSET, ...settings }, machine);
  const { lan, lan6, wan, wan6, advertised } = view.own;
  return {
    own: [lan, lan6, wan, wan6, advertised],
    listen: view.listen.map(({ role, address }) => `${role} ${address}`),
  };
}

const FAMILY_CASES: readonly (readonly [
  string,
  Partial<InterfacesConfig>,
  Machine,
  ReturnType<typeof bothFamilies>,
])[] = [
  ["IPv6 beside IPv4: local inside, global and old outside", {}, DUAL, {
    own: [
      ip("192.168.1.1"),
      ip("fd00::1"),
      ip("203.0.113.7"),
      ip("2001:db8::7"),
      ip("203.0.113.7"),
    ],
    listen: [
      "lan 192.168.1.1",
      "lan fd00::1",
      "wan 203.0.113.7",
      "wan 2001:db8::7",
      "loopback 127.0.0.1",
      "loopback ::1",
    ],
  }],
  ["IPv4 alone with ipv6 = off", { ipv6: "off" }, DUAL, {
    own: [ip("192.168.1.1"), undefined, ip("203.0.113.7"), undefined, ip("203.0.113.7")],
    listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
  }],
  ["IPv4 alone of an IPv4 address", { inbound: "192.168.1.1", outbound: "203.0.113.7" }, DUAL, {
    own: [ip("192.168.1.1"), undefined, ip("203.0.113.7"), undefined, ip("203.0.113.7")],
    listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
  }],
  [
    "a pair of addresses, and IPv6 alone of an IPv6 address",
    { inbound: "192.168.1.1,2001:db8:1::1", outbound: "2001:db8::abcd" },
    DUAL,
    {
      own: [
        ip("192.168.1.1"),
        ip("2001:db8:1::1"),
        ip("2001:db8::abcd"),
        undefined,
        ip("2001:db8::abcd"),
      ],
      listen: [
        "lan 192.168.1.1",
        "lan 2001:db8:1::1",
        "wan 2001:db8::abcd",
        "loopback 127.0.0.1",
        "loopback ::1",
      ],
    },
  ],
  ["what is there of a pair", { inbound: "192.168.1.1,fd00::99" }, DUAL, {
    own: [
      ip("192.168.1.1"),
      undefined,
      ip("203.0.113.7"),
      ip("2001:db8::7"),
      ip("203.0.113.7"),
    ],
    listen: [
      "lan 192.168.1.1",
      "wan 203.0.113.7",
      "wan 2001:db8::7",
      "loopback 127.0.0.1",
      "loopback ::1",
    ],
  }],
  ["IPv6 alone where the machine has no IPv4", {}, IPV6_ALONE, {
    own: [ip("fd00::1"), undefined, ip("2001:db8::7"), undefined, ip("2001:db8::7")],
    listen: ["lan fd00::1", "wan 2001:db8::7", "loopback 127.0.0.1", "loopback ::1"],
  }],
  ["host_outbound for its own family", { hostOutbound: "198.51.100.9" }, DUAL, {
    own: [
      ip("192.168.1.1"),
      ip("fd00::1"),
      ip("203.0.113.7"),
      ip("2001:db8::7"),
      ip("198.51.100.9"),
    ],
    listen: [
      "lan 192.168.1.1",
      "lan fd00::1",
      "wan 203.0.113.7",
      "wan 2001:db8::7",
      "loopback 127.0.0.1",
      "loopback ::1",
    ],
  }],
  ["both families of one interface", { inbound: "eth0", outbound: "eth0" }, {
    addresses: [LO, LAN, at("eth0", "2001:db8:1::1/64")],
    route: undefined,
  }, {
    own: [
      ip("192.168.1.1"),
      ip("2001:db8:1::1"),
      ip("192.168.1.1"),
      ip("2001:db8:1::1"),
      ip("192.168.1.1"),
    ],
    listen: ["both 192.168.1.1", "both 2001:db8:1::1", "loopback 127.0.0.1"],
  }],
  ["no link-local address", { inbound: "eth0", outbound: "ppp0" }, {
    addresses: [LO, at("eth0", "192.168.1.1/24"), at("eth0", "fe80::1/64"), WAN],
    route: undefined,
  }, {
    own: [ip("192.168.1.1"), undefined, ip("203.0.113.7"), undefined, ip("203.0.113.7")],
    listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
  }],
];

for (const [title, settings, machine, expected] of FAMILY_CASES) {
  Deno.test(`chooseNetwork() takes ${title}`, () => {
    deepStrictEqual(bothFamilies(settings, machine), expected);
  });
}

Deno.test("chooseNetwork() has no side of an interface with link-local IPv6 alone", () => {
  const machine = { addresses: [LO, at("eth0", "fe80::1/64"), WAN], route: undefined };
  const chosen = chooseNetwork({ ...UNSET, inbound: "eth0", outbound: "ppp0" }, machine);
  deepStrictEqual([chosen.view.own.lan, chosen.problems.length], [undefined, 1]);
});

Deno.test("chooseNetwork() knows the prefixes of the LAN", () => {
  const { view } = chooseNetwork(UNSET, DUAL);
  const networks = ["192.168.1.1/24", "2001:db8:1::1/64", "fd00::1/64", "fe80::1/64"];
  deepStrictEqual(view.own.lanNetworks, networks.map(parseIpNetwork));
});
