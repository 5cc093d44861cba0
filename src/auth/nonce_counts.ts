import { BoundedMap } from "../base/bounded_map.ts";
import { NONCE_LIFETIME_MS } from "./nonce.ts";

/** One use of a nonce by credentials that were right. */
export interface NonceRecord {
  /** Its nonce count; 0 for clients without qop. */
  readonly count: number;
  /** What tells the request from others, short and of our own making. */
  readonly request: string;
}

/** Nonces remembered; only right passwords fill it, and 16,384 phones in five minutes are more than one daemon serves. */
const MAX_NONCES = 16_384;

/** The last count of every nonce in use: an equal or lower one is a replay (RFC 7616 §3.4.6). */
export class NonceCounts {
  readonly #records = new BoundedMap<string, NonceRecord>({
    maxEntries: MAX_NONCES,
    // One second more than a nonce lives, whose time is cut to seconds.
    lifetimeMs: NONCE_LIFETIME_MS + 1000,
  });

  /**
   * Judges a use; the same request repeated over UDP is none.
   *
   * @param nonce a fresh one of ours
   * @param use count and request, at a moment
   * @returns `replay` when it must be refused
   */
  judge(nonce: string, use: NonceRecord & { readonly nowMs: number }): "new" | "repeat" | "replay" {
    const last = this.#records.get(nonce, use.nowMs);
    if (last === undefined || use.count > last.count) return "new";
    return use.count === last.count && use.request === last.request ? "repeat" : "replay";
  }

  /** Remembers a use, unless a later one is known. */
  note(nonce: string, use: NonceRecord & { readonly nowMs: number }): void {
    if (this.judge(nonce, use) !== "new") return;
    const { count, request, nowMs } = use;
    this.#records.set(nonce, { value: { count, request }, nowMs });
  }

  /** Forgets nonces whose life is over. */
  expire(nowMs: number): void {
    this.#records.expire(nowMs);
  }
}
