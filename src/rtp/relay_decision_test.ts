import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { parseIpAddress } from "../base/ip_address.ts";
import type { SocketAddress } from "../base/socket_address.ts";
import { createArrival, decideRelay, MAX_PACKET_BYTES } from "./relay_decision.ts";
import { announceEnd, createRelayEnd, type MediaSocket, type RelayEnd } from "./relay_end.ts";
import { DROP_NO_TARGET, type Verdict, VERDICT_NAMES } from "./verdict.ts";

const SOCKET: MediaSocket = { send: () => Promise.resolve(0) };
const PHONE = at("10.0.0.10", 4000);

function at(text: string, port: number): SocketAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(text);
  return { address, port };
}

interface EndOptions {
  readonly component?: "rtp" | "rtcp";
  readonly payload?: "rtp" | "other";
  readonly announced?: SocketAddress | "wait" | "nothing";
}

/** An end of the LAN leg, announced at 1000 ms, whose other party can be sent to. */
function newEnd(options: EndOptions = {}): RelayEnd {
  const { component = "rtp", payload = "rtp", announced = PHONE } = options;
  const common = { streamId: 1, component, payload, socket: SOCKET };
  const end = createRelayEnd({ ...common, side: "lan" });
  const other = createRelayEnd({ ...common, side: "wan" });
  end.outlet = other;
  announceEnd(other, { address: at("203.0.113.9", 9000), nowMs: 1000, learning: "keep" });
  if (announced === "nothing") return end;
  const address = announced === "wait" ? undefined : announced;
  announceEnd(end, { address, nowMs: 1000, learning: "keep" });
  return end;
}

function rtp(sourceId = 7): Uint8Array {
  const packet = new Uint8Array(172);
  packet.set([0x80, 0, 0, 1, 0, 0, 0, 160, 0, 0, 0, sourceId]);
  return packet;
}

function rtcp(): Uint8Array {
  const packet = new Uint8Array(28);
  packet.set([0x80, 200]);
  return packet;
}

const STUN: Uint8Array = Uint8Array.from([
  0,
  1,
  0,
  0,
  0x21,
  0x12,
  0xa4,
  0x42,
  ...new Array<number>(12).fill(9),
]);
const DTLS: Uint8Array = Uint8Array.from([22, 0xfe, 0xff, ...new Array<number>(57).fill(0)]);

type Step = readonly [
  hostname: string,
  port: number,
  nowMs: number,
  verdict: string,
  packet?: Uint8Array,
];

function verdictName(verdict: Verdict): string {
  return VERDICT_NAMES[verdict] ?? "";
}

/** Sends packets in order and compares each verdict. */
function play(end: RelayEnd, steps: readonly Step[]): void {
  const arrival = createArrival();
  for (const [index, [hostname, port, nowMs, verdict, packet = rtp()]] of steps.entries()) {
    Object.assign(arrival, { hostname, port, nowMs, packet });
    strictEqual(verdictName(decideRelay(end, arrival)), verdict, `step ${index}`);
  }
}

Deno.test("decideRelay() drops everything before the party's SDP is known", () => {
  const end = newEnd({ announced: "nothing" });
  play(end, [["10.0.0.10", 4000, 1000, "unknown_party"], [
    "10.0.0.10",
    4000,
    9000,
    "unknown_party",
  ]]);
  strictEqual(end.target, undefined);
});

Deno.test("decideRelay() locks the announced source first", () => {
  const end = newEnd();
  play(end, [
    ["10.0.0.10", 4000, 1001, "learned"],
    ["10.0.0.10", 4000, 1021, "forwarded"],
    ["10.0.0.66", 4000, 2000, "source"],
    ["10.0.0.10", 4002, 2001, "source"],
  ]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 4000 });
  strictEqual(end.packets, 2);
  strictEqual(end.bytes, 344);
  strictEqual(end.lastPacketAtMs, 1021);
});

Deno.test("decideRelay() locks another port of the announced address at once", () => {
  const end = newEnd();
  play(end, [["10.0.0.10", 61000, 1001, "learned"], ["10.0.0.10", 61000, 1021, "forwarded"]]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 61000 });
});

Deno.test("decideRelay() locks any source only 500 ms after the announcement", () => {
  const end = newEnd();
  play(end, [
    ["198.51.100.9", 6000, 1499, "source"],
    ["198.51.100.9", 6000, 1500, "learned"],
    ["198.51.100.9", 6000, 1520, "forwarded"],
    ["198.51.100.10", 6000, 9000, "source"],
  ]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "198.51.100.9", port: 6000 });
});

