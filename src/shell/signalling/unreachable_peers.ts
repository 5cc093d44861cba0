import { BoundedMap } from "../../base/bounded_map.ts";
import { type SocketAddress, socketAddressText } from "../../base/socket_address.ts";

/** How long a refused send counts: longer than the second repetition of a request, shorter than anybody's patience. */
const REMEMBERED_MS = 2_000;

/** Peers remembered; a link that is down refuses a few providers, not thousands. */
const MAX_PEERS = 1024;

/** Peers that the system refused to send to a moment ago, since no interface tells when its link is down. */
export class UnreachablePeers {
  readonly #peers = new BoundedMap<string, true>({
    maxEntries: MAX_PEERS,
    lifetimeMs: REMEMBERED_MS,
  });

  /** Notes a refused send. */
  note(peer: SocketAddress, nowMs: number): void {
    this.#peers.set(socketAddressText(peer), { value: true, nowMs });
  }

  /** Whether a send to the peer was refused a moment ago. */
  has(peer: SocketAddress, nowMs: number): boolean {
    return this.#peers.size > 0 && this.#peers.get(socketAddressText(peer), nowMs) === true;
  }

  /** Forgets them: the line is back, by another address or another interface. */
  clear(): void {
    this.#peers.expire(Infinity);
  }
}
