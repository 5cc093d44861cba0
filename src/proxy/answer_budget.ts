import { BoundedMap } from "../base/bounded_map.ts";
import type { IpAddress } from "../base/ip_address.ts";
import { sourceKey } from "../base/source_key.ts";

/** Answers one stranger may draw in a second; a phone behind another NAT that misconfigures itself needs fewer. */
const ANSWERS_PER_SOURCE_PER_SECOND = 20;

/** Answers all strangers may draw in a second: a spoofed flood then reflects less than 100 kB/s. */
const ANSWERS_PER_SECOND = 200;

/** Sources remembered; older ones start afresh, bounded by the total anyway. */
const MAX_SOURCES = 4_096;

/** Length of the window that is counted. */
const WINDOW_MS = 1_000;

interface Window {
  readonly startedAtMs: number;
  readonly answers: number;
}

/**
 * Limits our own answers to outbound sources that we do not know, per source and in total (R17).
 */
export class AnswerBudget {
  readonly #sources = new BoundedMap<string, Window>({
    maxEntries: MAX_SOURCES,
    lifetimeMs: WINDOW_MS,
  });
  #total: Window = { startedAtMs: 0, answers: 0 };

  /** Whether one more answer may go to a source now. */
  allows(source: IpAddress, nowMs: number): boolean {
    const own = this.#sources.get(sourceKey(source, "wan"), nowMs)?.answers ?? 0;
    const total = nowMs - this.#total.startedAtMs < WINDOW_MS ? this.#total.answers : 0;
    return own < ANSWERS_PER_SOURCE_PER_SECOND && total < ANSWERS_PER_SECOND;
  }

  /** Counts an answer that was sent. */
  charge(source: IpAddress, nowMs: number): void {
    const key = sourceKey(source, "wan");
    const window = this.#sources.get(key, nowMs) ?? { startedAtMs: nowMs, answers: 0 };
    if (window.answers === 0) {
      this.#sources.set(key, { value: { ...window, answers: 1 }, nowMs });
    } else {
      const value = { ...window, answers: window.answers + 1 };
      this.#sources.set(key, { value, nowMs: window.startedAtMs });
    }
    if (nowMs - this.#total.startedAtMs >= WINDOW_MS) {
      this.#total = { startedAtMs: nowMs, answers: 0 };
    }
    this.#total = { ...this.#total, answers: this.#total.answers + 1 };
  }
}
