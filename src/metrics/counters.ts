/**
 * Counters of what the daemon did and refused, with a bounded set of reasons.
 * It knows no format and no socket. The shell counts, the status and metrics commands read.
 *
 * @module
 */

import { MessageTally } from "./message_tally.ts";

/** The counters; a reason is one of our own words, never text from the network. */
export type CounterName =
  | "sip_received"
  | "sip_sent"
  | "sip_dropped"
  | "sip_answered"
  | "sip_send_failed"
  | "sip_stream_closed"
  | "sip_bug"
  | "register_attempts"
  | "registrations_refused"
  | "dns_queries"
  | "media_ports_exhausted"
  | "plugin"
  | "plugin_failed";

/** Different reasons all counters may have: ours are some sixty, so a number beyond this is a bug that must not grow. */
const MAX_REASONS = 256;

/** A set of named counters. */
export class Counters {
  readonly #values = new Map<string, number>();
  /** SIP messages by what they are. */
  readonly messages: MessageTally = new MessageTally();

  /** Adds one (or `amount`) to a counter, under a reason if one is given. */
  add(
    name: CounterName,
    detail: { readonly reason?: string; readonly amount?: number } = {},
  ): void {
    const key = detail.reason === undefined ? name : `${name}{${detail.reason}}`;
    const value = this.#values.get(key);
    if (value === undefined && this.#values.size >= MAX_REASONS) return;
    this.#values.set(key, (value ?? 0) + (detail.amount ?? 1));
  }

  /** Reads all counters as `name` or `name{reason}` → value, in the order of their first use. */
  snapshot(): ReadonlyMap<string, number> {
    return new Map(this.#values);
  }
}
