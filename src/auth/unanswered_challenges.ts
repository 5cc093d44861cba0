import { BoundedMap } from "../base/bounded_map.ts";

/**
 * Challenges in a row without any answer after which a phone is taken for one that does not understand them: a phone
 * that lost one repeats its request, so that two are no accident.
 */
const MAX_UNANSWERED = 2;

/** Phones remembered; one that is forgotten is only asked in the modern form again. */
const MAX_PHONES = 4_096;

/** A phone is not replaced every day, and one that cannot register tries once an hour at least. */
const LIFETIME_MS = 86_400_000;

interface Silence {
  readonly challenges: number;
  /** The request challenged last: its retransmissions are no new ones. */
  readonly request: string;
}

/**
 * Finds phones that give up at a challenge with qop, algorithm or two header fields, so that they get siproxd's own form,
 * with which they have worked so far.
 */
export class UnansweredChallenges {
  readonly #phones = new BoundedMap<string, Silence>({
    maxEntries: MAX_PHONES,
    lifetimeMs: LIFETIME_MS,
  });

  /** Chooses the form of a phone's next challenge. */
  form(phone: string, nowMs: number): "modern" | "plain" {
    const challenges = this.#phones.get(phone, nowMs)?.challenges ?? 0;
    return challenges >= MAX_UNANSWERED ? "plain" : "modern";
  }

  /** Notes that a request without credentials was challenged. */
  noteChallenge(phone: string, event: { readonly request: string; readonly nowMs: number }): void {
    const { request, nowMs } = event;
    const known = this.#phones.get(phone, nowMs);
    if (known?.request === request) return;
    const challenges = Math.min((known?.challenges ?? 0) + 1, MAX_UNANSWERED);
    this.#phones.set(phone, { value: { challenges, request }, nowMs });
  }

  /** Notes that credentials came: a phone that answers the modern form keeps it, one that needed the plain one keeps that. */
  noteAnswer(phone: string, nowMs: number): void {
    const known = this.#phones.get(phone, nowMs);
    if (known === undefined) return;
    if (known.challenges < MAX_UNANSWERED) this.#phones.delete(phone);
    else this.#phones.set(phone, { value: known, nowMs });
  }

  /** Forgets phones that were not heard of for long. */
  expire(nowMs: number): void {
    this.#phones.expire(nowMs);
  }
}
