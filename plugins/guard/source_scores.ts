/** Sources that are remembered; a flood of new ones pushes out the oldest that is not blocked. */
const MAX_SOURCES = 4096;

/** Proofs under way. */
const MAX_PROOFS = 4096;

/** A proof must come before the transaction is over: RFC 3261's timer H, with room for a slow user. */
const PROOF_MS = 64_000;

/** What scores go by. */
export interface ScoreSettings {
  /** Failures that are forgiven within the window; one more blocks. */
  readonly failures: number;
  readonly windowMs: number;
  readonly blockMs: number;
}

interface Score {
  readonly failuresAtMs: readonly number[];
  readonly blockedUntilMs: number;
}

interface Proof {
  readonly address: string;
  readonly atMs: number;
}

/**
 * Failure scores of addresses outside.
 *
 * Anybody can write any source address on a datagram. So a failure counts only for an address that has shown that it
 * gets our answers, by giving back something unpredictable that was sent to it alone.
 */
export class SourceScores {
  readonly #settings: ScoreSettings;
  readonly #scores = new Map<string, Score>();
  readonly #proofs = new Map<string, Proof>();

  constructor(settings: ScoreSettings) {
    this.#settings = settings;
  }

  /** Number of sources with a score. */
  get size(): number {
    return this.#scores.size;
  }

  /** Takes note of something unpredictable that goes to an address. */
  expect(token: string, to: { readonly address: string; readonly nowMs: number }): void {
    this.#proofs.delete(token);
    for (const [old, { atMs }] of this.#proofs) {
      if (this.#proofs.size < MAX_PROOFS && to.nowMs - atMs <= PROOF_MS) break;
      this.#proofs.delete(old);
    }
    this.#proofs.set(token, { address: to.address, atMs: to.nowMs });
  }

  /** Tells whether an address gives back what was sent to it; each proof counts once. */
  proves(token: string, by: { readonly address: string; readonly nowMs: number }): boolean {
    const proof = this.#proofs.get(token);
    if (proof === undefined || proof.address !== by.address) return false;
    this.#proofs.delete(token);
    return by.nowMs - proof.atMs <= PROOF_MS;
  }

  /** Counts a failure of an address that has proved itself; tells whether it is blocked from now on. */
  fail(address: string, nowMs: number): "blocked" | "counted" {
    const { failures, windowMs, blockMs } = this.#settings;
    const known = this.#scores.get(address)?.failuresAtMs ?? [];
    const recent = [...known.filter((atMs) => nowMs - atMs < windowMs), nowMs];
    const isOver = recent.length > failures;
    this.#scores.delete(address);
    if (this.#scores.size >= MAX_SOURCES) this.#makeRoom(nowMs);
    this.#scores.set(address, {
      failuresAtMs: isOver ? [] : recent,
      blockedUntilMs: isOver ? nowMs + blockMs : 0,
    });
    return isOver ? "blocked" : "counted";
  }

  /** Tells whether an address is shut out. */
  isBlocked(address: string, nowMs: number): boolean {
    return nowMs < (this.#scores.get(address)?.blockedUntilMs ?? 0);
  }

  #makeRoom(nowMs: number): void {
    let oldest: string | undefined;
    for (const [address, { blockedUntilMs }] of this.#scores) {
      oldest ??= address;
      if (nowMs < blockedUntilMs) continue;
      this.#scores.delete(address);
      return;
    }
    // All are blocked: the one whose time began first is nearest to its end.
    if (oldest !== undefined) this.#scores.delete(oldest);
  }
}
