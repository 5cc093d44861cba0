/** Requests under way whose hidden parts are kept; each is some hundred bytes, and a busy site has a few hundred. */
const MAX_REQUESTS = 4096;

/** A request may ring for three minutes; after RFC 3261's timer C (§16.6 step 11) nothing more comes back for it. */
const KEEP_MS = 300_000;

/** What a request carried before it went out, each as it stood in its list header. */
export interface HiddenParts {
  readonly vias: readonly string[];
  readonly historyInfo: readonly string[];
}

interface Kept extends HiddenParts {
  readonly keptAtMs: number;
}

/** Hidden parts of requests by the branch of our own Via, which the answer brings back (RFC 3261 §8.1.3.3). */
export class KeptRequests {
  readonly #byBranch = new Map<string, Kept>();

  /** Number of requests that are remembered. */
  get size(): number {
    return this.#byBranch.size;
  }

  /** Remembers what was hidden; a repetition of the request renews it. */
  keep(branch: string, hidden: HiddenParts & { readonly nowMs: number }): void {
    const { vias, historyInfo, nowMs } = hidden;
    // The oldest stand first, since what is renewed moves to the end.
    this.#byBranch.delete(branch);
    for (const [old, kept] of this.#byBranch) {
      if (this.#byBranch.size < MAX_REQUESTS && nowMs - kept.keptAtMs <= KEEP_MS) break;
      this.#byBranch.delete(old);
    }
    this.#byBranch.set(branch, { vias, historyInfo, keptAtMs: nowMs });
  }

  /** Gives what was hidden; it stays remembered, for a request has many answers. */
  find(branch: string): HiddenParts | undefined {
    const kept = this.#byBranch.get(branch);
    return kept === undefined ? undefined : { vias: kept.vias, historyInfo: kept.historyInfo };
  }
}
