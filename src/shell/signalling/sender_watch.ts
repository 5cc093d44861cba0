import type { HostQuery } from "../../dns/host_query.ts";
import type { HostTable } from "../../dns/host_table.ts";
import type { Counters } from "../../metrics/counters.ts";
import type { Env } from "../../proxy/env.ts";
import type { ListenPoint, ProxyInput } from "../../proxy/input.ts";
import type { SocketAddress } from "../../base/socket_address.ts";
import { mayHearUs, standingOf } from "../../proxy/standing.ts";
import type { ProxyState } from "../../proxy/state.ts";
import { FloodGuard } from "./flood_guard.ts";
import type { Journal } from "./journal.ts";
import { ProviderWatch } from "./provider_watch.ts";

/**
 * Ticks, of a second each, between two look-ups of the providers' names: an INVITE is repeated for 32 s, so that the call
 * of a server that is new in DNS comes in at a repetition.
 */
const PROVIDER_TICKS = 10;

/** What a watch works with. */
export interface SenderWatchParts {
  readonly state: ProxyState;
  readonly env: () => Env;
  readonly now: () => number;
  readonly receive: (input: ProxyInput) => void;
  readonly counters: Counters;
  readonly journal: Journal;
  readonly hosts: HostTable;
  readonly resolve: (query: HostQuery) => Promise<void>;
}

/** Who may be heard, and who hears from us: a guard before the loop, and providers that are kept known. */
export class SenderWatch {
  readonly #parts: SenderWatchParts;
  readonly #guard: FloodGuard;
  readonly #providers: ProviderWatch;
  #ticks = 0;

  constructor(parts: SenderWatchParts) {
    const { state, env } = parts;
    this.#parts = parts;
    this.#guard = new FloodGuard({
      ...parts,
      standingOf: (arrival) => standingOf(arrival, { state, env: env() }),
    });
    this.#providers = new ProviderWatch(parts);
  }

  /** Takes a message from a socket. */
  take(input: ProxyInput): void {
    this.#guard.take(input);
  }

  /** Tells whether a peer of a stream may hear from us before he has said a message. */
  mayHearUs(source: SocketAddress, listenPoint: ListenPoint): boolean {
    const { state, env } = this.#parts;
    return mayHearUs({ source, listenPoint }, { state, env: env() });
  }

  /** Tells how long a stream of a peer should not be read, in milliseconds. */
  restMs(source: SocketAddress, listenPoint: ListenPoint): number {
    return this.#guard.restMs({ source, listenPoint });
  }

  /** Says when floods are over and follows the providers' names. Call it at the start and once a second. */
  tick(): void {
    this.#guard.tick();
    if (this.#ticks++ % PROVIDER_TICKS === 0) this.#providers.refresh();
  }
}
