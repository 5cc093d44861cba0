import { BoundedMap } from "../base/bounded_map.ts";

/** Wrong passwords of one source in a window; a phone with an old password tries two or three times a minute. */
export const MAX_FAILURES = 10;

/** Length of the window, and of the silence after too many failures. */
export const FAILURE_WINDOW_MS = 60_000;

/** Sources remembered; who can send from more has other means. */
const MAX_SOURCES = 4_096;

interface Window {
  readonly failures: number;
  readonly startedAtMs: number;
}

/** Wrong passwords by source, which is what `sourceKey` makes of an address: slows guessing down to ten a minute (R21). */
export class FailedAttempts {
  readonly #windows = new BoundedMap<string, Window>({
    maxEntries: MAX_SOURCES,
    lifetimeMs: FAILURE_WINDOW_MS,
  });

  /** Gives the failures of a source since its window began. */
  failures(source: string, nowMs: number): number {
    return this.#windows.get(source, nowMs)?.failures ?? 0;
  }

  /** Tells whether a source must be ignored for now. */
  isBlocked(source: string, nowMs: number): boolean {
    return this.failures(source, nowMs) >= MAX_FAILURES;
  }

  /** Counts a wrong password; the one that fills the window begins it anew, so that the silence has its full length. */
  note(source: string, nowMs: number): void {
    const { failures, startedAtMs } = this.#windows.get(source, nowMs) ??
      { failures: 0, startedAtMs: nowMs };
    const begin = failures + 1 === MAX_FAILURES ? nowMs : startedAtMs;
    const value = { failures: failures + 1, startedAtMs: begin };
    this.#windows.set(source, { value, nowMs: begin });
  }

  /** Forgets windows that are over. */
  expire(nowMs: number): void {
    this.#windows.expire(nowMs);
  }
}
