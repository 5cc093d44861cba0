/**
 * Monotonic milliseconds that mean the same in every isolate.
 *
 * Each isolate's own `performance.now()` starts at zero with it, but end-of-life times travel between isolates and
 * outlive one; so a new isolate is told the supervisor's time and counts on from there.
 */
export class SharedClock {
  #offsetMs = 0;

  /** Reads the clock. */
  now(): number {
    return performance.now() + this.#offsetMs;
  }

  /** Sets this isolate's clock to the supervisor's, at the moment its message arrives. */
  align(supervisorNowMs: number): void {
    this.#offsetMs = supervisorNowMs - performance.now();
  }
}
