/**
 * The media relay as pure decisions: which packet passes, who is learnt, which streams exist and when they end.
 * It opens no socket, reads no clock and allocates nothing per packet.
 * The media isolate (`src/shell/media/media_worker.ts`) owns the sockets and calls it.
 *
 * @module
 */
import { isOwnStranger } from "./relay_bridge.ts";
import {
  CLAIM_ANY,
  CLAIM_EXACT,
  CLAIM_HOST,
  CLAIM_NONE,
  mediaTarget,
  type RelayEnd,
} from "./relay_end.ts";
import {
  isStun,
  PACKET_KEYING,
  PACKET_OTHER,
  PACKET_RTCP,
  PACKET_RTP,
  PACKET_STUN,
  type PacketKind,
  packetKind,
  sourceIdentifier,
} from "./rtp_header.ts";
import { noteRtp } from "./rtp_quality.ts";
import {
  DROP_NO_TARGET,
  DROP_NOT_RTP,
  DROP_SOURCE,
  DROP_STUN,
  DROP_TOO_LONG,
  DROP_UNKNOWN_PARTY,
  FORWARD,
  LEARN_AND_FORWARD,
  type Verdict,
} from "./verdict.ts";

/** Longest datagram relayed: above any Ethernet packet; the receive buffer is one byte longer to notice more. */
export const MAX_PACKET_BYTES = 2047;

/** Time in which only the announced address may be learnt (decisions: "else after 500 ms any source"). */
export const ANY_SOURCE_AFTER_MS = 500;

/** Silence after which a source may come back from another port: a rebound NAT (RFC 7362 §5). */
export const REBIND_SILENCE_MS = 2000;

/** R23: below stand services that must not be made to answer to media (DNS, NTP, SNMP …). */
export const LOWEST_MEDIA_PORT = 1024;

/** One datagram that arrived; one object a socket is filled again and again. */
export interface Arrival {
  packet: Uint8Array;
  hostname: string;
  port: number;
  /** Monotonic milliseconds. */
  nowMs: number;
  /** Working field of {@linkcode decideRelay}. */
  kind: PacketKind;
}

/**
 * Makes the arrival object of a socket.
 *
 * @returns an arrival to be filled by every packet
 */
export function createArrival(): Arrival {
  return { packet: new Uint8Array(0), hostname: "", port: 0, nowMs: 0, kind: PACKET_OTHER };
}

/**
 * Decides on one packet and keeps the end's books.
 *
 * @param end the end whose socket it arrived on
 * @param arrival the packet, its source and the time
 * @returns a verdict; FORWARD and LEARN_AND_FORWARD mean: send it from `end.outlet.socket` to `end.outlet.target`
 */
export function decideRelay(end: RelayEnd, arrival: Arrival): Verdict {
  const verdict = arrival.port === end.lockedPort && arrival.hostname === end.lockedHost
    ? decideLocked(end, arrival)
    : decideUnlocked(end, arrival);
  end.verdicts[verdict] = (end.verdicts[verdict] ?? 0) + 1;
  return verdict;
}

function decideLocked(end: RelayEnd, arrival: Arrival): Verdict {
  const refused = judgePacket(end, arrival);
  return refused === FORWARD ? accept(end, arrival) : refused;
}

function decideUnlocked(end: RelayEnd, arrival: Arrival): Verdict {
  if (!end.announced) return DROP_UNKNOWN_PARTY;
  const refused = judgePacket(end, arrival);
  if (refused !== FORWARD) return refused;
  if (isOwnStranger(end, arrival)) return DROP_SOURCE;
  const claim = claimOf(end, arrival);
  if (claim <= end.claim && !isRebound(end, arrival)) return DROP_SOURCE;
  if (claim < CLAIM_HOST && arrival.kind === PACKET_KEYING) return DROP_SOURCE;
  lock(end, arrival);
  end.lockedBy = claim > end.claim ? claim : CLAIM_NONE;
  end.claim = Math.max(claim, end.claim);
  const verdict = accept(end, arrival);
  return verdict === FORWARD ? LEARN_AND_FORWARD : verdict;
}

/** Looks at the header alone: FORWARD means that nothing is wrong with it. One bad packet never ends a call (R16). */
function judgePacket(end: RelayEnd, arrival: Arrival): Verdict {
  const packet = arrival.packet;
  if (packet.length > MAX_PACKET_BYTES) return DROP_TOO_LONG;
  if (end.payload === "other") {
    arrival.kind = PACKET_OTHER;
    return isStun(packet) ? DROP_STUN : FORWARD;
  }
  const kind = packetKind(packet);
  arrival.kind = kind;
  if (kind === PACKET_RTP) return end.component === "rtp" ? FORWARD : DROP_NOT_RTP;
  if (kind === PACKET_RTCP || kind === PACKET_KEYING) return FORWARD;
  return kind === PACKET_STUN ? DROP_STUN : DROP_NOT_RTP;
}

/**
 * Counts a good packet of the party. RTCP on the RTP port (RFC 5761) passes, but is no sign of media. What cannot go
 * anywhere yet counts as dropped and not as accepted, so that both add up to what came.
 */
function accept(end: RelayEnd, arrival: Arrival): Verdict {
  const kind = arrival.kind;
  if (kind === PACKET_RTP) {
    end.sourceId = sourceIdentifier(arrival.packet, kind);
    noteRtp(end.quality, arrival.packet, arrival.nowMs);
  }
  if (kind === PACKET_RTP || kind === PACKET_OTHER) end.lastPacketAtMs = arrival.nowMs;
  if (end.outlet?.target === undefined) return DROP_NO_TARGET;
  end.packets++;
  end.bytes += arrival.packet.length;
  return FORWARD;
}

function claimOf(end: RelayEnd, arrival: Arrival): number {
  const { hostname, port } = arrival;
  if (end.announcedPort !== 0 && hostname === end.announcedHost) {
    return port === end.announcedPort ? CLAIM_EXACT : CLAIM_HOST;
  }
  const companion = end.companion;
  if (companion !== undefined) {
    return companion.lockedPort !== 0 && hostname === companion.lockedHost
      ? CLAIM_HOST
      : CLAIM_NONE;
  }
  if (port < LOWEST_MEDIA_PORT) return CLAIM_NONE;
  const waiting = end.announcedPort === 0;
  return waiting || arrival.nowMs - end.announcedAtMs >= ANY_SOURCE_AFTER_MS
    ? CLAIM_ANY
    : CLAIM_NONE;
}

/** Same address, other port, same synchronisation source, after silence: only RTP can prove that. */
function isRebound(end: RelayEnd, arrival: Arrival): boolean {
  return end.lockedPort !== 0 && arrival.kind === PACKET_RTP &&
    arrival.hostname === end.lockedHost &&
    arrival.nowMs - end.lastPacketAtMs >= REBIND_SILENCE_MS &&
    sourceIdentifier(arrival.packet, PACKET_RTP) === end.sourceId;
}

/** Media for the party goes where its own comes from from now on (symmetric RTP, RFC 4961). */
function lock(end: RelayEnd, arrival: Arrival): void {
  end.lockedHost = arrival.hostname;
  end.lockedPort = arrival.port;
  end.target = mediaTarget(arrival.hostname, arrival.port);
}
