import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  mediaAddress,
  playPackets,
  relayEnd,
  type RelayStep,
  rtcpPacket,
  rtpPacket,
} from "../../tests/support/relay_packets.ts";
import { MAX_PACKET_BYTES } from "./relay_decision.ts";
import { DROP_NO_TARGET } from "./verdict.ts";

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

Deno.test("decideRelay() drops everything before the party's SDP is known", () => {
  const end = relayEnd({ announced: "nothing" });
  playPackets(end, [["10.0.0.10", 4000, 1000, "unknown_party"], [
    "10.0.0.10",
    4000,
    9000,
    "unknown_party",
  ]]);
  strictEqual(end.target, undefined);
});

Deno.test("decideRelay() locks the announced source first", () => {
  const end = relayEnd();
  playPackets(end, [
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
  const end = relayEnd();
  playPackets(end, [["10.0.0.10", 61000, 1001, "learned"], [
    "10.0.0.10",
    61000,
    1021,
    "forwarded",
  ]]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 61000 });
});

Deno.test("decideRelay() locks any source only 500 ms after the announcement (R1)", () => {
  const end = relayEnd();
  playPackets(end, [
    ["198.51.100.9", 6000, 1499, "source"],
    ["198.51.100.9", 6000, 1500, "learned"],
    ["198.51.100.9", 6000, 1520, "forwarded"],
    ["198.51.100.10", 6000, 9000, "source"],
  ]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "198.51.100.9", port: 6000 });
});

Deno.test("decideRelay() gives a wrong lock up for what was announced, never for less (R1)", () => {
  const end = relayEnd();
  playPackets(end, [
    ["198.51.100.9", 6000, 1600, "learned"],
    ["10.0.0.10", 61000, 1620, "learned"],
    ["198.51.100.9", 6000, 1640, "source"],
    ["10.0.0.10", 4000, 1660, "learned"],
    ["10.0.0.10", 61000, 1680, "source"],
    ["10.0.0.10", 4000, 1700, "forwarded"],
  ]);
});

Deno.test("decideRelay() lets 10,000 spoofed packets change nothing (R1)", () => {
  const end = relayEnd();
  playPackets(end, [["10.0.0.10", 4000, 1001, "learned"]]);
  const steps = Array.from({ length: 10_000 }, (_, index): RelayStep => [
    `198.51.100.${index % 250}`,
    1024 + index,
    2000 + index,
    "source",
  ]);
  playPackets(end, steps);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 4000 });
  strictEqual(end.packets, 1);
});

Deno.test("decideRelay() waits for the first packet where nothing may be sent to", () => {
  const end = relayEnd({ announced: "wait" });
  strictEqual(end.target, undefined);
  playPackets(end, [
    ["198.51.100.9", 1023, 1001, "source"],
    ["198.51.100.9", 6000, 1002, "learned"],
    ["198.51.100.10", 6000, 1003, "source"],
  ]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "198.51.100.9", port: 6000 });
});

Deno.test("decideRelay() follows a rebound NAT after 2 s of silence, by its SSRC", () => {
  const end = relayEnd();
  playPackets(end, [
    ["10.0.0.10", 4000, 1001, "learned"],
    ["10.0.0.10", 5555, 3000, "source", rtpPacket(7)],
    ["10.0.0.10", 5555, 3001, "source", rtpPacket(8)],
    ["10.0.0.66", 5555, 3001, "source", rtpPacket(7)],
    ["10.0.0.10", 5555, 3001, "learned", rtpPacket(7)],
    ["10.0.0.10", 4000, 3021, "source", rtpPacket(7)],
    ["10.0.0.10", 5555, 3022, "forwarded", rtpPacket(7)],
  ]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 5555 });
});

Deno.test("decideRelay() follows no rebound NAT where there is no SSRC", () => {
  const end = relayEnd({ payload: "other" });
  playPackets(end, [["10.0.0.10", 4000, 1001, "learned"], ["10.0.0.10", 5555, 9000, "source"]]);
});

Deno.test("decideRelay() never learns from STUN (R16)", () => {
  for (const payload of ["rtp", "other"] as const) {
    const end = relayEnd({ payload, announced: "wait" });
    playPackets(end, [["198.51.100.9", 6000, 1001, "stun", STUN], [
      "10.0.0.10",
      4000,
      1002,
      "learned",
    ]]);
    playPackets(end, [["10.0.0.10", 4000, 1003, "stun", STUN], [
      "10.0.0.10",
      4000,
      1004,
      "forwarded",
    ]]);
  }
});

