/** What a rate is counted over. */
const MINUTE_MS = 60_000;

/** Phones whose calls are counted; a household has ten, and one that is forgotten begins at 0. */
const MAX_PHONES = 1024;

/** Calls of one phone that are remembered: more than any limit that can be set. */
const MAX_CALLS = 1000;

interface Start {
  readonly callId: string;
  readonly atMs: number;
}

/** How many calls each phone began within the last minute. */
export class CallRate {
  readonly #starts = new Map<string, readonly Start[]>();

  /** Takes note of a call; its second INVITE, as after a challenge, is the same call. */
  begin(phone: string, call: { readonly callId: string; readonly nowMs: number }): void {
    const starts = this.#recent(phone, call.nowMs);
    if (starts.some(({ callId }) => callId === call.callId)) return;
    this.#starts.delete(phone);
    if (this.#starts.size >= MAX_PHONES) this.#dropOldest();
    const start = { callId: call.callId, atMs: call.nowMs };
    this.#starts.set(phone, [...starts.slice(1 - MAX_CALLS), start]);
  }

  /** Gives the number of other calls that the phone began within the last minute. */
  count(phone: string, call: { readonly callId: string; readonly nowMs: number }): number {
    return this.#recent(phone, call.nowMs).filter(({ callId }) => callId !== call.callId).length;
  }

  #recent(phone: string, nowMs: number): readonly Start[] {
    return (this.#starts.get(phone) ?? []).filter(({ atMs }) => nowMs - atMs < MINUTE_MS);
  }

  #dropOldest(): void {
    for (const phone of this.#starts.keys()) {
      this.#starts.delete(phone);
      return;
    }
  }
}
