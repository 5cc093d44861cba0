import { BoundedMap } from "../../base/bounded_map.ts";
import { type SocketAddress, socketAddressText } from "../../base/socket_address.ts";
import type { TcpStream } from "./tcp_connection.ts";

/** Dials at once: each costs a socket, and a site has a few servers and its phones. */
const MAX_DIALS = 64;

/** How long a failed dial is not tried again: messages that follow fail at once, the next transaction tries anew. */
const REST_MS = 2_000;

/** How long a server that took no stream counts as one that takes none, for large requests. */
const REFUSED_MS = 600_000;

/** Peers remembered. */
const MAX_PEERS = 1_024;

/** Why there is no connection: nobody listens or no route, or no answer within `tcp_connect_timeout`. */
export type DialFailure = "refused" | "timeout";

/** How connections are made; tests give others. */
export type Connect = (options: Deno.ConnectOptions) => Promise<TcpStream>;

/** Makes connections within a bounded time, and remembers where none could be made. */
export class TcpDialer {
  #timeoutMs: number;
  readonly #now: () => number;
  readonly #connect: Connect;
  readonly #aborts = new Set<AbortController>();
  readonly #resting = new BoundedMap<string, DialFailure>({
    maxEntries: MAX_PEERS,
    lifetimeMs: REST_MS,
  });
  readonly #refused = new BoundedMap<string, true>({
    maxEntries: MAX_PEERS,
    lifetimeMs: REFUSED_MS,
  });

  constructor(options: {
    readonly timeoutMs: number;
    readonly now: () => number;
    readonly connect: Connect;
  }) {
    this.#timeoutMs = options.timeoutMs;
    this.#now = options.now;
    this.#connect = options.connect;
  }

  /** Gives dials from now on this long. */
  retime(timeoutMs: number): void {
    this.#timeoutMs = timeoutMs;
  }

  /** Whether a dial to this peer failed within the last minutes. */
  hasRefused(peer: SocketAddress): boolean {
    return this.#refused.get(socketAddressText(peer), this.#now()) === true;
  }

  /** Connects; never rejects, never takes longer than the time-out. */
  async dial(peer: SocketAddress): Promise<TcpStream | DialFailure> {
    const key = socketAddressText(peer);
    const failure = this.#resting.get(key, this.#now());
    if (failure !== undefined) return failure;
    if (this.#aborts.size >= MAX_DIALS) return "refused";
    const outcome = await this.#attempt(peer);
    const nowMs = this.#now();
    if (typeof outcome !== "string") {
      this.#refused.delete(key);
      return outcome;
    }
    this.#resting.set(key, { value: outcome, nowMs });
    this.#refused.set(key, { value: true, nowMs });
    return outcome;
  }

  /** Gives up all dials. */
  close(): void {
    for (const abort of this.#aborts) abort.abort();
  }

  async #attempt(peer: SocketAddress): Promise<TcpStream | DialFailure> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.#timeoutMs);
    this.#aborts.add(abort);
    try {
      const { address: hostname, port } = peer;
      return await this.#connect({ transport: "tcp", hostname, port, signal: abort.signal });
    } catch {
      return abort.signal.aborted ? "timeout" : "refused";
    } finally {
      clearTimeout(timer);
      this.#aborts.delete(abort);
    }
  }
}
