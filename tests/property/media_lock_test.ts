import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createArrival, decideRelay } from "../../src/rtp/relay_decision.ts";
import type { RelayEnd } from "../../src/rtp/relay_end.ts";
import { FIRST_DROP, VERDICT_NAMES } from "../../src/rtp/verdict.ts";
import { PHONE, relayEnd, rtcpPacket, rtpPacket } from "../support/relay_packets.ts";
import { Dice } from "./dice.ts";

/** Spoofed packets of one attack (R1). */
const ATTACK_PACKETS = 10_000;

/** Counts what passes of packets from one source. */
function passed(end: RelayEnd, packets: {
  readonly count: number;
  readonly hostname: string;
  readonly portOf: (index: number) => number;
  readonly make?: (index: number) => Uint8Array;
  readonly startMs: number;
}): number {
  const arrival = createArrival();
  let count = 0;
  for (let index = 0; index < packets.count; index++) {
    Object.assign(arrival, {
      packet: packets.make?.(index) ?? rtpPacket(),
      hostname: packets.hostname,
      port: packets.portOf(index),
      nowMs: packets.startMs + index,
    });
    if (decideRelay(end, arrival) < FIRST_DROP) count++;
  }
  return count;
}

/** An end whose phone has sent a packet from where its SDP said. */
function locked(component: "rtp" | "rtcp" = "rtp"): RelayEnd {
  const end = relayEnd({ component });
  const make = () => component === "rtp" ? rtpPacket() : rtcpPacket();
  const one = passed(end, {
    count: 1,
    hostname: PHONE.address,
    portOf: () => PHONE.port,
    startMs: 1_001,
    make,
  });
  strictEqual(one, 1);
  return end;
}

const ATTACKS: readonly (readonly [string, string, (index: number) => number])[] = [
  ["one port of a third host", "203.0.113.66", () => 4_000],
  ["every port of a third host", "203.0.113.66", (index) => 1_024 + index],
  ["a private host", "10.0.0.77", () => 4_000],
  ["ourselves", "10.0.0.1", () => 7_070],
];

for (const component of ["rtp", "rtcp"] as const) {
  for (const [who, hostname, portOf] of ATTACKS) {
    Deno.test(`decideRelay() lets ${ATTACK_PACKETS} packets of ${who} pass no locked ${component} port (R1, R3)`, () => {
      const end = locked(component);
      const make = () => component === "rtp" ? rtpPacket() : rtcpPacket();
      strictEqual(
        passed(end, { count: ATTACK_PACKETS, hostname, portOf, startMs: 5_000, make }),
        0,
      );
      deepStrictEqual([end.target?.hostname, end.target?.port, end.lockedPort], [
        PHONE.address,
        PHONE.port,
        PHONE.port,
      ]);
      strictEqual(end.verdicts[VERDICT_NAMES.indexOf("source")], ATTACK_PACKETS);
    });
  }
}

Deno.test("decideRelay() lets the phone's packets pass between those of an attacker", () => {
  const end = locked();
  let good = 0;
  for (let round = 0; round < 1_000; round++) {
    passed(end, {
      count: 3,
      hostname: "203.0.113.66",
      portOf: () => 4_000,
      startMs: 2_000 + round,
    });
    good += passed(end, {
      count: 1,
      hostname: PHONE.address,
      portOf: () => PHONE.port,
      startMs: 2_000 + round,
    });
  }
  strictEqual(good, 1_000);
});

Deno.test("decideRelay() learns nobody but the announced address in the first half second", () => {
  for (const hostname of ["203.0.113.66", "10.0.0.77", "10.0.0.100", "110.0.0.10"]) {
    const end = relayEnd();
    strictEqual(passed(end, { count: 499, hostname, portOf: () => 4_000, startMs: 1_000 }), 0);
    deepStrictEqual([end.lockedPort, end.target?.hostname], [0, PHONE.address]);
  }
});

Deno.test("decideRelay() gives a wrong lock up for the announced address, and never the other way round", () => {
  const end = relayEnd();
  strictEqual(
    passed(end, { count: 5, hostname: "203.0.113.66", portOf: () => 4_000, startMs: 1_600 }),
    5,
  );
  strictEqual(
    passed(end, { count: 1, hostname: PHONE.address, portOf: () => PHONE.port, startMs: 1_700 }),
    1,
  );
  strictEqual(
    passed(end, {
      count: ATTACK_PACKETS,
      hostname: "203.0.113.66",
      portOf: () => 4_000,
      startMs: 1_800,
    }),
    0,
  );
  strictEqual(end.target?.hostname, PHONE.address);
});

Deno.test("decideRelay() locks on no broken packet (R16)", () => {
  const dice = new Dice(3550);
  // A first octet from 64 to 127 is no protocol that RFC 7983 knows.
  const broken = () =>
    Uint8Array.from([dice.between(64, 127), ...dice.times(dice.below(40), () => dice.below(256))]);
  const end = relayEnd();
  passed(end, {
    count: 2_000,
    hostname: PHONE.address,
    portOf: () => PHONE.port,
    startMs: 1_001,
    make: broken,
  });
  strictEqual(end.lockedPort, 0);
  strictEqual(
    passed(end, { count: 1, hostname: PHONE.address, portOf: () => PHONE.port, startMs: 3_100 }),
    1,
  );
});

Deno.test("decideRelay() does not end a call for any number of broken packets of its own party (R16)", () => {
  const dice = new Dice(1);
  const end = locked();
  const broken = () => Uint8Array.from(dice.times(dice.below(40), () => dice.below(256)));
  passed(end, {
    count: 2_000,
    hostname: PHONE.address,
    portOf: () => PHONE.port,
    startMs: 1_002,
    make: broken,
  });
  strictEqual(
    passed(end, { count: 100, hostname: PHONE.address, portOf: () => PHONE.port, startMs: 3_100 }),
    100,
  );
});

Deno.test("decideRelay() follows a rebound NAT only with the same source after silence", () => {
  const cases: readonly (readonly [number, number, string, number])[] = [
    [7, 3_100, PHONE.address, 1],
    [7, 2_900, PHONE.address, 0],
    [8, 9_000, PHONE.address, 0],
    [7, 9_000, "203.0.113.66", 0],
  ];
  for (const [sourceId, startMs, hostname, wanted] of cases) {
    const end = locked();
    const got = passed(end, {
      count: 1,
      hostname,
      portOf: () => 5_555,
      startMs,
      make: () => rtpPacket(sourceId),
    });
    strictEqual(got, wanted, `${sourceId} ${startMs} ${hostname}`);
  }
});
