import type { IpAddress, IpFamily } from "../base/ip_address.ts";
import type { Side, SocketAddress } from "../base/socket_address.ts";
import type { IpNetwork } from "../base/ip_network.ts";
import type { ShownAddresses } from "../base/side_addresses.ts";
import type { PortPair } from "../rtp/relay_command.ts";
import type { ListenPoint } from "./input.ts";
import type { HostAnswer, HostQuery } from "../dns/host_query.ts";

/** Our addresses at this moment; the shell replaces the object when an interface changes. */
export interface OwnAddresses extends ShownAddresses {
  /** Subnets that lie behind if_inbound. */
  readonly lanNetworks: readonly IpNetwork[];
  /** Default gateway, which counts as outbound on a one-interface machine. */
  readonly gateway: IpAddress | undefined;
}

/** Whether a server takes streams: a connection is or was lately open, a dial failed lately, or nobody has tried. */
export type StreamReach = "open" | "refused" | "unknown";

/** What pairs are asked for: those of one media line are of one media isolate, which it must be able to choose. */
export interface PairUse {
  /** Pairs a side. */
  readonly lines: number;
  readonly families: Readonly<Record<Side, IpFamily>>;
  /** A port of ours at which the sender's media is: legs that meet there are best relayed together. */
  readonly ownPort: number | undefined;
}

/** What the pure core may ask of the world, read-only and synchronous. */
export interface Env {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  readonly own: OwnAddresses;
  /** Name look-up in the cache; never waits. Numeric hosts are answered at once. */
  readonly lookUp: (query: HostQuery) => HostAnswer;
  /** Whether a server did not answer lately and others should be tried first (RFC 3263 §4.3). */
  readonly isResting: (peer: SocketAddress) => boolean;
  /** Whether the system refused a moment ago to send there: no route, or the interface is down. */
  readonly isUnreachable: (peer: SocketAddress) => boolean;
  /** Free bound port pairs of a side, of both families where it has them, youngest use last; the core takes from the front, the shell removes what was opened. */
  readonly freePairs: (side: Side, use: PairUse) => readonly PortPair[];
  /** Whether the media isolate has just said that the port range can give no more: then an empty stock is final. */
  readonly mediaExhausted: boolean;
  /** Keyed hash of a text: 32 lower-case hex digits, the key being secret and stable over the daemon's life. */
  readonly keyedHash: (text: string) => string;
  /** Unpredictable lower-case hex digits. */
  readonly randomHex: (digits: number) => string;
  /** Own sockets that SIP is served on, to tell messages addressed to us from others. */
  readonly listenPoints: readonly ListenPoint[];
  /** Whether streams (TCP) are served at all; without them everything stays on UDP. */
  readonly streams: "tcp" | "none";
  /** Whether a stream connection to a peer is open, and which. */
  readonly connectionTo: (peer: SocketAddress) => number | undefined;
  /** Whether a server takes streams, for requests that are too large for a datagram (RFC 3261 §18.1.1). */
  readonly streamReach: (peer: SocketAddress) => StreamReach;
}