Deno.test("decideRelay() gives a wrong lock up for what was announced, never for less", () => {
  const end = newEnd();
  play(end, [
    ["198.51.100.9", 6000, 1600, "learned"],
    ["10.0.0.10", 61000, 1620, "learned"],
    ["198.51.100.9", 6000, 1640, "source"],
    ["10.0.0.10", 4000, 1660, "learned"],
    ["10.0.0.10", 61000, 1680, "source"],
    ["10.0.0.10", 4000, 1700, "forwarded"],
  ]);
});

Deno.test("decideRelay() lets 10,000 spoofed packets change nothing (R1)", () => {
  const end = newEnd();
  play(end, [["10.0.0.10", 4000, 1001, "learned"]]);
  const steps = Array.from({ length: 10_000 }, (_, index): Step => [
    `198.51.100.${index % 250}`,
    1024 + index,
    2000 + index,
    "source",
  ]);
  play(end, steps);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 4000 });
  strictEqual(end.packets, 1);
});

Deno.test("decideRelay() waits for the first packet where nothing may be sent to", () => {
  const end = newEnd({ announced: "wait" });
  strictEqual(end.target, undefined);
  play(end, [
    ["198.51.100.9", 1023, 1001, "source"],
    ["198.51.100.9", 6000, 1002, "learned"],
    ["198.51.100.10", 6000, 1003, "source"],
  ]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "198.51.100.9", port: 6000 });
});

Deno.test("decideRelay() follows a rebound NAT after 2 s of silence, by its SSRC", () => {
  const end = newEnd();
  play(end, [
    ["10.0.0.10", 4000, 1001, "learned"],
    ["10.0.0.10", 5555, 3000, "source", rtp(7)],
    ["10.0.0.10", 5555, 3001, "source", rtp(8)],
    ["10.0.0.66", 5555, 3001, "source", rtp(7)],
    ["10.0.0.10", 5555, 3001, "learned", rtp(7)],
    ["10.0.0.10", 4000, 3021, "source", rtp(7)],
    ["10.0.0.10", 5555, 3022, "forwarded", rtp(7)],
  ]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 5555 });
});

Deno.test("decideRelay() follows no rebound NAT where there is no SSRC", () => {
  const end = newEnd({ payload: "other" });
  play(end, [["10.0.0.10", 4000, 1001, "learned"], ["10.0.0.10", 5555, 9000, "source"]]);
});

Deno.test("decideRelay() never learns from STUN", () => {
  for (const payload of ["rtp", "other"] as const) {
    const end = newEnd({ payload, announced: "wait" });
    play(end, [["198.51.100.9", 6000, 1001, "stun", STUN], ["10.0.0.10", 4000, 1002, "learned"]]);
    play(end, [["10.0.0.10", 4000, 1003, "stun", STUN], ["10.0.0.10", 4000, 1004, "forwarded"]]);
  }
});

Deno.test("decideRelay() passes DTLS and ZRTP, which teach nothing about strangers (R4)", () => {
  const zrtp = Uint8Array.from(DTLS);
  zrtp[0] = 0x10;
  for (const keying of [DTLS, zrtp]) {
    const waiting = newEnd({ announced: "wait" });
    play(waiting, [["198.51.100.9", 6000, 1001, "source", keying]]);
    const announced = newEnd();
    play(announced, [
      ["198.51.100.9", 6000, 2001, "source", keying],
      ["10.0.0.10", 4000, 2002, "learned", keying],
      ["10.0.0.10", 4000, 2003, "forwarded", keying],
    ]);
    strictEqual(announced.lastPacketAtMs, 0);
  }
});

Deno.test("decideRelay() drops what is no RTP and never ends the lock for it (R16)", () => {
  const end = newEnd();
  const version1 = rtp();
  version1[0] = 0x40;
  play(end, [
    ["10.0.0.10", 4000, 1001, "not_rtp", version1],
    ["10.0.0.10", 4000, 1002, "learned"],
    ["10.0.0.10", 4000, 1003, "not_rtp", version1],
    ["10.0.0.10", 4000, 1004, "not_rtp", new Uint8Array(0)],
    ["10.0.0.10", 4000, 1005, "not_rtp", new Uint8Array(11).fill(0x80)],
    ["10.0.0.10", 4000, 1006, "too_long", new Uint8Array(MAX_PACKET_BYTES + 1).fill(0x80)],
    ["10.0.0.10", 4000, 1007, "forwarded", new Uint8Array(MAX_PACKET_BYTES).fill(0x80)],
    ["10.0.0.10", 4000, 1008, "forwarded"],
  ]);
  deepStrictEqual(end.verdicts, [2, 1, 0, 0, 4, 0, 0, 1]);
});

