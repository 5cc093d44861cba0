import { assertNever } from "../base/assert_never.ts";
import { FailedAttempts } from "./failed_attempts.ts";
import { NonceCounts, type NonceRecord } from "./nonce_counts.ts";
import { RecentAdmissions } from "./recent_admissions.ts";
import { UnansweredChallenges } from "./unanswered_challenges.ts";

/** Something to remember about an attempt to authenticate. */
export type AuthChange =
  /** Right credentials: their nonce is used up to this count. */
  | { readonly kind: "used"; readonly nonce: string; readonly use: NonceRecord }
  /** Right credentials were taken out of a request that goes on to another registrar. */
  | { readonly kind: "admitted"; readonly exchange: string; readonly cseqNumber: number }
  /** A wrong password. */
  | { readonly kind: "failed"; readonly source: string }
  | { readonly kind: "challenged"; readonly phone: string; readonly request: string }
  | { readonly kind: "answered"; readonly phone: string };

/** All that authentication remembers; bounded, and gone with the isolate at no harm: nonces are stale then. */
export class AuthMemory {
  readonly nonces: NonceCounts = new NonceCounts();
  readonly failures: FailedAttempts = new FailedAttempts();
  readonly admissions: RecentAdmissions = new RecentAdmissions();
  readonly challenges: UnansweredChallenges = new UnansweredChallenges();

  /** Remembers. */
  apply(change: AuthChange, nowMs: number): void {
    switch (change.kind) {
      case "used":
        return this.nonces.note(change.nonce, { ...change.use, nowMs });
      case "admitted":
        return this.admissions.note(change.exchange, { cseqNumber: change.cseqNumber, nowMs });
      case "failed":
        return this.failures.note(change.source, nowMs);
      case "challenged":
        return this.challenges.noteChallenge(change.phone, { request: change.request, nowMs });
      case "answered":
        return this.challenges.noteAnswer(change.phone, nowMs);
      default:
        assertNever(change);
    }
  }

  /** Forgets what is over. */
  expire(nowMs: number): void {
    this.nonces.expire(nowMs);
    this.admissions.expire(nowMs);
    this.failures.expire(nowMs);
    this.challenges.expire(nowMs);
  }
}
