import type { Side, SocketAddress } from "../base/socket_address.ts";
import type { Dejitter } from "./dejitter.ts";
import { createRtpQuality, type RtpQuality } from "./rtp_quality.ts";
import { VERDICT_COUNT } from "./verdict.ts";

/** A peer in the form that a datagram socket sends to; one frozen object a lock, never one a packet. */
export interface MediaTarget {
  readonly transport: "udp";
  readonly hostname: string;
  readonly port: number;
}

/** What an end needs of its socket; the shell's datagram sockets fit. */
export interface MediaSocket {
  send(packet: Uint8Array, target: MediaTarget): Promise<number>;
}

/** Our media ports on the address that an end is bound to. */
export interface OwnPorts {
  readonly host: string;
  readonly low: number;
  readonly high: number;
}

/** How sure a lock is: a stronger claim takes a weaker one's place, never the other way round (R1). */
export const CLAIM_NONE = 0;
/** Some source, 500 ms after the announcement or where nothing usable was announced. */
export const CLAIM_ANY = 1;
/** The announced address with another port, as behind a port-changing NAT. */
export const CLAIM_HOST = 2;
/** Address and port as announced. */
export const CLAIM_EXACT = 3;

/**
 * One socket of one leg of a stream: whom it belongs to, what it learnt and what it counted.
 *
 * Mutable and flat on purpose: the packet loop reads and writes these fields and allocates nothing.
 */
export interface RelayEnd {
  readonly streamId: number;
  readonly side: Side;
  readonly component: "rtp" | "rtcp";
  /** What its party sends, as it last announced. */
  payload: "rtp" | "other";
  readonly socket: MediaSocket;
  /** Of an RTCP end: the RTP end of the same leg. */
  companion: RelayEnd | undefined;
  /** The end of the other leg with the same component. */
  sibling: RelayEnd | undefined;
  /** End of another stream whose party is this very end: packets pass inside (a local call that came back). */
  joined: RelayEnd | undefined;
  /** The end whose socket and target take what arrives here: the sibling, or beyond a join. */
  outlet: RelayEnd | undefined;

  /** Whether the party's SDP has been seen; before that all its packets are dropped. */
  announced: boolean;
  /** Announced address, or "" when the party's first packet must be waited for. */
  announcedHost: string;
  announcedPort: number;
  announcedAtMs: number;

  /** Locked source; port 0 while learning. */
  lockedHost: string;
  lockedPort: number;
  claim: number;
  /** The claim that the last lock was made by; CLAIM_NONE: a rebound NAT. */
  lockedBy: number;
  sourceId: number;
  /** Where media for this party goes: the locked source, before a lock the announced address. */
  target: MediaTarget | undefined;

  /** Last packet that counts as media; RTCP does not (siproxd's rtp_timeout). */
  lastPacketAtMs: number;
  /** Packets and bytes accepted from this party. */
  packets: number;
  bytes: number;
  /** Packets by verdict. */
  readonly verdicts: number[];
  /** How well its RTP comes. */
  readonly quality: RtpQuality;

  /** Pace of the RTP that arrives here; undefined where it goes on as it comes. */
  dejitter: Dejitter | undefined;

  /** Whether the kernel relays what the locked source sends here; anybody else's packets still come to the socket. */
  inKernel: boolean;

  /** Own media ports beside it; undefined where one isolate has them all. */
  ownPorts: OwnPorts | undefined;
  /** Whether its party is a port of ours that another isolate relays. */
  isBridge: boolean;
}

/** Who an end is, at its making. */
export interface RelayEndInit {
  readonly streamId: number;
  readonly side: Side;
  readonly component: "rtp" | "rtcp";
  readonly payload: "rtp" | "other";
  readonly socket: MediaSocket;
}

/** What a party's SDP says to one end. */
export interface Announcement {
  /** Where it is, or undefined when nothing may be sent to what it named. */
  readonly address: SocketAddress | undefined;
  readonly nowMs: number;
  /** `reopen` forgets the lock even if the address is the same: RTCP follows its RTP. */
  readonly learning: "keep" | "reopen";
}

/**
 * Makes an end that drops everything until its party is announced.
 *
 * @param init who it is
 * @returns the end, not yet linked to the others of its stream
 */
export function createRelayEnd(init: RelayEndInit): RelayEnd {
  return {
    streamId: init.streamId,
    side: init.side,
    component: init.component,
    payload: init.payload,
    socket: init.socket,
    companion: undefined,
    sibling: undefined,
    joined: undefined,
    outlet: undefined,
    announced: false,
    announcedHost: "",
    announcedPort: 0,
    announcedAtMs: 0,
    lockedHost: "",
    lockedPort: 0,
    claim: CLAIM_NONE,
    lockedBy: CLAIM_NONE,
    sourceId: 0,
    target: undefined,
    lastPacketAtMs: 0,
    packets: 0,
    bytes: 0,
    verdicts: new Array<number>(VERDICT_COUNT).fill(0),
    quality: createRtpQuality(),
    dejitter: undefined,
    inKernel: false,
    ownPorts: undefined,
    isBridge: false,
  };
}

/**
 * Makes the one object that is handed to every send to a peer.
 *
 * @param hostname a literal: a name would be resolved once a packet
 * @param port 1 … 65535
 * @returns a frozen target
 */
export function mediaTarget(hostname: string, port: number): MediaTarget {
  return Object.freeze({ transport: "udp", hostname, port });
}

/**
 * Tells an end where its party says it is; a changed address opens learning again, the same one changes nothing (R2).
 *
 * @param end the end of that party
 * @param announcement address (undefined: wait for the first packet), time, and whether the RTP end was opened again
 * @returns `reopened` when a lock, if any, was given up
 */
export function announceEnd(end: RelayEnd, announcement: Announcement): "reopened" | "unchanged" {
  const { address, nowMs } = announcement;
  const host = address?.address ?? "";
  const port = address?.port ?? 0;
  const same = end.announced && end.announcedHost === host && end.announcedPort === port;
  if (same && announcement.learning === "keep") return "unchanged";
  end.announced = true;
  end.announcedHost = host;
  end.announcedPort = port;
  end.announcedAtMs = nowMs;
  end.lockedHost = "";
  end.lockedPort = 0;
  end.claim = CLAIM_NONE;
  end.target = address === undefined ? undefined : mediaTarget(host, port);
  return "reopened";
}