Deno.test("decideRelay() passes UDPTL as it is", () => {
  const end = newEnd({ payload: "other" });
  const udptl = Uint8Array.from([0, 1, 6, 1]);
  play(end, [["10.0.0.10", 4000, 1001, "learned", udptl], [
    "10.0.0.10",
    4000,
    1002,
    "forwarded",
    udptl,
  ]]);
  strictEqual(end.lastPacketAtMs, 1002);
});

Deno.test("decideRelay() passes RTCP on the RTP port, which is no sign of media", () => {
  const end = newEnd();
  play(end, [
    ["10.0.0.10", 4000, 1001, "learned"],
    ["10.0.0.10", 4000, 1500, "forwarded", rtcp()],
  ]);
  strictEqual(end.lastPacketAtMs, 1001);
  strictEqual(end.sourceId, 7);
});

Deno.test("decideRelay() keeps RTP off the RTCP port", () => {
  const end = newEnd({ component: "rtcp" });
  play(end, [
    ["10.0.0.10", 4000, 1001, "not_rtp"],
    ["10.0.0.10", 4000, 1002, "learned", rtcp()],
    ["10.0.0.10", 4000, 1003, "forwarded", rtcp()],
  ]);
  strictEqual(end.lastPacketAtMs, 0);
});

Deno.test("decideRelay() locks RTCP separately, on the address of RTP", () => {
  const end = newEnd({ component: "rtcp", announced: at("10.0.0.10", 4001) });
  const companion = newEnd();
  end.companion = companion;
  play(end, [["198.51.100.9", 6001, 9000, "source", rtcp()]]);
  play(companion, [["198.51.100.9", 6000, 9001, "learned"]]);
  play(end, [
    ["198.51.100.9", 6777, 9002, "learned", rtcp()],
    ["10.0.0.66", 4001, 9003, "source", rtcp()],
    ["10.0.0.10", 4001, 9004, "learned", rtcp()],
  ]);
});

Deno.test("decideRelay() locks no RTCP of a party that is still waited for", () => {
  const end = newEnd({ component: "rtcp", announced: "wait" });
  end.companion = newEnd({ announced: "wait" });
  play(end, [["198.51.100.9", 6001, 9000, "source", rtcp()]]);
});

Deno.test("decideRelay() learns although the other party has no address yet", () => {
  const end = newEnd();
  const other = end.outlet;
  if (other === undefined) throw new Error("no outlet");
  other.target = undefined;
  play(end, [["10.0.0.10", 4000, 1001, "no_target"], ["10.0.0.10", 4000, 1002, "no_target"]]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 4000 });
  strictEqual(end.verdicts[DROP_NO_TARGET], 2);
  end.outlet = undefined;
  play(end, [["10.0.0.10", 4000, 1003, "no_target"]]);
});

Deno.test("announceEnd() opens learning for a changed address and only then (R2)", () => {
  const end = newEnd();
  play(end, [["10.0.0.10", 4000, 1001, "learned"]]);
  const same = announceEnd(end, { address: PHONE, nowMs: 2000, learning: "keep" });
  strictEqual(same, "unchanged");
  play(end, [["10.0.0.10", 4000, 2001, "forwarded"]]);
  const changed = announceEnd(end, {
    address: at("10.0.0.11", 4444),
    nowMs: 3000,
    learning: "keep",
  });
  strictEqual(changed, "reopened");
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.11", port: 4444 });
  play(end, [
    ["10.0.0.10", 4000, 3001, "source"],
    ["10.0.0.11", 4444, 3002, "learned"],
    ["10.0.0.10", 4000, 9000, "source"],
  ]);
});

Deno.test("announceEnd() to an unusable address stops sending at once", () => {
  const end = newEnd();
  play(end, [["10.0.0.10", 4000, 1001, "learned"]]);
  announceEnd(end, { address: undefined, nowMs: 2000, learning: "keep" });
  strictEqual(end.target, undefined);
});
