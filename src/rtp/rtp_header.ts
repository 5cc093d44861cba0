/** A media packet (RFC 3550 §5.1). */
export const PACKET_RTP = 0;
/** Sender and receiver reports, on their own port or multiplexed (RFC 5761 §4). */
export const PACKET_RTCP = 1;
/** A connectivity check or keep-alive of ICE: it proves nothing about where media comes from. */
export const PACKET_STUN = 2;
/** DTLS or ZRTP: the keys of SRTP are agreed in the media path (RFC 5764 §5.1.2, RFC 6189). */
export const PACKET_KEYING = 3;
/** Anything else. */
export const PACKET_OTHER = 4;

/** What the first bytes of a datagram say it is (RFC 7983 §7). */
export type PacketKind =
  | typeof PACKET_RTP
  | typeof PACKET_RTCP
  | typeof PACKET_STUN
  | typeof PACKET_KEYING
  | typeof PACKET_OTHER;

/** Fixed header of RTP. */
const RTP_HEADER_BYTES = 12;

/** Header and sender of any RTCP packet that says something. */
const RTCP_HEADER_BYTES = 8;

/** STUN's header; its magic cookie makes a mix-up with UDPTL practically impossible (RFC 8489 §5). */
const STUN_HEADER_BYTES = 20;

/**
 * Tells what a datagram on a media port is; allocates nothing.
 *
 * @param packet the datagram
 * @returns one of the `PACKET_` numbers
 */
export function packetKind(packet: Uint8Array): PacketKind {
  const length = packet.length;
  if (length < RTCP_HEADER_BYTES) return PACKET_OTHER;
  const first = packet[0] ?? 0;
  if ((first & 0xc0) === 0x80) {
    const second = packet[1] ?? 0;
    if (second >= 192 && second <= 223) return PACKET_RTCP;
    return length >= RTP_HEADER_BYTES ? PACKET_RTP : PACKET_OTHER;
  }
  if (first < 4) return isStun(packet) ? PACKET_STUN : PACKET_OTHER;
  return first >= 16 && first < 64 ? PACKET_KEYING : PACKET_OTHER;
}

/**
 * Recognises STUN by its magic cookie.
 *
 * @param packet the datagram
 * @returns true for a STUN message of RFC 5389 or later
 */
export function isStun(packet: Uint8Array): boolean {
  return packet.length >= STUN_HEADER_BYTES && (packet[0] ?? 0) < 4 && packet[4] === 0x21 &&
    packet[5] === 0x12 && packet[6] === 0xa4 && packet[7] === 0x42;
}

/**
 * Reads the synchronisation source of an RTP packet, or the sender's of an RTCP packet.
 *
 * @param packet a datagram of that kind
 * @param kind what {@linkcode packetKind} said
 * @returns 32 bits as a signed integer, good for comparing only
 */
export function sourceIdentifier(packet: Uint8Array, kind: PacketKind): number {
  const at = kind === PACKET_RTCP ? 4 : 8;
  return ((packet[at] ?? 0) << 24) | ((packet[at + 1] ?? 0) << 16) | ((packet[at + 2] ?? 0) << 8) |
    (packet[at + 3] ?? 0);
}

/**
 * Reads the payload type of an RTP packet.
 *
 * @param packet an RTP packet
 * @returns 0 … 127
 */
export function payloadType(packet: Uint8Array): number {
  return (packet[1] ?? 0) & 0x7f;
}

/**
 * Reads the sequence number of an RTP packet.
 *
 * @param packet an RTP packet
 * @returns 0 … 65535
 */
export function sequenceNumber(packet: Uint8Array): number {
  return ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);
}

/**
 * Reads the timestamp of an RTP packet.
 *
 * @param packet an RTP packet
 * @returns 32 bits as a signed integer: `(later - earlier) | 0` is their distance, past the wrap too
 */
export function timestamp(packet: Uint8Array): number {
  return ((packet[4] ?? 0) << 24) | ((packet[5] ?? 0) << 16) | ((packet[6] ?? 0) << 8) |
    (packet[7] ?? 0);
}
