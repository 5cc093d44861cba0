/** Packets that may be under way, or be dropped for reasons of their own, before a closer look is worth its cost. */
const MIN_MISSING_PACKETS = 3;

/** The two sums are read one after the other: what passes in this time is in one of them only. */
const READING_MS = 2;

/** Sums of all paths of one family since the last reading. */
export interface FlowReading {
  /** Packets that entered, read first. */
  readonly arrived: number;
  /** Packets that left. */
  readonly left: number;
  /** Time since the last reading. */
  readonly elapsedMs: number;
}

/**
 * Watches whether what enters the kernel also leaves it: two numbers for all calls, so that a firewall that swallows
 * media is noticed without a look at every path.
 */
export class FlowBalance {
  #missing = 0;
  #explained = 0;

  /** Takes a reading; `uneven` asks for a look at every path, followed by {@linkcode explain}. */
  note({ arrived, left, elapsedMs }: FlowReading): "even" | "uneven" {
    this.#missing += arrived - left;
    this.#explained = Math.min(this.#explained, this.#missing);
    const underWay = elapsedMs > 0 ? arrived * READING_MS / elapsedMs : 0;
    return this.#missing - this.#explained >= MIN_MISSING_PACKETS + underWay ? "uneven" : "even";
  }

  /** What is missing now was looked at: only more of it is news. */
  explain(): void {
    this.#explained = this.#missing;
  }

  /** Begins anew, with a new table. */
  reset(): void {
    this.#missing = 0;
    this.#explained = 0;
  }
}
