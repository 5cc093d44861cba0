/** How far back the worst delay is told: longer than the usual interval of a Prometheus server. */
const WINDOW_MS = 60_000;

/** How late a timer comes that should come at a fixed interval: what an isolate's messages have to wait as well. */
export class LoopLag {
  readonly #intervalMs: number;
  #lastBeatAtMs: number | undefined;
  #windowFromMs = 0;
  #worstMs = 0;
  #worstBeforeMs = 0;

  /** Takes the interval of the timer. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** The timer has come. */
  beat(nowMs: number): void {
    this.#turn(nowMs);
    const last = this.#lastBeatAtMs;
    this.#lastBeatAtMs = nowMs;
    if (last === undefined) return;
    this.#worstMs = Math.max(this.#worstMs, nowMs - last - this.#intervalMs);
  }

  /** Reads the longest delay of the last one to two minutes. */
  worstMs(nowMs: number): number {
    this.#turn(nowMs);
    return Math.max(this.#worstMs, this.#worstBeforeMs);
  }

  #turn(nowMs: number): void {
    const ageMs = nowMs - this.#windowFromMs;
    if (ageMs < WINDOW_MS) return;
    this.#worstBeforeMs = ageMs < 2 * WINDOW_MS ? this.#worstMs : 0;
    this.#worstMs = 0;
    this.#windowFromMs = nowMs;
  }
}
