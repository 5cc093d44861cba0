import type { Side } from "../base/socket_address.ts";
import { createDejitter } from "./dejitter.ts";
import type { PortPair, RelayParty } from "./relay_command.ts";
import { announceEnd, createRelayEnd, type MediaSocket, type RelayEnd } from "./relay_end.ts";

/** A port pair with its two sockets. */
export interface BoundPair {
  readonly pair: PortPair;
  readonly rtp: MediaSocket;
  readonly rtcp: MediaSocket;
}

/** One side of a stream: a pair of ports and the party it talks to. */
export interface RelayLeg {
  readonly bound: BoundPair;
  readonly rtp: RelayEnd;
  readonly rtcp: RelayEnd;
  flow: "active" | "held";
  /** What the party's last SDP wrote; undefined before the first. */
  written: string | undefined;
}

/** One media line of one call: two legs that send each other's packets. */
export interface RelayStream {
  readonly streamId: number;
  readonly callId: string;
  readonly mediaIndex: number;
  readonly lan: RelayLeg;
  readonly wan: RelayLeg;
  /** Last time SDP was seen: it starts the clock of rtp_timeout anew. */
  touchedAtMs: number;
}

/** What a stream is made of. */
export interface RelayStreamInit {
  readonly streamId: number;
  readonly callId: string;
  readonly mediaIndex: number;
  readonly payload: "rtp" | "other";
  readonly lan: BoundPair;
  readonly wan: BoundPair;
  readonly nowMs: number;
}

/**
 * Makes a stream whose legs are linked; nothing passes until both parties are announced.
 *
 * @param init ids and bound pairs
 * @returns the stream
 */
export function createRelayStream(init: RelayStreamInit): RelayStream {
  const stream: RelayStream = {
    streamId: init.streamId,
    callId: init.callId,
    mediaIndex: init.mediaIndex,
    lan: createLeg("lan", init),
    wan: createLeg("wan", init),
    touchedAtMs: init.nowMs,
  };
  linkEnds(stream.lan.rtp, stream.wan.rtp);
  linkEnds(stream.lan.rtcp, stream.wan.rtcp);
  return stream;
}

function createLeg(side: Side, init: RelayStreamInit): RelayLeg {
  const bound = init[side];
  const common = { streamId: init.streamId, side, payload: init.payload };
  const rtp = createRelayEnd({ ...common, component: "rtp", socket: bound.rtp });
  const rtcp = createRelayEnd({ ...common, component: "rtcp", socket: bound.rtcp });
  rtcp.companion = rtp;
  return { bound, rtp, rtcp, flow: "active", written: undefined };
}

function linkEnds(left: RelayEnd, right: RelayEnd): void {
  left.sibling = right;
  right.sibling = left;
  left.outlet = right;
  right.outlet = left;
}

/**
 * Evens out the RTP of a new stream; RTCP and what is no RTP go on as they come.
 *
 * @param stream the stream
 * @param delaysMs delay of what arrives on each side, 0 for none
 */
export function dejitterStream(
  stream: RelayStream,
  delaysMs: Readonly<Record<Side, number>>,
): void {
  for (const side of ["lan", "wan"] as const) {
    const { rtp } = stream[side];
    const delayMs = delaysMs[side];
    rtp.dejitter = delayMs > 0 && rtp.payload === "rtp" ? createDejitter(delayMs) : undefined;
  }
}

/** New SDP of one party of a stream. */
export interface PartyAnnouncement {
  readonly side: Side;
  readonly party: RelayParty;
  readonly nowMs: number;
}

/**
 * Takes the SDP of one party; learning opens again for that party only, and only if its address changed (R2).
 *
 * @param stream the stream
 * @param announcement whose SDP, and what it says
 */
export function announceParty(stream: RelayStream, announcement: PartyAnnouncement): void {
  const { party, nowMs } = announcement;
  const leg = stream[announcement.side];
  leg.flow = party.flow;
  for (const end of [leg.rtp, leg.rtcp]) end.payload = party.payload ?? end.payload;
  stream.touchedAtMs = nowMs;
  const isRewritten = leg.written !== undefined && leg.written !== party.written;
  leg.written = party.written;
  const rtp = announceEnd(leg.rtp, {
    address: party.rtp,
    nowMs,
    learning: isRewritten ? "reopen" : "keep",
  });
  const learning = rtp === "reopened" ? "reopen" : "keep";
  announceEnd(leg.rtcp, { address: party.rtcp, nowMs, learning });
}

/**
 * Tells when media was last heard from either party: one side's packets keep both directions alive (siproxd 8.8).
 *
 * @param stream the stream
 * @returns monotonic milliseconds
 */
export function lastActivityMs(stream: RelayStream): number {
  return Math.max(stream.touchedAtMs, legActivityMs(stream.lan), legActivityMs(stream.wan));
}

/** What comes through a join counts as received at this leg. */
function legActivityMs(leg: RelayLeg): number {
  const beyond = leg.rtp.joined?.sibling?.lastPacketAtMs ?? 0;
  return Math.max(leg.rtp.lastPacketAtMs, beyond);
}

/**
 * Lists the four ends of a stream.
 *
 * @param stream the stream
 * @returns RTP and RTCP of the LAN leg, then of the WAN leg
 */
export function streamEnds(stream: RelayStream): readonly RelayEnd[] {
  return [stream.lan.rtp, stream.lan.rtcp, stream.wan.rtp, stream.wan.rtcp];
}
