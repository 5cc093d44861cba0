import { strictEqual } from "node:assert/strict";
import { parseIpNetwork } from "../base/ip_network.ts";
import { address, place } from "../../tests/support/core_world.ts";
import { phoneWorld, type PhoneWorldOptions } from "../../tests/support/phone_world.ts";
import { arrivalSide, isOwnAddress, isOwnHostPort, isOwnSocket } from "./own_address.ts";

const TWO_SIDES: PhoneWorldOptions = {
  phones: [],
  own: { advertised: address("203.0.113.9") },
  hosts: {
    "router.example": "192.0.2.1",
    "public.example": "203.0.113.9",
    "elsewhere.example": "192.0.2.10",
  },
};

const ADDRESSES: readonly (readonly [string, boolean])[] = [
  ["10.0.0.1", true],
  ["192.0.2.1", true],
  ["203.0.113.9", true],
  ["127.0.0.1", true],
  ["127.0.0.2", false],
  ["10.0.0.10", false],
  ["192.0.2.10", false],
  ["192.0.2.254", false],
  ["0.0.0.0", false],
];

for (const [text, isOwn] of ADDRESSES) {
  Deno.test(`isOwnAddress() says ${isOwn} for ${text}`, () => {
    strictEqual(isOwnAddress(address(text), phoneWorld(TWO_SIDES).env), isOwn);
  });
}

const SOCKETS: readonly (readonly [string, boolean])[] = [
  ["10.0.0.1:5060", true],
  ["192.0.2.1:5060", true],
  ["203.0.113.9:5060", true],
  ["127.0.0.1:5060", true],
  ["10.0.0.1:5061", false],
  ["192.0.2.1:7070", false],
  ["192.0.2.10:5060", false],
];

for (const [text, isOwn] of SOCKETS) {
  Deno.test(`isOwnSocket() says ${isOwn} for ${text}`, () => {
    strictEqual(isOwnSocket(place(text), phoneWorld(TWO_SIDES).env), isOwn);
  });
}

const PLACES: readonly (readonly [string, number | undefined, boolean])[] = [
  ["10.0.0.1", undefined, true],
  ["10.0.0.1", 5060, true],
  ["10.0.0.1", 5061, false],
  ["192.0.2.1", undefined, true],
  ["203.0.113.9", undefined, true],
  ["[::ffff:192.0.2.1]", undefined, true],
  ["192.0.2.10", undefined, false],
  ["[2001:db8::1]", undefined, false],
  ["router.example", undefined, false],
];

for (const [host, port, isOwn] of PLACES) {
  Deno.test(`isOwnHostPort() says ${isOwn} for ${host} ${port ?? "without port"}`, () => {
    strictEqual(isOwnHostPort({ host, port }, phoneWorld(TWO_SIDES).env), isOwn);
  });
}

Deno.test("isOwnHostPort() goes by another listening port when one is set", () => {
  const { env } = phoneWorld({ ...TWO_SIDES, settings: "sip_listen_port = 5080" });
  strictEqual(isOwnHostPort({ host: "192.0.2.1", port: 5080 }, env), true);
  strictEqual(isOwnHostPort({ host: "192.0.2.1", port: undefined }, env), false);
});

const NAMES: readonly (readonly [string, boolean])[] = [
  ["router.example", true],
  ["public.example", true],
  ["elsewhere.example", false],
  ["nowhere.example", false],
];

for (const [host, isOwn] of NAMES) {
  Deno.test(`isOwnHostPort() says ${isOwn} for ${host} once it is in the cache`, () => {
    const { env } = phoneWorld(TWO_SIDES);
    const known = {
      ...env,
      lookUp: (query: Parameters<typeof env.lookUp>[0]) => {
        const text = TWO_SIDES.hosts?.[query.host];
        if (text === undefined) return { kind: "failed", reason: "NXDOMAIN" } as const;
        const peer = { address: address(text), port: query.port ?? 5060 };
        return { kind: "targets", targets: [{ peer, transport: undefined }] } as const;
      },
    };
    strictEqual(isOwnHostPort({ host, port: undefined }, known), isOwn);
  });
}

