import { ipFamily } from "./ip_address.ts";
import { type SocketAddress, socketAddressText } from "./socket_address.ts";

/** One direction of one component (RTP or RTCP) of a relayed stream: four sockets, two of them ours. */
export interface MediaPath {
  /** The only sender whose packets are relayed. */
  readonly source: SocketAddress;
  /** Own socket that it sends to. */
  readonly arrival: SocketAddress;
  /** Own socket that the packets leave from. */
  readonly departure: SocketAddress;
  /** Who gets them. */
  readonly target: SocketAddress;
}

/**
 * Writes a path in one text: equal texts are equal paths.
 *
 * @param path one direction
 * @returns such as `10.0.0.2:4000>10.0.0.1:7070|203.0.113.1:7072>198.51.100.9:5000`
 */
export function mediaPathText({ source, arrival, departure, target }: MediaPath): string {
  const [from, at, via, to] = [source, arrival, departure, target].map(socketAddressText);
  return `${from}>${at}|${via}>${to}`;
}

/**
 * Tells the family that all four addresses have.
 *
 * @param path one direction
 * @returns 4 or 6; undefined where they differ, which no router rewrites
 */
export function mediaPathFamily(path: MediaPath): 4 | 6 | undefined {
  const family = ipFamily(path.source.address);
  const others = [path.arrival, path.departure, path.target];
  return others.every(({ address }) => ipFamily(address) === family) ? family : undefined;
}