Deno.test("decideRelay() passes DTLS and ZRTP, which teach nothing about strangers (R4)", () => {
  const zrtp = Uint8Array.from(DTLS);
  zrtp[0] = 0x10;
  for (const keying of [DTLS, zrtp]) {
    const waiting = relayEnd({ announced: "wait" });
    playPackets(waiting, [["198.51.100.9", 6000, 1001, "source", keying]]);
    const announced = relayEnd();
    playPackets(announced, [
      ["198.51.100.9", 6000, 2001, "source", keying],
      ["10.0.0.10", 4000, 2002, "learned", keying],
      ["10.0.0.10", 4000, 2003, "forwarded", keying],
    ]);
    strictEqual(announced.lastPacketAtMs, 0);
  }
});

Deno.test("decideRelay() drops what is no RTP and never ends the lock for it (R16)", () => {
  const end = relayEnd();
  const version1 = rtpPacket();
  version1[0] = 0x40;
  playPackets(end, [
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
  const end = relayEnd({ payload: "other" });
  const udptl = Uint8Array.from([0, 1, 6, 1]);
  playPackets(end, [["10.0.0.10", 4000, 1001, "learned", udptl], [
    "10.0.0.10",
    4000,
    1002,
    "forwarded",
    udptl,
  ]]);
  strictEqual(end.lastPacketAtMs, 1002);
});

Deno.test("decideRelay() passes RTCP on the RTP port, which is no sign of media", () => {
  const end = relayEnd();
  playPackets(end, [
    ["10.0.0.10", 4000, 1001, "learned"],
    ["10.0.0.10", 4000, 1500, "forwarded", rtcpPacket()],
  ]);
  strictEqual(end.lastPacketAtMs, 1001);
  strictEqual(end.sourceId, 7);
});

Deno.test("decideRelay() keeps RTP off the RTCP port", () => {
  const end = relayEnd({ component: "rtcp" });
  playPackets(end, [
    ["10.0.0.10", 4000, 1001, "not_rtp"],
    ["10.0.0.10", 4000, 1002, "learned", rtcpPacket()],
    ["10.0.0.10", 4000, 1003, "forwarded", rtcpPacket()],
  ]);
  strictEqual(end.lastPacketAtMs, 0);
});

Deno.test("decideRelay() locks RTCP separately, on the address of RTP", () => {
  const end = relayEnd({ component: "rtcp", announced: mediaAddress("10.0.0.10", 4001) });
  const companion = relayEnd();
  end.companion = companion;
  playPackets(end, [["198.51.100.9", 6001, 9000, "source", rtcpPacket()]]);
  playPackets(companion, [["198.51.100.9", 6000, 9001, "learned"]]);
  playPackets(end, [
    ["198.51.100.9", 6777, 9002, "learned", rtcpPacket()],
    ["10.0.0.66", 4001, 9003, "source", rtcpPacket()],
    ["10.0.0.10", 4001, 9004, "learned", rtcpPacket()],
  ]);
});

Deno.test("decideRelay() locks no RTCP of a party that is still waited for", () => {
  const end = relayEnd({ component: "rtcp", announced: "wait" });
  end.companion = relayEnd({ announced: "wait" });
  playPackets(end, [["198.51.100.9", 6001, 9000, "source", rtcpPacket()]]);
});

Deno.test("decideRelay() learns although the other party has no address yet", () => {
  const end = relayEnd();
  const other = end.outlet;
  if (other === undefined) throw new Error("no outlet");
  other.target = undefined;
  playPackets(end, [["10.0.0.10", 4000, 1001, "no_target"], [
    "10.0.0.10",
    4000,
    1002,
    "no_target",
  ]]);
  deepStrictEqual(end.target, { transport: "udp", hostname: "10.0.0.10", port: 4000 });
  // Either accepted or dropped, never both: the counters add up.
  deepStrictEqual([end.verdicts[DROP_NO_TARGET], end.packets, end.bytes], [2, 0, 0]);
  end.outlet = undefined;
  playPackets(end, [["10.0.0.10", 4000, 1003, "no_target"]]);
});
