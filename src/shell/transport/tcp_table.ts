import type { IpAddress } from "../../base/ip_address.ts";
import { type Side, type SocketAddress, socketAddressText } from "../../base/socket_address.ts";
import { sourceKey } from "../../base/source_key.ts";
import type { TcpConnection } from "./tcp_connection.ts";

/** Connections in all: siproxd's number, one for each phone of a large site. */
const MAX_CONNECTIONS = 1_024;

/** Connections of one address: the phones behind another NAT router, not a flood (R15). */
const MAX_CONNECTIONS_PER_SOURCE = 128;

/** How many connections are taken. */
export interface TcpLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerSource: number;
}

/** The limits of the product. */
export const TCP_LIMITS: TcpLimits = Object.freeze({
  maxConnections: MAX_CONNECTIONS,
  maxConnectionsPerSource: MAX_CONNECTIONS_PER_SOURCE,
});

/** All connections, accepted and dialled, by their number and by their peer. */
export class TcpTable {
  readonly #limits: TcpLimits;
  readonly #byId = new Map<number, TcpConnection>();
  readonly #byPeer = new Map<string, TcpConnection>();
  readonly #perSource = new Map<string, number>();

  constructor(limits: TcpLimits = TCP_LIMITS) {
    this.#limits = limits;
  }

  /** Number of connections. */
  get size(): number {
    return this.#byId.size;
  }

  /** Whether one more would need another to go. */
  get isFull(): boolean {
    return this.#byId.size >= this.#limits.maxConnections;
  }

  /** Whether an address, or the network of its customer, has all the connections it may have. */
  isSourceFull(address: IpAddress, side: Side): boolean {
    return (this.#perSource.get(sourceKey(address, side)) ?? 0) >=
      this.#limits.maxConnectionsPerSource;
  }

  /** Takes a connection in. */
  add(connection: TcpConnection): void {
    const { id, peer } = connection;
    this.#byId.set(id, connection);
    this.#byPeer.set(socketAddressText(peer), connection);
    const source = sourceOf(connection);
    this.#perSource.set(source, (this.#perSource.get(source) ?? 0) + 1);
  }

  /** Takes a connection out. */
  remove(connection: TcpConnection): void {
    const { id, peer } = connection;
    if (!this.#byId.delete(id)) return;
    const key = socketAddressText(peer);
    if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
    const source = sourceOf(connection);
    const others = (this.#perSource.get(source) ?? 0) - 1;
    if (others > 0) this.#perSource.set(source, others);
    else this.#perSource.delete(source);
  }

  /** Finds a connection by its number. */
  get(id: number): TcpConnection | undefined {
    return this.#byId.get(id);
  }

  /** Finds the newest connection of a peer. */
  to(peer: SocketAddress): TcpConnection | undefined {
    return this.#byPeer.get(socketAddressText(peer));
  }

  /** Gives all connections; closing them while walking is allowed. */
  all(): readonly TcpConnection[] {
    return [...this.#byId.values()];
  }

  /**
   * Chooses who goes when the table is full: first those that never said anything, then the longest idle; never one
   * that is kept.
   *
   * @param isKept tells the connections of live registrations
   * @returns the connection to close, or undefined when all are needed
   */
  victim(isKept: (peer: SocketAddress) => boolean): TcpConnection | undefined {
    let victim: TcpConnection | undefined;
    for (const connection of this.#byId.values()) {
      const isWorse = victim === undefined || goesBefore(connection, victim);
      if (isWorse && !isKept(connection.peer)) victim = connection;
    }
    return victim;
  }
}

function goesBefore(one: TcpConnection, other: TcpConnection): boolean {
  if (one.hasSpoken !== other.hasSpoken) return other.hasSpoken;
  return one.lastMessageMs < other.lastMessageMs;
}

function sourceOf({ peer, listenPoint }: TcpConnection): string {
  return sourceKey(peer.address, listenPoint.side);
}
