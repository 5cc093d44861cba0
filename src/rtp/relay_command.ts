import type { IpAddress } from "../base/ip_address.ts";
import type { Side, SocketAddress } from "../base/socket_address.ts";

/** Two bound neighbouring UDP ports of one side: RTP on the even `rtpPort`, RTCP on `rtpPort + 1` (RFC 3550 §11). */
export interface PortPair {
  /** Unique over both sides for the life of the media isolate. */
  readonly pairId: number;
  readonly side: Side;
  /** The own address the pair is bound to. */
  readonly address: IpAddress;
  /** Even, inside rtp_port_low … rtp_port_high. */
  readonly rtpPort: number;
}

/** What the SDP of one party says about where its media comes from and goes to. */
export interface RelayParty {
  /** Announced address, or undefined when it may not be sent to: the relay then waits for the party's first packet. */
  readonly rtp: SocketAddress | undefined;
  /** RTCP address: RTP port + 1 unless `a=rtcp` says otherwise (RFC 3605); undefined as for `rtp`. */
  readonly rtcp: SocketAddress | undefined;
  /** RTP address and port as the SDP wrote them: what tells a changed announcement when neither may be sent to. */
  readonly written: string;
  /** A held party (0.0.0.0, sendonly, inactive) is exempt from rtp_timeout; nothing is sent to 0.0.0.0. */
  readonly flow: "active" | "held";
  /** What it sends from now on: fax takes the place of audio in a call (T.38 D.2); as before when left out. */
  readonly payload?: "rtp" | "other";
}

/** What the signalling isolate tells the media isolate about one media line of one call leg. */
export type RelayCommand =
  | {
    readonly kind: "open";
    /** Unique for the life of the signalling isolate's state. */
    readonly streamId: number;
    /** For log lines only. */
    readonly callId: string;
    /** Position of the m= line, from 0. */
    readonly mediaIndex: number;
    /** RTP and RTCP are checked for a header; anything else (UDPTL, BFCP) passes as it is. An announcement may change it. */
    readonly payload: "rtp" | "other";
    readonly lanPairId: number;
    readonly wanPairId: number;
  }
  | {
    /** New SDP of one side: a changed address re-opens learning for that side only, an identical one does not. */
    readonly kind: "announce";
    readonly streamId: number;
    readonly side: Side;
    readonly party: RelayParty;
  }
  | { readonly kind: "close"; readonly streamId: number };
