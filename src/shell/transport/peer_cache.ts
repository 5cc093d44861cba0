import { parseIpAddress } from "../../base/ip_address.ts";
import type { SocketAddress } from "../../base/socket_address.ts";

/** Peers remembered: phones of a large site; a flood from invented sources only empties the cache. */
const MAX_PEERS = 16_384;

interface Peer {
  readonly socketAddress: SocketAddress;
  readonly netAddress: Deno.NetAddr;
}

/** One frozen pair of address objects a peer, so that a datagram costs neither parsing nor new objects. */
export class PeerCache {
  readonly #peers = new Map<string, Peer>();

  /**
   * Names the sender of a datagram.
   *
   * @returns undefined when the runtime's text is no address, which does not happen
   */
  source(from: Deno.NetAddr): SocketAddress | undefined {
    const key = `${from.hostname}|${from.port}`;
    const known = this.#peers.get(key);
    if (known !== undefined) return known.socketAddress;
    const address = parseIpAddress(from.hostname);
    if (address === undefined) return undefined;
    return this.#remember(key, Object.freeze({ address, port: from.port })).socketAddress;
  }

  /** Gives the address object to send to. */
  destination(peer: SocketAddress): Deno.NetAddr {
    const key = `${peer.address}|${peer.port}`;
    return (this.#peers.get(key) ?? this.#remember(key, peer)).netAddress;
  }

  #remember(key: string, socketAddress: SocketAddress): Peer {
    if (this.#peers.size >= MAX_PEERS) this.#peers.clear();
    const { address: hostname, port } = socketAddress;
    const netAddress: Deno.NetAddr = Object.freeze({ transport: "udp" as const, hostname, port });
    const peer = { socketAddress, netAddress };
    this.#peers.set(key, peer);
    return peer;
  }
}
