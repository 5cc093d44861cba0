import type { IpAddress } from "../../base/ip_address.ts";
import type { SideAddresses } from "../../base/side_addresses.ts";
import type { MediaShare } from "../../rtp/media_share.ts";
import type { BoundPair } from "../../rtp/relay_stream.ts";
import type { MediaPort } from "./media_port.ts";

/** A bound pair with the loops that read its sockets. */
export interface MediaPair extends BoundPair {
  readonly rtpLoop: MediaPort;
  readonly rtcpLoop: MediaPort;
  /** When its last call ended, or when its address went. */
  sinceMs: number;
}

/** What a stock is filled from. */
export interface StockSettings {
  readonly addresses: SideAddresses;
  readonly portLow: number;
  readonly portHigh: number;
  readonly stockPairs: number;
  /** Whose pairs these are where several isolates relay; left out by the only one. */
  readonly share?: MediaShare;
}

/** The idle pairs of one side and family. */
export interface Shelf {
  /** Own address that new pairs are bound to. */
  address: IpAddress | undefined;
  /** Ready pairs that a refill brings it to. */
  targetPairs: number;
  /** Ready pairs, the longest unused first. */
  readonly free: Map<number, MediaPair>;
  /** Used ones, oldest first. */
  readonly resting: MediaPair[];
}

/**
 * Makes a shelf of a side whose address is not known yet.
 *
 * @returns an empty shelf
 */
export function emptyShelf(): Shelf {
  return { address: undefined, targetPairs: 0, free: new Map(), resting: [] };
}
