import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Standing } from "../access/flood_gate.ts";
import { ip } from "../../tests/support/address.ts";
import { place } from "../../tests/support/core_world.ts";
import type { CoreWorld } from "../../tests/support/core_world.ts";
import { incomingText, phoneWorld, requestText } from "../../tests/support/phone_world.ts";
import { sendsOf, STRANGER } from "../../tests/support/phone_world.ts";
import type { Arrival } from "./own_address.ts";
import { isKnownSource, mayHearUs, standingOf } from "./standing.ts";

/** A datagram of somebody to our socket of a side. */
function arrival(world: CoreWorld, side: "lan" | "wan", source: string): Arrival {
  const listenPoint = world.env.listenPoints.find((point) => point.side === side);
  if (listenPoint === undefined) throw new Error(`Cannot find a socket of side ${side}`);
  return { source: place(source), listenPoint };
}

interface Sender {
  readonly name: string;
  readonly side: "lan" | "wan";
  readonly source: string;
  readonly standing: Standing;
  readonly settings?: string;
}

const SENDERS: readonly Sender[] = [
  { name: "a registered phone", side: "lan", source: "10.0.0.10:5062", standing: "phone" },
  { name: "a phone by another port", side: "lan", source: "10.0.0.10:9", standing: "phone" },
  { name: "a new phone", side: "lan", source: "10.0.0.77:5060", standing: "stranger" },
  { name: "the registrar", side: "wan", source: "192.0.2.10:5070", standing: "peer" },
  { name: "a scanner", side: "wan", source: "192.0.2.66:5060", standing: "stranger" },
  { name: "a program on this machine", side: "lan", source: "127.0.0.1:5061", standing: "own" },
  { name: "ourselves", side: "lan", source: "10.0.0.1:5060", standing: "own" },
  {
    name: "a trunk that hosts_allow_sip names",
    side: "wan",
    source: "192.0.2.66:5060",
    standing: "peer",
    settings: "hosts_allow_sip = 192.0.2.0/24,10.0.0.0/8",
  },
  {
    name: "anybody where everybody is allowed",
    side: "wan",
    source: "192.0.2.66:5060",
    standing: "stranger",
    settings: "hosts_allow_sip = 0.0.0.0/0",
  },
];

for (const { name, side, source, standing, settings = "" } of SENDERS) {
  Deno.test(`standingOf() takes ${name} for a ${standing}`, () => {
    const world = phoneWorld({ settings });
    strictEqual(standingOf(arrival(world, side, source), world), standing);
  });
}

Deno.test("standingOf() takes a server that a provider's name stands for now for a peer", () => {
  const world = phoneWorld();
  world.state.providers = new Set([ip("198.51.100.30")]);
  const before = standingOf(arrival(world, "wan", "198.51.100.31:5060"), world);
  const now = standingOf(arrival(world, "wan", "198.51.100.30:5060"), world);
  deepStrictEqual([before, now], ["stranger", "peer"]);
});

Deno.test("isKnownSource() knows phones, registrars and providers, nobody else", () => {
  const world = phoneWorld();
  world.state.providers = new Set([ip("198.51.100.30")]);
  const sources = ["10.0.0.10", "192.0.2.10", "198.51.100.30", "192.0.2.66", "10.0.0.77"];
  deepStrictEqual(
    sources.map((source) => isKnownSource(ip(source), world)),
    [true, true, true, false, false],
  );
});

interface Listener {
  readonly side: "lan" | "wan";
  readonly source: string;
  readonly wanPeers: "any" | "known";
  readonly hears: boolean;
}

const LISTENERS: readonly Listener[] = [
  { side: "wan", source: "192.0.2.66:40000", wanPeers: "known", hears: false },
  { side: "wan", source: "192.0.2.66:40000", wanPeers: "any", hears: true },
  { side: "wan", source: "192.0.2.10:40000", wanPeers: "known", hears: true },
  { side: "lan", source: "10.0.0.77:40000", wanPeers: "known", hears: true },
];

for (const { side, source, wanPeers, hears } of LISTENERS) {
  Deno.test(`mayHearUs() is ${hears} for ${source} on ${side} with wan_peers = ${wanPeers}`, () => {
    const world = phoneWorld({ settings: `wan_peers = ${wanPeers}` });
    strictEqual(mayHearUs(arrival(world, side, source), world), hears);
  });
}

Deno.test("runPipeline() takes a call of a provider's new server with wan_peers = known", () => {
  const world = phoneWorld({ settings: "wan_peers = known" });
  strictEqual(sendsOf(world.receive(incomingText(), STRANGER)).length, 0);
  world.state.providers = new Set([ip("192.0.2.66")]);
  const [forwarded] = sendsOf(world.receive(incomingText({ callId: "again" }), STRANGER));
  strictEqual(forwarded?.text.startsWith("INVITE sip:alice@10.0.0.10:5062"), true);
});

Deno.test("applyStateAction() keeps a registrar known through a flood of requests elsewhere", () => {
  const world = phoneWorld({ settings: "max_registrations = 20000" });
  for (let n = 0; n < 5_000; n++) {
    const uri = `sip:x@198.18.${n >> 8}.${n & 255}`;
    const via = `SIP/2.0/UDP 10.0.0.10:5062;branch=z9hG4bKflood${n}`;
    world.receive(requestText({ method: "OPTIONS", uri, via, callId: `flood-${n}` }), {
      side: "lan",
      source: "10.0.0.10:5062",
    });
  }
  deepStrictEqual([isKnownSource(ip("192.0.2.10"), world), world.state.knownPeers.size], [
    true,
    2_048,
  ]);
});
