import type { Result } from "../../base/result.ts";
import type { Side, SocketAddress } from "../../base/socket_address.ts";

/** One side of a stream as a firewall sees it; RTCP is one port above. */
export interface FirewallLeg {
  /** Own address and RTP port. */
  readonly own: SocketAddress;
  /** Who media comes from and goes to; undefined until the other side said so. */
  readonly peer: SocketAddress | undefined;
}

/** One relayed media stream. */
export interface FirewallStream {
  readonly streamId: number;
  /** Towards the phone. */
  readonly lan: FirewallLeg;
  /** Towards the Internet. */
  readonly wan: FirewallLeg;
}

/**
 * What opens the firewall for live streams: the successor of siproxd's custom firewall module.
 *
 * The calls after `open` return at once; what a module does then, and in which order, is its own affair, and nothing
 * of it ever holds a call up.
 */
export interface FirewallModule {
  /** Begins; an error turns the module off for this run, its text goes to the operator. */
  readonly open: () => Promise<Result<undefined>>;
  /** Media may come and go on the stream's ports from now on. */
  readonly streamStart: (stream: FirewallStream) => void;
  /** The peer of one side is known, or another one. */
  readonly streamChange: (stream: FirewallStream, side: Side) => void;
  /** The stream's ports are free for others. */
  readonly streamStop: (stream: FirewallStream) => void;
  /** Undoes everything. */
  readonly close: () => Promise<void>;
}
