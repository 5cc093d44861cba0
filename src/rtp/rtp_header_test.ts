import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  isStun,
  PACKET_KEYING,
  PACKET_OTHER,
  PACKET_RTCP,
  PACKET_RTP,
  PACKET_STUN,
  type PacketKind,
  packetKind,
  payloadType,
  sequenceNumber,
  sourceIdentifier,
  timestamp,
} from "./rtp_header.ts";

function packet(lengthBytes: number, head: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  bytes.set(head.slice(0, lengthBytes));
  return bytes;
}

const STUN_HEAD = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];

Deno.test("packetKind() demultiplexes by RFC 5761 and RFC 7983", () => {
  const table: readonly (readonly [string, Uint8Array, PacketKind])[] = [
    ["RTP", packet(172, [0x80, 0]), PACKET_RTP],
    ["RTP with marker", packet(172, [0x80, 0x80 | 96]), PACKET_RTP],
    ["RTP with padding, extension, contributors", packet(172, [0xbf, 8]), PACKET_RTP],
    ["RTP of the shortest", packet(12, [0x80, 0]), PACKET_RTP],
    ["too short for RTP", packet(11, [0x80, 0]), PACKET_OTHER],
    ["marker and payload type 63", packet(12, [0x80, 191]), PACKET_RTP],
    ["first RTCP type", packet(12, [0x80, 192]), PACKET_RTCP],
    ["sender report", packet(28, [0x80, 200]), PACKET_RTCP],
    ["receiver report", packet(8, [0x81, 201]), PACKET_RTCP],
    ["last RTCP type", packet(12, [0x80, 223]), PACKET_RTCP],
    ["marker and payload type 96", packet(12, [0x80, 224]), PACKET_RTP],
    ["too short for RTCP", packet(7, [0x81, 201]), PACKET_OTHER],
    ["STUN", packet(20, STUN_HEAD), PACKET_STUN],
    ["STUN without cookie", packet(20, [0, 1]), PACKET_OTHER],
    ["cut STUN", packet(19, STUN_HEAD), PACKET_OTHER],
    ["ZRTP", packet(28, [0x10, 0]), PACKET_KEYING],
    ["DTLS handshake", packet(60, [22, 0xfe]), PACKET_KEYING],
    ["last DTLS type", packet(60, [63]), PACKET_KEYING],
    ["TURN channel", packet(60, [64]), PACKET_OTHER],
    ["version 1", packet(60, [0x40]), PACKET_OTHER],
    ["version 3", packet(60, [0xc0]), PACKET_OTHER],
    ["version 0", packet(60, [4]), PACKET_OTHER],
    ["empty", packet(0, []), PACKET_OTHER],
    ["CRLF keep-alive", packet(4, [13, 10, 13, 10]), PACKET_OTHER],
  ];
  for (const [what, bytes, kind] of table) strictEqual(packetKind(bytes), kind, what);
});

Deno.test("isStun() needs every byte of the cookie", () => {
  strictEqual(isStun(packet(20, STUN_HEAD)), true);
  for (let index = 4; index < 8; index++) {
    const broken = packet(20, STUN_HEAD);
    broken[index] = 0;
    strictEqual(isStun(broken), false, `byte ${index}`);
  }
});

Deno.test("sourceIdentifier() reads the sender of RTP and of RTCP", () => {
  const bytes = packet(12, [0x80, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8]);
  strictEqual(sourceIdentifier(bytes, PACKET_RTP), 0x05060708);
  strictEqual(sourceIdentifier(bytes, PACKET_RTCP), 0x01020304);
});

Deno.test("payloadType() leaves the marker out", () => {
  strictEqual(payloadType(packet(12, [0x80, 0xe5])), 101);
});

Deno.test("sequenceNumber() is big-endian", () => {
  strictEqual(sequenceNumber(packet(12, [0x80, 0, 0xff, 0xfe])), 65534);
});

Deno.test("timestamp() is big-endian and tells distances past the wrap", () => {
  const before = timestamp(packet(12, [0x80, 0, 0, 1, 0xff, 0xff, 0xff, 0x60]));
  const after = timestamp(packet(12, [0x80, 0, 0, 2, 0, 0, 0x01, 0x02]));
  deepStrictEqual([before, after, (after - before) | 0], [-160, 258, 418]);
});
