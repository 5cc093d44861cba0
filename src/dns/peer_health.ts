import { type SocketAddress, socketAddressText } from "../base/socket_address.ts";

/** First rest of a server that did not answer: about one registration retry of a phone. */
const FIRST_REST_MS = 30_000;

/** Longest rest: a server that is back is found within ten minutes. */
const MAX_REST_MS = 600_000;

/** Servers remembered as dead: more than all targets of the busiest installation, little enough to forget about. */
const MAX_DEAD_PEERS = 1024;

interface Rest {
  readonly untilMs: number;
  readonly failures: number;
}

/** Which servers did not answer lately (RFC 3263 §4.3): each rests, longer with every failure in a row. */
export class PeerHealth {
  readonly #rests = new Map<string, Rest>();

  /** Whether nobody rests: then there is nothing to look up. */
  get allWell(): boolean {
    return this.#rests.size === 0;
  }

  /** Puts a server to rest: it did not answer, or refused the connection. */
  markDead(peer: SocketAddress, nowMs: number): void {
    const key = socketAddressText(peer);
    const rest = this.#rests.get(key);
    // Several transactions that fail in the same outage are one failure.
    if (rest !== undefined && rest.untilMs > nowMs) return;
    const failures = (rest?.failures ?? 0) + 1;
    const restMs = Math.min(FIRST_REST_MS * 2 ** (failures - 1), MAX_REST_MS);
    this.#rests.delete(key);
    if (this.#rests.size >= MAX_DEAD_PEERS) this.#dropOldest();
    this.#rests.set(key, { untilMs: nowMs + restMs, failures });
  }

  /** Takes a server back: it answered. */
  markAlive(peer: SocketAddress): void {
    if (this.#rests.size > 0) this.#rests.delete(socketAddressText(peer));
  }

  /** Whether a server rests now. */
  isResting(peer: SocketAddress, nowMs: number): boolean {
    if (this.#rests.size === 0) return false;
    const rest = this.#rests.get(socketAddressText(peer));
    return rest !== undefined && rest.untilMs > nowMs;
  }

  #dropOldest(): void {
    for (const key of this.#rests.keys()) {
      this.#rests.delete(key);
      return;
    }
  }
}
