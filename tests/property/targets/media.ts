import { createArrival, decideRelay, MAX_PACKET_BYTES } from "../../../src/rtp/relay_decision.ts";
import { packetKind, payloadType, sourceIdentifier } from "../../../src/rtp/rtp_header.ts";
import { FIRST_DROP, VERDICT_COUNT } from "../../../src/rtp/verdict.ts";
import { PHONE, relayEnd, rtcpPacket, rtpPacket } from "../../support/relay_packets.ts";
import type { Dice } from "../dice.ts";
import { broken, type Target } from "../target.ts";

const STRANGER = "203.0.113.66";

function packetOf(dice: Dice): Uint8Array<ArrayBuffer> {
  const random = () => Uint8Array.from(dice.times(dice.below(64), () => dice.below(256)));
  const made = dice.pick([rtpPacket, rtcpPacket, random, stunPacket])();
  const packet = new Uint8Array(dice.oneIn(40) ? MAX_PACKET_BYTES + dice.below(3) : made.length);
  packet.set(made.subarray(0, packet.length));
  for (let edits = dice.below(4); edits > 0 && packet.length > 0; edits--) {
    packet[dice.below(Math.min(packet.length, 24))] = dice.below(256);
  }
  return packet.slice(0, dice.oneIn(4) ? dice.below(packet.length + 1) : packet.length);
}

function stunPacket(): Uint8Array {
  return Uint8Array.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...new Array(12).fill(7)]);
}

/** Headers of RTP, RTCP and STUN, and the relay's decision before and after a lock (R1, R3, R16). */
export const MEDIA: Target = {
  name: "media",
  generate: packetOf,
  run(packet): void {
    const kind = packetKind(packet);
    sourceIdentifier(packet, kind);
    payloadType(packet);
    for (const component of ["rtp", "rtcp"] as const) {
      for (const payload of ["rtp", "other"] as const) {
        const end = relayEnd({ component, payload });
        const arrival = createArrival();
        Object.assign(arrival, { packet, hostname: PHONE.address, port: PHONE.port, nowMs: 1001 });
        const verdict = decideRelay(end, arrival);
        if (verdict < 0 || verdict >= VERDICT_COUNT) broken("unknown verdict", `${verdict}`);
        if (verdict >= FIRST_DROP && end.lockedPort !== 0) {
          broken("a dropped packet locks", component);
        }
        if (end.lockedPort === 0) continue;
        Object.assign(arrival, { hostname: STRANGER, port: 40_000, nowMs: 90_000 });
        if (decideRelay(end, arrival) < FIRST_DROP) broken("a stranger passes a lock", component);
        if (end.target?.hostname !== PHONE.address) broken("a stranger gets the media", component);
      }
    }
  },
};
