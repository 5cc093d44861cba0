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
const ROUTER: Machine = {
  addresses: [LO, LAN, WAN],
  route: { interfaceName: "ppp0", gateway: undefined },
};

/** The choice in short: both sides, what is listened on, and what is missing. */
function choice(settings: Partial<InterfacesConfig>, machine: Machine) {
  const chosen = chooseNetwork({ ...UNSET, ...settings }, machine);
  return {
    lan: `${chosen.lan.name} ${chosen.lan.address} ${chosen.lan.origin}`,
    wan: `${chosen.wan.name} ${chosen.wan.address} ${chosen.wan.origin}`,
    listen: chosen.view.listen.map(({ role, address }) => `${role} ${address}`),
    problems: chosen.problems.length,
  };
}

const CASES: readonly {
  readonly title: string;
  readonly settings: Partial<InterfacesConfig>;
  readonly machine: Machine;
  readonly expected: ReturnType<typeof choice>;
}[] = [
  {
    title: "interface names",
    settings: { inbound: "eth0", outbound: "ppp0" },
    machine: ROUTER,
    expected: {
      lan: "eth0 192.168.1.1 configured",
      wan: "ppp0 203.0.113.7 configured",
      listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "addresses in place of names",
    settings: { inbound: "192.168.1.1", outbound: "203.0.113.7" },
    machine: ROUTER,
    expected: {
      lan: "eth0 192.168.1.1 configured",
      wan: "ppp0 203.0.113.7 configured",
      listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "the default route when nothing is set",
    settings: {},
    machine: ROUTER,
    expected: {
      lan: "eth0 192.168.1.1 found",
      wan: "ppp0 203.0.113.7 found",
      listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "a public address as outbound when there is no route",
    settings: {},
    machine: { addresses: [LO, LAN, WAN], route: undefined },
    expected: {
      lan: "eth0 192.168.1.1 found",
      wan: "ppp0 203.0.113.7 found",
      listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "the other interface when only if_inbound is set",
    settings: { inbound: "ppp0" },
    machine: { addresses: [LO, LAN, WAN], route: undefined },
    expected: {
      lan: "ppp0 203.0.113.7 configured",
      wan: "eth0 192.168.1.1 found",
      listen: ["lan 203.0.113.7", "wan 192.168.1.1", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "one interface for both sides",
    settings: {},
    machine: {
      addresses: [LO, LAN],
      route: { interfaceName: "eth0", gateway: ip("192.168.1.254") },
    },
    expected: {
      lan: "eth0 192.168.1.1 found",
      wan: "eth0 192.168.1.1 found",
      listen: ["both 192.168.1.1", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "no container bridge as LAN",
    settings: {},
    machine: {
      addresses: [LO, at("docker0", "172.17.0.1/16"), at("br-0123456789ab", "172.18.0.1/16"), LAN],
      route: { interfaceName: "eth0", gateway: undefined },
    },
    expected: {
      lan: "eth0 192.168.1.1 found",
      wan: "eth0 192.168.1.1 found",
      listen: ["both 192.168.1.1", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "a router's LAN bridge",
    settings: {},
    machine: {
      addresses: [LO, at("br-lan", "192.168.1.1/24"), WAN],
      route: { interfaceName: "ppp0", gateway: undefined },
    },
    expected: {
      lan: "br-lan 192.168.1.1 found",
      wan: "ppp0 203.0.113.7 found",
      listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "loopback alone",
    settings: {},
    machine: { addresses: [LO], route: undefined },
    expected: {
      lan: "lo 127.0.0.1 found",
      wan: "lo 127.0.0.1 found",
      listen: ["both 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "loopback neighbours that no interface lists",
    settings: { inbound: "127.10.0.1", outbound: "127.20.0.1" },
    machine: { addresses: [LO], route: undefined },
    expected: {
      lan: "lo 127.10.0.1 configured",
      wan: "lo 127.20.0.1 configured",
      listen: ["lan 127.10.0.1", "wan 127.20.0.1", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
  {
    title: "a missing interface as down",
    settings: { inbound: "eth0", outbound: "ppp9" },
    machine: ROUTER,
    expected: {
      lan: "eth0 192.168.1.1 configured",
      wan: "ppp9 undefined configured",
      listen: ["lan 192.168.1.1", "loopback 127.0.0.1"],
      problems: 1,
    },
  },
  {
    title: "an address that is nobody's as down",
    settings: { inbound: "eth0", outbound: "198.51.100.1" },
    machine: ROUTER,
    expected: {
      lan: "eth0 192.168.1.1 configured",
      wan: "198.51.100.1 undefined configured",
      listen: ["lan 192.168.1.1", "loopback 127.0.0.1"],
      problems: 1,
    },
  },
  {
    title: "addresses at their word where interfaces cannot be listed",
    settings: { inbound: "192.168.1.1", outbound: "203.0.113.7" },
    machine: { addresses: [], route: undefined },
    expected: {
      lan: "192.168.1.1 192.168.1.1 configured",
      wan: "203.0.113.7 203.0.113.7 configured",
      listen: ["lan 192.168.1.1", "wan 203.0.113.7", "loopback 127.0.0.1"],
      problems: 0,
    },
  },
];

for (const { title, settings, machine, expected } of CASES) {
  Deno.test(`chooseNetwork() takes ${title}`, () => {
    deepStrictEqual(choice(settings, machine), expected);
  });
}

Deno.test("chooseNetwork() tells the LAN's networks, the gateway and the address shown outside", () => {
  const machine = { ...ROUTER, route: { interfaceName: "ppp0", gateway: ip("203.0.113.1") } };
  const { view } = chooseNetwork({ ...UNSET, hostOutbound: "198.51.100.9" }, machine);
  deepStrictEqual(view.own, {
    lan: ip("192.168.1.1"),
    wan: ip("203.0.113.7"),
    advertised: ip("198.51.100.9"),
    lanNetworks: [parseIpNetwork("192.168.1.1/24")],
    gateway: ip("203.0.113.1"),
  });
});

Deno.test("chooseNetwork() shows the outbound address while host_outbound is a name", () => {
  const { view } = chooseNetwork({ ...UNSET, hostOutbound: "sip.example.org" }, ROUTER);
  deepStrictEqual(view.own.advertised, ip("203.0.113.7"));
});

Deno.test("chooseNetwork() takes the neighbours of an unlisted loopback address as its network", () => {
  const machine: Machine = { addresses: [LO], route: undefined };
  const { view } = chooseNetwork(
    { ...UNSET, inbound: "127.10.0.1", outbound: "127.20.0.1" },
    machine,
  );
  deepStrictEqual(view.own.lanNetworks, [parseIpNetwork("127.10.0.1/24")]);
});