/** A machine with one interface at 192.168.1.2, the router at .1, phones on the same network (decisions, row 5). */
const ONE: PhoneWorldOptions = {
  phones: [],
  own: {
    lan: address("192.168.1.2"),
    wan: address("192.168.1.2"),
    advertised: address("203.0.113.9"),
    lanNetworks: [parseIpNetwork("192.168.1.0/24")].filter((network) => network !== undefined),
    gateway: address("192.168.1.1"),
  },
};

const ONE_SIDES: readonly (readonly [string, string, "lan" | "wan"])[] = [
  ["a phone of the subnet", "192.168.1.20:5060", "lan"],
  ["ourselves", "192.168.1.2:5060", "lan"],
  ["the default gateway", "192.168.1.1:5060", "wan"],
  ["the Internet", "198.51.100.7:5060", "wan"],
  ["another private network", "10.9.9.9:5060", "wan"],
];

for (const [who, source, side] of ONE_SIDES) {
  Deno.test(`arrivalSide() puts ${who} on the ${side} side of one interface`, () => {
    const world = phoneWorld(ONE);
    for (const listenPoint of world.env.listenPoints) {
      if (listenPoint.local.address !== world.own.lan) continue;
      strictEqual(arrivalSide({ source: place(source), listenPoint }, world), side);
    }
  });
}

/** The same machine with IPv6, of which both sides have one address too. */
const ONE_WITH_IPV6: PhoneWorldOptions = {
  phones: [],
  own: {
    ...ONE.own,
    lan6: address("fd00::2"),
    wan6: address("fd00::2"),
    lanNetworks: ["192.168.1.0/24", "fd00::/64"].map(parseIpNetwork)
      .filter((network) => network !== undefined),
  },
};

const ONE_SIDES_IPV6: readonly (readonly [string, string, "lan" | "wan"])[] = [
  ["a phone of the prefix", "[fd00::20]:5060", "lan"],
  ["the Internet", "[2001:db8::20]:5060", "wan"],
];

for (const [who, source, side] of ONE_SIDES_IPV6) {
  Deno.test(`arrivalSide() puts ${who} by IPv6 on the ${side} side of one interface`, () => {
    const world = phoneWorld(ONE_WITH_IPV6);
    const listenPoint = world.env.listenPoints.find(({ local }) => local.address === "fd00::2");
    if (listenPoint === undefined) throw new Error("no IPv6 socket");
    strictEqual(arrivalSide({ source: place(source), listenPoint }, world), side);
  });
}

Deno.test("arrivalSide() takes a registrar of the own subnet for the outside", () => {
  const world = phoneWorld(ONE);
  const [listenPoint] = world.env.listenPoints;
  if (listenPoint === undefined) throw new Error("no socket");
  const arrival = { source: place("192.168.1.50:5060"), listenPoint };
  strictEqual(arrivalSide(arrival, world), "lan");
  world.state.knownPeers.set(arrival.source.address, { value: "peer", nowMs: world.nowMs });
  strictEqual(arrivalSide(arrival, world), "wan");
});

Deno.test("arrivalSide() believes the socket where there are two interfaces", () => {
  const world = phoneWorld({ phones: [] });
  for (const listenPoint of world.env.listenPoints) {
    for (const source of ["10.0.0.10:5060", "192.0.2.10:5060", "127.0.0.1:5060"]) {
      strictEqual(arrivalSide({ source: place(source), listenPoint }, world), listenPoint.side);
    }
  }
});

Deno.test("arrivalSide() takes loopback for the phones' side, on one interface too", () => {
  for (const options of [ONE, { phones: [] }]) {
    const world = phoneWorld(options);
    const loopback = world.env.listenPoints.find((point) => point.local.address === "127.0.0.1");
    if (loopback === undefined) throw new Error("no loopback socket");
    const source = place("127.0.0.1:5080");
    strictEqual(arrivalSide({ source, listenPoint: loopback }, world), "lan");
  }
});
