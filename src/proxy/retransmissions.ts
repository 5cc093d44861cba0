import type { Hop } from "./hop.ts";

/** RFC 3261 §17.1.1.1: estimate of the round-trip time, first interval of timers A and E. */
const T1_MS = 500;

/** RFC 3261 §17.1.2.2: the longest interval of timer E. */
const T2_MS = 4_000;

/** RFC 3261 §17.1.1.2: timers B and F, after which nobody answers any more. */
const GIVE_UP_MS = 64 * T1_MS;

/** After so long without any answer the server counts as silent, as it does for senders that repeat themselves. */
const SILENCE_MS = 3_000;

/** Requests repeated at once: calls and registrations of a site that bridges; one more is sent once only. */
const MAX_REQUESTS = 1_024;

/** Octets they may hold together: long requests are repeated in smaller numbers. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A request that somebody must repeat until it is answered. */
export interface RepeatedRequest {
  readonly method: string;
  readonly data: Uint8Array;
  readonly hop: Hop;
}

/** A change to the table, applied after the pipeline ended well. */
export type RetransmissionChange =
  | { readonly kind: "start"; readonly key: string; readonly request: RepeatedRequest }
  /** A provisional answer: an INVITE is repeated no more, others at the longest interval. */
  | { readonly kind: "provisional"; readonly key: string }
  | { readonly kind: "stop"; readonly key: string };

interface Entry {
  readonly request: RepeatedRequest;
  readonly startedAtMs: number;
  intervalMs: number;
  dueMs: number;
  state: "unanswered" | "silent" | "answered";
}

/**
 * Names what is repeated: a CANCEL has its INVITE's branch (RFC 3261 §9.1), so the method belongs to it.
 *
 * @param branch our own branch
 * @param method of the request, or of the response's CSeq
 * @returns a key for the table
 */
export function retransmissionKey(branch: string, method: string): string {
  return `${branch} ${method}`;
}

/**
 * Requests that came by a stream and left by UDP, where nobody but us would repeat them (RFC 3261 §17.1).
 *
 * What a full table does not take is sent once only, as a stateless proxy would.
 */
export class RetransmissionTable {
  readonly #entries = new Map<string, Entry>();
  #lengthBytes = 0;
  #nextDueMs: number | undefined;

  /** Number of requests without a final answer. */
  get size(): number {
    return this.#entries.size;
  }

  /** When to look next; undefined while nothing is repeated. It may be earlier than needed, never later. */
  get nextDueMs(): number | undefined {
    return this.#nextDueMs;
  }

  /** Applies a change. */
  apply(change: RetransmissionChange, nowMs: number): void {
    const entry = this.#entries.get(change.key);
    switch (change.kind) {
      case "start":
        if (entry === undefined) this.#start(change, nowMs);
        return;
      case "provisional":
        if (entry === undefined) return;
        if (entry.request.method === "INVITE") this.#remove(change.key);
        entry.state = "answered";
        entry.intervalMs = T2_MS;
        return;
      case "stop":
        this.#remove(change.key);
        return;
    }
  }

  /**
   * Gives what is to be sent again now and winds its timer up: A doubles, E doubles up to T2 (RFC 3261 §17.1.1.2,
   * §17.1.2.2); after timer B or F the request is forgotten.
   *
   * @param nowMs the moment
   * @returns the requests, each with whether its server has just turned out to be silent
   */
  takeDue(
    nowMs: number,
  ): readonly { readonly request: RepeatedRequest; readonly news: "silent" | "none" }[] {
    const due: { readonly request: RepeatedRequest; readonly news: "silent" | "none" }[] = [];
    let nextDueMs: number | undefined;
    for (const [key, entry] of this.#entries) {
      if (nowMs - entry.startedAtMs >= GIVE_UP_MS) {
        this.#remove(key);
        continue;
      }
      if (entry.dueMs <= nowMs) {
        const isNews = entry.state === "unanswered" && nowMs - entry.startedAtMs >= SILENCE_MS;
        if (isNews) entry.state = "silent";
        due.push({ request: entry.request, news: isNews ? "silent" : "none" });
        const doubled = entry.intervalMs * 2;
        entry.intervalMs = entry.request.method === "INVITE" ? doubled : Math.min(doubled, T2_MS);
        entry.dueMs = nowMs + entry.intervalMs;
      }
      nextDueMs = Math.min(nextDueMs ?? entry.dueMs, entry.dueMs);
    }
    this.#nextDueMs = nextDueMs;
    return due;
  }

  #start(change: Extract<RetransmissionChange, { kind: "start" }>, nowMs: number): void {
    const { key, request } = change;
    const lengthBytes = request.data.length;
    if (this.#entries.size >= MAX_REQUESTS || this.#lengthBytes + lengthBytes > MAX_BYTES) return;
    const dueMs = nowMs + T1_MS;
    const entry: Entry = {
      request,
      startedAtMs: nowMs,
      intervalMs: T1_MS,
      dueMs,
      state: "unanswered",
    };
    this.#entries.set(key, entry);
    this.#lengthBytes += lengthBytes;
    this.#nextDueMs = Math.min(this.#nextDueMs ?? dueMs, dueMs);
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#lengthBytes -= entry.request.data.length;
    if (this.#entries.size === 0) this.#nextDueMs = undefined;
  }
}
