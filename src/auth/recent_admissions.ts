import { BoundedMap } from "../base/bounded_map.ts";

/** Time to answer the next challenge on the way: a whole non-INVITE transaction (RFC 3261 §17.1.2.2, timer F). */
const LIFETIME_MS = 32_000;

/** Exchanges remembered; only right passwords fill it. */
const MAX_EXCHANGES = 4_096;

/** Requests let through after an admission: one for the registrar's challenge, one more should its nonce be stale. */
const MAX_FURTHER_REQUESTS = 2;

/**
 * Remembers which exchange has just shown our password, for the clients that hold one set of credentials at a time:
 * they give up ours when they answer the registrar behind us (RFC 3261 §22.3 wants both; baresip 1.0 sends one).
 */
export class RecentAdmissions {
  readonly #exchanges = new BoundedMap<string, number>({
    maxEntries: MAX_EXCHANGES,
    lifetimeMs: LIFETIME_MS,
  });

  /** Notes an admitted request by its CSeq number. */
  note(exchange: string, event: { readonly cseqNumber: number; readonly nowMs: number }): void {
    this.#exchanges.set(exchange, { value: event.cseqNumber, nowMs: event.nowMs });
  }

  /** Tells whether a request of the same exchange may follow the admitted one. */
  covers(
    exchange: string,
    event: { readonly cseqNumber: number; readonly nowMs: number },
  ): boolean {
    const admitted = this.#exchanges.get(exchange, event.nowMs);
    if (admitted === undefined) return false;
    const further = event.cseqNumber - admitted;
    return further > 0 && further <= MAX_FURTHER_REQUESTS;
  }

  /** Forgets exchanges that are over. */
  expire(nowMs: number): void {
    this.#exchanges.expire(nowMs);
  }
}
